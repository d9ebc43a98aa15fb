"""How many rows the lists of a form say they have: bylines, corrections, comments.

A hidden field of the page says for each list how many rows it has, and Django builds a form for every one, sent or not,
up to 1,000 or 2,000 in each list and again in the lists of each row. A field with a large number in it would hold up
the desk for everybody, so the fields are added up before anything is built.
"""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.forms import IntegerField
from django.forms.formsets import TOTAL_FORM_COUNT

MOST_ROWS = 500
"""In all lists of a form together. Each one that comes back to be shown takes about a hundredth of a second."""

_NUMBER = IntegerField()


def counted_rows(fields: Mapping[str, str]) -> int:
    """How many rows all lists of a form say they have. A field that holds no number, or one below zero, says none."""
    return sum(_number(value) for name, value in fields.items() if name.endswith(f"-{TOTAL_FORM_COUNT}"))


def _number(value: str) -> int:
    """The number as Django reads it."""
    try:
        return max(0, _NUMBER.clean(value) or 0)
    except ValidationError:
        return 0
