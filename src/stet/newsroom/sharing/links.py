"""Links to drafts: made, opened, revoked, forgotten.

The rules:
 * A link is 256 random bits. What is stored is its SHA-256, so that whoever reads the database or a backup of it can
   open nothing.
 * It shows one revision, the one that was there when it was made: what is written later is not shared.
 * It ends by itself, on the day that was chosen, thirty days ahead at most; or once somebody revokes it, the draft is
   deleted, or the story is killed. Before an embargo's hour it opens nothing.
 * Of who opens it nothing is kept but how often, and the day.
 * A link that ended is forgotten with its recipient after ninety days; the audit log keeps that there was one.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from wagtail.log_actions import log

from stet.newsroom.embargo.rules import embargo_over, is_embargoed
from stet.newsroom.models import ArticlePage, SharedDraft

SHARED, OPENED, REVOKED = "stet.share", "stet.share.opened", "stet.share.revoked"
MOST_DAYS = 30
MARK_BITS = 32
KEPT = timedelta(days=90)


@transaction.atomic
def share(article: ArticlePage, *, recipient: str, days: int, user: Any, now: datetime) -> tuple[SharedDraft, str]:
    """Make a link to the newest draft; answer its row, and the token that is never seen again."""
    token = secrets.token_urlsafe(32)
    revision = article.latest_revision or article.save_revision(user=user)
    row = SharedDraft.objects.create(
        page=article, revision=revision, recipient=recipient, digest=_digest(token), mark=_free_mark(), made_by=user,
        made=now, expires=now + timedelta(days=min(days, MOST_DAYS)),
    )  # fmt: skip
    log(instance=article, action=SHARED, user=user, revision=revision, data={"share": row.pk, "days": days})
    return row, token


def found(token: str) -> SharedDraft | None:
    """The link of a token, ended or not."""
    rows = SharedDraft.objects.filter(digest=_digest(token)).select_related("page", "revision")
    return rows.first()


def embargo_on(row: SharedDraft, *, now: datetime) -> datetime | None:
    """Until when the draft may not be shown: by its own embargo, or by one that was set on the story since."""
    newest = row.page.latest_revision
    moments = [embargo_over(row.page, one) for one in (row.revision, newest) if one is not None]
    waiting = [one for one in (*moments, row.page.embargoed_until) if one is not None and is_embargoed(one, now=now)]
    return max(waiting, default=None)


def count_opening(row: SharedDraft, *, now: datetime) -> None:
    """Count that a draft was read, and note the first time in the audit log."""
    SharedDraft.objects.filter(pk=row.pk).update(opened=F("opened") + 1, last_opened=timezone.localdate(now))
    if row.opened == 0:
        log(instance=row.page, action=OPENED, data={"share": row.pk})


@transaction.atomic
def revoke(row: SharedDraft, *, user: Any) -> None:
    """End a link now. Revoked twice is once."""
    if SharedDraft.objects.filter(pk=row.pk, revoked__isnull=True).update(revoked=timezone.now()):
        log(instance=row.page, action=REVOKED, user=user, data={"share": row.pk})


def revoke_all(article: ArticlePage, *, user: Any) -> None:
    """End every link to a story."""
    for row in SharedDraft.objects.filter(page=article, revoked__isnull=True).select_related("page"):
        revoke(row, user=user)


def forget_ended() -> int:
    """Drop links that ended long ago; answer how many."""
    before = timezone.now() - KEPT
    ended = SharedDraft.objects.filter(expires__lt=before) | SharedDraft.objects.filter(revoked__lt=before)
    return int(ended.delete()[0])


def _digest(token: str) -> str:
    return hashlib.sha256(b"stet shared draft\n" + token.encode("utf-8", "replace")).hexdigest()


def _free_mark() -> int:
    """A number for the marks in the text. With so few links, two alike are next to impossible; the column is unique."""
    return secrets.randbits(MARK_BITS)
