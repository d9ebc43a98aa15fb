"""Readers as rows. No row holds an address that can be read without the mailroom's key.

The promises:
 * An address is sealed (`stet.readers.sealing`) and looked up by a keyed digest (`stet.readers.lookup`).
 * Consents are appended, never changed: what a reader agreed to, and in which words.
 * Moments are cut to the minute, a reader's first one to its week. There is no network address and no user agent.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import models

DAY = timedelta(days=1)
QUIET_AFTER_BOUNCE = timedelta(days=30)
"""How long nothing is asked of an address from which mail came back for good."""


class ReaderQuerySet(models.QuerySet["Reader"]):
    """Questions about readers."""

    def found_by(self, lookup: bytes) -> "ReaderQuerySet":
        """The reader whose address has this digest, or none."""
        return self.filter(lookup=lookup)

    def never_confirmed(self, *, before: datetime) -> "ReaderQuerySet":
        """Readers who confirmed nothing and asked for nothing since `before`."""
        acted = Consent.objects.filter(reader=models.OuterRef("pk")).exclude(act=Consent.Act.ASKED)
        lately = Notice.objects.filter(reader=models.OuterRef("pk"), asked__gte=before)
        return self.filter(~models.Exists(acted), ~models.Exists(lately), since__lt=before.date())

    def with_letters(self) -> "ReaderQuerySet":
        """Readers who are on one list at least, and to whom something is sent."""
        active = Subscription.objects.active().filter(reader=models.OuterRef("pk"))
        stopped = Suppression.objects.filter(lookup=models.OuterRef("lookup"))
        return self.filter(models.Exists(active), ~models.Exists(stopped))


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    """Questions about subscriptions."""

    def active(self) -> "SubscriptionQuerySet":
        """Those that get letters."""
        return self.filter(state=Subscription.State.ACTIVE)

    def sent_to(self) -> "SubscriptionQuerySet":
        """Active ones of readers to whom something is sent."""
        stopped = Suppression.objects.filter(lookup=models.OuterRef("reader__lookup"))
        return self.active().filter(~models.Exists(stopped))

    def pending_since(self, before: datetime) -> "SubscriptionQuerySet":
        """Those that were asked for before a moment and never confirmed."""
        return self.filter(state=Subscription.State.PENDING, since__lt=before)


class ConsentQuerySet(models.QuerySet["Consent"]):
    """Questions about consents."""

    def last_on(self, list_key: str) -> "Consent | None":
        """What was said last about this list."""
        return self.filter(list_key=list_key).order_by("-pk").first()


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Questions about notices."""

    def of_today(self, kinds: Iterable[str], *, now: datetime) -> "NoticeQuerySet":
        """Those of these kinds that were asked for in the last 24 hours."""
        return self.lately(kinds, DAY, now=now)

    def lately(self, kinds: Iterable[str], within: timedelta, *, now: datetime) -> "NoticeQuerySet":
        """Those of these kinds that were asked for not longer ago than that."""
        return self.filter(kind__in=kinds, asked__gt=now - within)


class SuppressionReason(models.TextChoices):
    """Why nothing is sent to an address."""

    ERASED = "erased"
    HARD_BOUNCE = "hard_bounce"
    COMPLAINT = "complaint"
    BLOCKED = "blocked"


class SuppressionQuerySet(models.QuerySet["Suppression"]):
    """Questions about suppressions."""

    def of_unasked(self, *, now: datetime) -> "SuppressionQuerySet":
        """Those of addresses to which not even a mail that asks is sent; `suppressing` has the rules."""
        since = now.date() - QUIET_AFTER_BOUNCE
        return self.exclude(reason=SuppressionReason.ERASED).exclude(
            reason=SuppressionReason.HARD_BOUNCE, since__lte=since
        )


