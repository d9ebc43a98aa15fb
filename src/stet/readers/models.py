"""Readers as rows. No row holds an address that can be read without the mailroom's key.

The promises:
 * An address is sealed (`stet.readers.sealing`) and looked up by a keyed digest (`stet.readers.lookup`).
 * Consents are appended, never changed: what a reader agreed to, and in which words.
 * Moments are cut to the minute, a reader's first one to its week. There is no network address and no user agent.
"""

import uuid

from django.db import models


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


class Suppression(models.Model):
    """An address that gets nothing any more, known by its keyed digest alone."""

    class Reason(models.TextChoices):
        """Why nothing is sent there."""

        ERASED = "erased"
        HARD_BOUNCE = "hard_bounce"
        COMPLAINT = "complaint"
        BLOCKED = "blocked"

    lookup = models.BinaryField(max_length=32, unique=True)
    reason = models.CharField(max_length=12, choices=Reason.choices)
    since = models.DateField()


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
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    asked = models.DateTimeField()
    """To the minute."""
    tries = models.PositiveSmallIntegerField(default=0)
    next_try = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["state", "next_try"])]
