"""Ways to pay, one contract."""
