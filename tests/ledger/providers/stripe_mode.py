"""Where a key of Stripe's test mode comes from, what is said where there is none, and that it is shown to nobody."""

import os
from typing import Any

VARIABLE = "STRIPE_TEST_KEY"
"""A secret key of Stripe's test mode, "sk_test_…". One of the live mode is refused."""
SAYS = f"Stripe's test mode: not run, because {VARIABLE} is not set; the same suite ran against the practice provider."


def hide_key(report: Any) -> None:
    """Take the key out of what a test that failed says: a traceback shows what functions were given."""
    key = os.environ.get(VARIABLE, "")
    if not key:
        return
    if key in (said := str(report.longrepr or "")):
        report.longrepr = said.replace(key, VARIABLE)
    report.sections = [(name, text.replace(key, VARIABLE)) for name, text in report.sections]