class Reader(models.Model):
    """Somebody who gets letters, or was asked to confirm that they want some."""

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    """Stands in links; follows from nothing."""
    lookup = models.BinaryField(max_length=32, unique=True)
    sealed = models.BinaryField()
    lane = models.CharField(max_length=20)
    """The group of receiving domains, such as "gmail"; "other" for all that have none of their own."""
    language = models.CharField(max_length=20)
    time_zone = models.CharField(max_length=50, blank=True)
    """IANA name; empty means the list's own."""
    paused_until = models.DateField(null=True, blank=True)
    since = models.DateField()
    """The Monday of the week in which the address came in."""

    objects = ReaderQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["lane"]), models.Index(fields=["since"])]


class Subscription(models.Model):
    """One reader's place on one list."""

    class State(models.TextChoices):
        """Where a subscription stands; only an active one gets letters."""

        PENDING = "pending"
        """Asked for, not confirmed."""
        ACTIVE = "active"
        LEFT = "left"
        SUSPENDED = "suspended"
        """Letters came back, or somebody complained."""

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    """Stands in the link to unsubscribe."""
    reader = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="subscriptions")
    list_key = models.CharField(max_length=140)
    """The list's key in `lists.json`, such as "en.the-week"."""
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    since = models.DateTimeField()
    """When it came into this state, to the minute."""

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reader", "list_key"], name="readers_once_on_a_list")]
        indexes = [models.Index(fields=["list_key", "state"])]


class Consent(models.Model):
    """What a reader agreed to or took back, in which words, under which privacy policy, in which minute."""

    class Act(models.TextChoices):
        """What was done."""

        ASKED = "asked"
        CONFIRMED = "confirmed"
        IMPORTED = "imported"
        LEFT = "left"

    reader = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="consents")
    list_key = models.CharField(max_length=140)
    act = models.CharField(max_length=10, choices=Act.choices)
    wording = models.CharField(max_length=64)
    """The version of the sentence beside the form, as `lists.json` names it."""
    privacy_version = models.CharField(max_length=30, blank=True)
    minute = models.DateTimeField()
    source = models.CharField(max_length=200, blank=True)
    """Of an import: where the consent was given, in the newsroom's words."""

    objects = ConsentQuerySet.as_manager()


class Suppression(models.Model):
    """An address that gets nothing any more, known by its keyed digest alone; `suppressing` says until when."""

    Reason = SuppressionReason

    lookup = models.BinaryField(max_length=32, unique=True)
    reason = models.CharField(max_length=12, choices=Reason.choices)
    since = models.DateField()

    objects = SuppressionQuerySet.as_manager()


class Notice(models.Model):
    """A mail that a reader is owed because they asked for something: the mailroom sends it once."""

    class Kind(models.TextChoices):
        """What it says."""

        CONFIRM = "confirm"
        """Please confirm that you want this list."""
        MANAGE = "manage"
        """Your link to everything we keep of you."""
        CHANGE = "change"
        """Please confirm your new address; it goes to the new one."""
        KNOWN = "known"
        """You are on this list already."""

    class State(models.TextChoices):
        """Where it stands."""

        WAITING = "waiting"
        SENT = "sent"
        UNCERTAIN = "uncertain"
        FAILED = "failed"

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    reader = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    list_key = models.CharField(max_length=140, blank=True)
    sealed = models.BinaryField(null=True, blank=True)
    """Of a changed address: the new one, sealed."""
    lookup = models.BinaryField(max_length=32, null=True, blank=True)
    """Of a changed address: the new one's digest."""
    lane = models.CharField(max_length=20, blank=True)
    """Of a changed address: the new one's lane."""
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    asked = models.DateTimeField()
    """To the minute."""
    tries = models.PositiveSmallIntegerField(default=0)
    next_try = models.DateTimeField()

    objects = NoticeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["state", "next_try"])]


class FormDay(models.Model):
    """How many forms with an address came in on a day, whatever came of them.

    It shows an attack in numbers; and because every form writes here, a form that changes nothing else takes as long.
    """

    day = models.DateField(unique=True)
    forms = models.PositiveIntegerField(default=0)
