"""Letters whose list got another slug: their old addresses lead on. Wagtail looks at the page that changed alone."""

from typing import Any

from wagtail.signals import page_slug_changed

from stet.letters.models import LetterPage, ListPage
from stet.newsroom import addresses
from stet.newsroom.redirecting import lead_on


def connect() -> None:
    """Follow lists from now on."""
    page_slug_changed.connect(_follow_letters, sender=ListPage, dispatch_uid="letters-list-moved")


def _follow_letters(instance: ListPage, instance_before: ListPage, **_signal: Any) -> None:
    for letter in LetterPage.objects.child_of(instance).live().defer_streamfields():
        old = addresses.letter_path(instance.path_prefix, instance_before.slug, letter.slug)
        lead_on(old, page=letter)
