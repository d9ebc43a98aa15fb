"""Dispatches and what became of each copy, as rows. No row holds an address.

The promises:
 * There is one dispatch for a letter and one recipient for a reader in it, whatever the clock or an editor does.
 * The bytes that are sent are kept with the dispatch: correcting the printed letter changes nothing on its way.
 * Journal entries are appended, never changed. A recipient's state follows from them (`stet.mailroom.states`).
 * Erasing a reader takes the reader out of recipients; the account stays.
"""

import uuid

from django.db import models

from stet.mailroom.states import Event, State


class Mailroom(models.Model):
    """A mailroom process, from its start to its end."""

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    place = models.CharField(max_length=32)
    """The folder its journal is in: only a mailroom that has this folder can say what it handed over."""
    started = models.DateTimeField()
    seen = models.DateTimeField()
    """When it last said that it is there."""
    worked = models.DateTimeField(null=True, blank=True)
    """When it last could send: not while its machine slept or the mail server was away."""
    ended = models.DateTimeField(null=True, blank=True)
    """None while it runs, or until its journal was replayed."""
    reason = models.CharField(max_length=300, blank=True)
    """Why it sends nothing at the moment, such as a mail server that is away; empty while all is well."""


class Dispatch(models.Model):
    """The sending of one letter."""

    class State(models.TextChoices):
        """Where a dispatch stands."""

        PLANNED = "planned"
        """Its readers are counted; the first hour has not come."""
        SENDING = "sending"
        PAUSED = "paused"
        HELD = "held"
        """What is left of it missed its hour; an editor decides."""
        CANCELLED = "cancelled"
        FINISHED = "finished"

    letter = models.UUIDField(unique=True)
    list_key = models.CharField(max_length=140)
    subject = models.CharField(max_length=1000)
    page = models.CharField(max_length=1000)
    """The path of the letter's page."""
    due = models.CharField(max_length=16)
    """The wall-clock time that the editor set, such as "2026-11-27T08:00"."""
    is_local = models.BooleanField()
    """Whether `due` is meant in each reader's own time zone."""
    time_zone = models.CharField(max_length=50)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    reason = models.CharField(max_length=300, blank=True)
    """Why it is held or paused, for people."""
    candidates = models.PositiveIntegerField(default=0)
    """Everybody with a place on the list, whatever its state, when readers were counted."""
    planned = models.PositiveIntegerField(default=0)
    excluded = models.JSONField(default=dict)
    """How many were left out, by reason."""
    planned_at = models.DateTimeField()
    first_due = models.DateTimeField(null=True, blank=True)
    last_due = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)


class Enclosure(models.Model):
    """One file of what a dispatch sends: letter.json, mail.html, mail.txt, a photo."""

    dispatch = models.ForeignKey(Dispatch, on_delete=models.CASCADE, related_name="enclosures")
    name = models.CharField(max_length=200)
    """"letter.json", "mail.html", "mail.txt", or a photo's cid."""
    media_type = models.CharField(max_length=100)
    body = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dispatch", "name"], name="mailroom_one_enclosure")]


class Claim(models.Model):
    """A batch of copies that one mailroom took on in one step."""

    mailroom = models.ForeignKey(Mailroom, on_delete=models.PROTECT, related_name="claims")
    dispatch = models.ForeignKey(Dispatch, on_delete=models.CASCADE, related_name="claims")
    lane = models.CharField(max_length=20)
    taken_at = models.DateTimeField()
    size = models.PositiveIntegerField(default=0)


