"""Withdrawing a story with a word to readers."""

from django.db import transaction
from django.utils.translation import gettext as _

from stet.kit.errors import RefusedError
from stet.newsroom.models import ArticlePage, Withdrawal

LONGEST_REASON = 2000
"""Characters."""


def withdraw(article: ArticlePage, *, reason: str) -> Withdrawal | None:
    """Leave a notice at the article's address; None where it was never published. Unpublishing is the caller's."""
    path = article.printed_path()
    if path is None:
        return None
    if len(reason) > LONGEST_REASON:
        raise RefusedError(_("The notice is longer than 2,000 characters. Shorten it."))
    with transaction.atomic():
        notice, _created = Withdrawal.objects.update_or_create(
            path=path, defaults={"locale_id": article.locale_id, "reason": reason}
        )
    return notice
