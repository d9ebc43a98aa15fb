"""A payment provider that takes no money: behaves like Stripe, on this machine only, for demos and tests."""