class Recipient(models.Model):
    """One reader's copy of a letter."""

    # Two indexes below begin with it.
    dispatch = models.ForeignKey(Dispatch, on_delete=models.CASCADE, related_name="recipients", db_index=False)
    reader = models.ForeignKey("readers.Reader", on_delete=models.SET_NULL, null=True, related_name="+")
    subscription = models.ForeignKey("readers.Subscription", on_delete=models.SET_NULL, null=True, related_name="+")
    lane = models.CharField(max_length=20)
    due = models.DateTimeField()
    next_try = models.DateTimeField()
    """Not before this moment; at first the moment it is due."""
    state = models.CharField(max_length=10, default=State.WAITING)
    event = models.PositiveSmallIntegerField(default=Event.PLANNED)
    """The event that `state` follows from, of the attempt `attempt`."""
    attempt = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=20, blank=True)
    """Of a copy that was skipped: why. Of one that was put off or refused: the code."""
    claim = models.ForeignKey(Claim, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dispatch", "reader"], name="mailroom_once_in_a_dispatch")]
        indexes = [
            models.Index(fields=["dispatch", "state", "lane", "next_try"], name="mailroom_owed"),
            models.Index(fields=["claim"], condition=models.Q(state=State.CLAIMED), name="mailroom_claimed"),
        ]


class JournalEntry(models.Model):
    """One event of one copy, appended once."""

    recipient = models.ForeignKey(Recipient, on_delete=models.CASCADE, related_name="entries", db_index=False)
    attempt = models.PositiveSmallIntegerField()
    event = models.PositiveSmallIntegerField()
    moment = models.DateTimeField()
    code = models.CharField(max_length=20, blank=True)
    """The server's answer: "452 4.2.2"; of a skipped copy the reason; of a released one who said so."""
    queue_id = models.CharField(max_length=100, blank=True)
    """What the server calls an accepted copy."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recipient", "attempt", "event"], name="mailroom_an_event_once"),
        ]


class NoticeTry(models.Model):
    """One attempt at sending one notice."""

    notice = models.ForeignKey("readers.Notice", on_delete=models.CASCADE, related_name="+")
    mailroom = models.ForeignKey(Mailroom, on_delete=models.PROTECT, related_name="+")
    attempt = models.PositiveSmallIntegerField()
    taken_at = models.DateTimeField()
    event = models.PositiveSmallIntegerField(default=Event.CLAIMED)
    code = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "attempt"], name="mailroom_one_try_at_a_time")]
        indexes = [models.Index(fields=["mailroom", "event"], name="mailroom_notice_tries")]


class LaneState(models.Model):
    """What the mailroom keeps in mind of one group of receiving domains."""

    lane = models.CharField(max_length=20, unique=True)
    waits_until = models.DateTimeField(null=True, blank=True)
    """Nothing is sent there before this moment."""
    code = models.CharField(max_length=20, blank=True)
    """The answer that made it wait."""
    setbacks = models.PositiveSmallIntegerField(default=0)
    """How many times in a row the whole lane was put off."""
    day = models.DateField(null=True, blank=True)
    """The last day on which something was sent there, in UTC."""
    days = models.PositiveSmallIntegerField(default=0)
    """On how many days something was sent there: the lane's place in the warm-up."""
    sent_today = models.PositiveIntegerField(default=0)
    is_warm = models.BooleanField(default=False)
    """Whether somebody said that the warm-up is not needed here."""


class Return(models.Model):
    """Something that came back for one reader: a bounce or a complaint."""

    class Kind(models.TextChoices):
        """What came back."""

        SOFT = "soft"
        HARD = "hard"
        COMPLAINT = "complaint"
        UNSUBSCRIBE = "unsubscribe"
        OTHER = "other"
        """An answer of a machine that says nothing about delivery."""

    reader = models.ForeignKey("readers.Reader", on_delete=models.CASCADE, null=True, related_name="+")
    recipient = models.ForeignKey(Recipient, on_delete=models.SET_NULL, null=True, related_name="+")
    digest = models.BinaryField(max_length=32, unique=True)
    """Of the mail that told it, so that the same mail counts once."""
    kind = models.CharField(max_length=12, choices=Kind.choices)
    status = models.CharField(max_length=12, blank=True)
    """The enhanced code, such as "5.1.1"."""
    moment = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["reader", "kind", "moment"], name="mailroom_returns")]


class ReturnCount(models.Model):
    """How many mails came back on one day, by what was made of them; also those that could not be read."""

    day = models.DateField()
    kind = models.CharField(max_length=12)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "kind"], name="mailroom_returns_of_a_day")]
