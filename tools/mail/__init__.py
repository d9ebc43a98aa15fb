"""What `tools/bench_mail.py` is made of."""
