"""Where a key of Stripe's test mode comes from, and what is said where there is none."""

VARIABLE = "STRIPE_TEST_KEY"
"""A secret key of Stripe's test mode, "sk_test_…". One of the live mode is refused."""
SAYS = f"Stripe's test mode: not run, because {VARIABLE} is not set; the same suite ran against the practice provider."
