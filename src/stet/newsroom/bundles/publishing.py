"""Bundles go live: all members in one transaction, and for the press in one edition.

The rules:
 * A member is one revision, as it was when it was added. What is written later waits until somebody takes it.
 * Stories go first, originals before their translations, then fronts, then what speaks of both, such as letters: each
   finds what it names published.
 * Each is published as Wagtail would, with every check behind that button. If one is refused, none goes live; all are
   tried all the same, so that everything that is wrong is said at once.
 * To look over is to do it all and take it back: nothing is said to be fine that would not go.
 * One key in the outbox says that what changed belongs together; the press makes one edition of it.
"""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from stet.kit.errors import RefusedError
from stet.newsroom.embargo.rules import embargo_of, said
from stet.newsroom.errors import BundleRefusedError
from stet.newsroom.models import ArticlePage, Bundle, BundleMember, FrontPage, OutboxEntry
from stet.newsroom.photos.rights import hold_expired

APPROVED, TAKEN_BACK, WENT_LIVE, HELD = (
    "stet.bundle.approve",
    "stet.bundle.takeback",
    "stet.bundle.live",
    "stet.bundle.held",
)
KEY = "together"
"""What the press makes one edition of; see `stet.press.printing`."""


class _LookedOverError(Exception):
    """Takes everything back that was only tried."""


def look_over(bundle: Bundle, *, user: Any, at: datetime | None = None) -> dict[int, str]:
    """What would hold the bundle back if it went live now, or `at` an hour, by member; empty where nothing would."""
    try:
        with transaction.atomic():
            _publish(bundle, user=user, at=at or timezone.now())
            raise _LookedOverError
    except _LookedOverError:
        return {}
    except BundleRefusedError as error:
        return error.problems


def approve(bundle: Bundle, *, hour: datetime, user: Any) -> None:
    """Let a bundle go live by itself at an hour. Raises BundleRefusedError with what would hold it back then."""
    if hour <= timezone.now():
        raise BundleRefusedError({0: _("This hour has passed. Choose a later one, or let the bundle go live now.")})
    if problems := look_over(bundle, user=user, at=hour):
        raise BundleRefusedError(problems)
    with transaction.atomic():
        Bundle.objects.filter(pk=bundle.pk).update(goes_live=hour, approved_by=user, problems={})
        log(instance=bundle, action=APPROVED, user=user, data={"hour": hour.isoformat()})


def take_back(bundle: Bundle, *, user: Any) -> None:
    """Let a bundle wait again."""
    Bundle.objects.filter(pk=bundle.pk).update(goes_live=None, approved_by=None)
    log(instance=bundle, action=TAKEN_BACK, user=user)


def go_live(bundle: Bundle, *, user: Any) -> None:
    """Publish every member now, in one transaction. Raises BundleRefusedError, and then nothing has changed."""
    with transaction.atomic():
        locked = Bundle.objects.select_for_update().get(pk=bundle.pk)
        if locked.went_live is not None:
            raise BundleRefusedError({0: _("This bundle went live already.")})
        _publish(locked, user=user, at=timezone.now())
        Bundle.objects.filter(pk=bundle.pk).update(went_live=timezone.now(), goes_live=None, problems={})
        log(instance=bundle, action=WENT_LIVE, user=user)


def publish_due() -> int:
    """Let go live what was approved for an hour that has come; answer how many did.

    What is held back waits for a person: it is not tried again by itself, and says on its page why.
    """
    count = 0
    due = Bundle.objects.filter(went_live__isnull=True, goes_live__lte=timezone.now()).select_related("approved_by")
    for bundle in due.order_by("goes_live", "pk"):
        try:
            go_live(bundle, user=bundle.approved_by)
            count += 1
        except BundleRefusedError as error:
            problems = {str(number): sentence for number, sentence in error.problems.items()}
            Bundle.objects.filter(pk=bundle.pk).update(goes_live=None, problems=problems)
            log(instance=bundle, action=HELD)
    return count


def _publish(bundle: Bundle, *, user: Any, at: datetime) -> None:
    """Publish each member as if it were `at`, or raise with everything that is wrong."""
    members = in_order(bundle)
    if not members:
        raise BundleRefusedError({0: _("There is nothing in this bundle yet.")})
    if user is None:
        raise BundleRefusedError(
            {0: _("Whoever approved it has no account any more. Somebody else has to approve it.")}
        )
    refusals = {member.pk: _refusal(member, user=user, at=at) for member in members}
    problems = {number: sentence for number, sentence in refusals.items() if sentence}
    if problems:
        raise BundleRefusedError(problems)
    OutboxEntry.objects.create(key=f"{KEY}:{bundle.pk}")


def in_order(bundle: Bundle) -> list[BundleMember]:
    """The members in the order in which they are published."""
    members = list(bundle.members.select_related("page__content_type", "page__locale", "revision").order_by("pk"))
    translated = set(_translations(members))
    return sorted(members, key=lambda member: (_place(member.page.specific_class), member.page_id in translated))


def _translations(members: list[BundleMember]) -> Any:
    return ArticlePage.objects.filter(
        pk__in=[member.page_id for member in members], original__isnull=False
    ).values_list("pk", flat=True)


def _place(kind: type | None) -> int:
    return 0 if kind is ArticlePage else 1 if kind is FrontPage else 2


def _refusal(member: BundleMember, *, user: Any, at: datetime) -> str:
    """Publish one member; answer why not, or nothing."""
    revision = member.revision
    if revision is None:
        return _("Its draft is gone. Take the newest one.")
    if not member.page.permissions_for_user(user).can_publish():
        return _("You may not publish this page.")
    going = revision.as_object()
    if going.go_live_at and going.go_live_at > timezone.now():
        return _("It has an hour of its own, %(hour)s. Take that out of the draft.") % {"hour": said(going.go_live_at)}
    until = embargo_of(revision)
    if until is not None and until > at:
        return _("It is embargoed until %(hour)s.") % {"hour": said(until)}
    try:
        with transaction.atomic():
            going.full_clean()
            if isinstance(going, ArticlePage):
                hold_expired(going, now=at)
            if until is not None and until > timezone.now():  # As if it were `at`; all of this is taken back.
                revision.content = {**revision.content, "embargoed_until": None}
                revision.save(update_fields=["content"])
            revision.publish(user=user)
    except ValidationError as error:
        return " ".join(error.messages)
    except PermissionDenied:
        return _("You may not publish this page.")
    except RefusedError as error:
        return str(error)
    return ""
