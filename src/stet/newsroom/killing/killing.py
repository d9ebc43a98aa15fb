"""What killing a story does, all in one transaction, so that the press sees all of it or nothing.

The order in which readers lose it: the press prints the notice in an edition of its own, before whatever else waits;
mirrors that are in a pause after a failure are asked to carry at once; fronts, lists and letters follow.
"""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.log_actions import log

from stet.kit.errors import RefusedError, StetError
from stet.mirrors.asking import Wish, ask
from stet.mirrors.register import read_register
from stet.newsroom.killing.carriers import Carrier
from stet.newsroom.models import ArticlePage, Bundle, BundleMember
from stet.newsroom.sharing.links import revoke_all
from stet.newsroom.withdrawing import withdraw

ACTION = "stet.kill"


@transaction.atomic
def kill(killed: Sequence[tuple[ArticlePage, str]], *, user: Any, carriers: Sequence[Carrier] = ()) -> None:
    """Withdraw stories, each with its reason. `carriers` carry the first of them; the audit log names them."""
    for article, reason in killed:
        if not article.live:
            raise RefusedError(
                _("“%(headline)s” is not published, so there is nothing to kill.") % {"headline": article.title}
            )
        withdraw(article, reason=reason)
        named = [carrier.page for carrier in carriers] if article == killed[0][0] else []
        # Whoever asks here was asked for the permission. A colleague's lock, or a later draft that waits for its hour,
        # would keep Wagtail's own button from taking the story down.
        UnpublishPageAction(article, user=user, log_action=False).execute(skip_permission_checks=True)
        log(instance=article, action=ACTION, user=user, data={"reason": reason, "carriers": named})
        revoke_all(article, user=user)
        _stop_bundles(article)
    transaction.on_commit(hurry_mirrors)


def _stop_bundles(article: ArticlePage) -> None:
    """Let no bundle bring it back by itself: one that waits for its hour waits for a person now."""
    for member in BundleMember.objects.filter(page=article, bundle__went_live__isnull=True):
        problems = {str(member.pk): _("This story was killed. Take it out, or let the bundle bring it back by hand.")}
        Bundle.objects.filter(pk=member.bundle_id).update(goes_live=None, problems=problems)


def hurry_mirrors() -> None:
    """Ask every mirror to carry now, whatever pause it is in."""
    folder = newsroom_folder()
    with suppress(
        StetError, OSError
    ):  # What can't be read is said on the page of mirrors; the story is gone all the same.
        for mirror in read_register(folder).live():
            if mirror.target:
                ask(folder, mirror.name, Wish.CARRY)


def newsroom_folder() -> Path:
    """Where the register of mirrors stands."""
    folder: Path = settings.STET.folder
    return folder


def mirrors_here() -> int:
    """How many mirrors something is carried to."""
    try:
        return sum(bool(mirror.target) for mirror in read_register(newsroom_folder()).live())
    except (StetError, OSError):
        return 0
