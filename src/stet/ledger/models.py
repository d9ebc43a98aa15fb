"""Contributions as rows. No row says who gave.

The promises:
 * Facts are appended, never changed, and unique by the provider's own number. Where a contribution or a plan stands is
   a function of its facts (`stet.ledger.status`); no column holds it and no code assigns it.
 * Money is an integer of minor units with its currency.
 * The month is as precise as time gets. There is no name, postal address, telephone, network address, browser, page
   that led here, card digit or card country.
 * An e-mail address is there only if somebody gave one for a purpose; sealed, apart from facts, with an end.
"""

import uuid

from django.db import models


class Interval(models.TextChoices):
    """How often."""

    ONCE = "once"
    MONTHLY = "monthly"
    ANNUAL = "annual"


class Contact(models.Model):
    """A sealed address for one purpose. Deleting it touches no fact."""

    class Purpose(models.TextChoices):
        """What it may be used for."""

        RECEIPTS = "receipts"
        """Receipts, failed payments, the way to change or end a plan."""
        REMINDER = "reminder"

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    sealed = models.BinaryField()
    lookup = models.BinaryField(max_length=32, db_index=True)
    lane = models.CharField(max_length=20)
    """The group of receiving domains, as with readers."""
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    language = models.CharField(max_length=20)
    until = models.DateField()
    """The row is deleted on this day."""


class Plan(models.Model):
    """A recurring agreement, as the provider keeps it."""

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    provider = models.CharField(max_length=20)
    provider_id = models.CharField(max_length=255)
    """The provider's number of it, such as a subscription's; never empty: a plan is a row once the provider has it."""
    customer_id = models.CharField(max_length=255, blank=True)
    """The provider's number of whoever pays, where its portal needs one."""
    interval = models.CharField(max_length=10, choices=Interval.choices)
    minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    campaign = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=20)
    month = models.DateField()
    """The first day of the month in which it began."""
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="plans")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "provider_id"], name="ledger_a_plan_once")]


class Contribution(models.Model):
    """One gift that somebody set out to give. The row is there before the provider hears of it."""

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    """Told to the provider as our only reference, and as the key that makes a repeated order one order."""
    provider = models.CharField(max_length=20)
    session_id = models.CharField(max_length=255, blank=True)
    """The provider's number of the page where it is paid; empty until the provider answered. Never looked up by."""
    interval = models.CharField(max_length=10, choices=Interval.choices)
    minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    campaign = models.CharField(max_length=60, blank=True)
    """Which appeal, in which variant, led here, such as "spring-b"; "" where none did."""
    language = models.CharField(max_length=20)
    month = models.DateField()
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, null=True, blank=True, related_name="contributions")
    """The first payment of a plan is the contribution that began it; renewals are facts of the plan."""
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="contributions")
    reference = models.CharField(max_length=20, blank=True)
    """What somebody writes on a bank transfer; "" for other ways to pay."""


class Fact(models.Model):
    """Something that a provider told us, once."""

    class Kind(models.TextChoices):
        """What it says."""

        SETTLED = "settled"
        """Money came in."""
        FAILED = "failed"
        """An attempt to collect it failed; a later one may work."""
        REFUNDED = "refunded"
        """Money went back; `of` says of which payment."""
        DISPUTED = "disputed"
        """The bank took it back."""
        REINSTATED = "reinstated"
        """A dispute was won: the money is here again."""
        ENDED = "ended"
        """The plan will collect no more, or the page to pay on has expired without a payment."""

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    """What a mail about it is known by."""
    provider = models.CharField(max_length=20)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    provider_id = models.CharField(max_length=255)
    """The provider's own number of what happened: of the charge, the attempt, the refund, the dispute, the plan."""
    contribution = models.ForeignKey(
        Contribution, on_delete=models.PROTECT, null=True, blank=True, related_name="facts"
    )
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, null=True, blank=True, related_name="facts")
    of = models.CharField(max_length=255, blank=True)
    """Of a refund, a dispute, a reinstatement: the provider's number of the payment."""
    minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, blank=True)
    month = models.DateField()
    """The first day of the month in which it happened."""
    why = models.CharField(max_length=40, blank=True)
    """A word of the provider's, such as "card_declined"; never free text."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "kind", "provider_id"], name="ledger_a_fact_once"),
            models.CheckConstraint(
                condition=models.Q(contribution__isnull=False) | models.Q(plan__isnull=False),
                name="ledger_a_fact_of_something",
            ),
        ]
        indexes = [models.Index(fields=["month", "kind"]), models.Index(fields=["provider", "of"])]


class Inbox(models.Model):
    """A delivery from a provider, taken in before anybody looks at it closely."""

    provider = models.CharField(max_length=20)
    event_id = models.CharField(max_length=255)
    sealed = models.BinaryField()
    """The body as it came, sealed; overwritten with nothing after thirty days."""
    reference = models.CharField(max_length=255)
    """What the delivery is about, as `Provider.facts` takes it, such as "checkout.session:cs_1"."""
    came = models.DateField()
    done = models.BooleanField(default=False)
    tries = models.PositiveIntegerField(default=0)
    next_try = models.DateTimeField()
    why_open = models.CharField(max_length=60, blank=True)
    """A word for what went wrong the last time: a class of error, never its text."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "event_id"], name="ledger_a_delivery_once")]
        indexes = [models.Index(fields=["done", "next_try"])]


class ReconcileRun(models.Model):
    """One comparison with a provider."""

    provider = models.CharField(max_length=20)
    began = models.DateTimeField()
    ended = models.DateTimeField(null=True, blank=True)
    since = models.DateField()
    compared = models.PositiveIntegerField(default=0)


class Difference(models.Model):
    """Something that the provider knows and we did not, or the other way about. One row, however often it is seen."""

    class Kind(models.TextChoices):
        """What differs."""

        MISSING_HERE = "missing_here"
        """The provider tells a fact that we lacked; it was added."""
        MISSING_THERE = "missing_there"
        """We have a fact that the provider does not list."""
        AMOUNT = "amount"
        """We have a fact that the provider tells with another amount; ours was left as it is."""
        UNKNOWN = "unknown"
        """A payment that belongs to no contribution of ours."""

    run = models.ForeignKey(ReconcileRun, on_delete=models.SET_NULL, null=True, blank=True, related_name="differences")
    """The last comparison that saw it; none where only a delivery told of it."""
    provider = models.CharField(max_length=20)
    kind = models.CharField(max_length=15, choices=Kind.choices)
    fact_kind = models.CharField(max_length=10, choices=Fact.Kind.choices)
    provider_id = models.CharField(max_length=255)
    minor = models.BigIntegerField(default=0)
    """The amount that the provider tells; ours, where the provider tells nothing."""
    currency = models.CharField(max_length=3, blank=True)
    month = models.DateField()
    mended = models.BooleanField(default=False)
    settled_by = models.CharField(max_length=150, blank=True)
    """Who in the office said what became of one that could not be mended by itself."""
    settled_as = models.CharField(max_length=20, blank=True)
    """What became of it, in one of the office's words, such as "elsewhere"; never free text."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "kind", "fact_kind", "provider_id"], name="ledger_a_difference_once"
            )
        ]


class Act(models.Model):
    """What somebody of the staff did to a contribution or a plan, and why. Appended."""

    class Kind(models.TextChoices):
        """What was done."""

        REFUND = "refund"
        CANCEL = "cancel"

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    """The key that makes a repeated order to the provider one order."""
    kind = models.CharField(max_length=10, choices=Kind.choices)
    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, null=True, blank=True, related_name="acts")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, null=True, blank=True, related_name="acts")
    fact = models.ForeignKey(Fact, on_delete=models.PROTECT, null=True, blank=True, related_name="acts")
    """Of a refund: the payment."""
    minor = models.PositiveBigIntegerField(default=0)
    reason = models.CharField(max_length=20)
    """One of a few words: "asked", "provocation", "mistake", "country", "other"."""
    by = models.CharField(max_length=150)
    month = models.DateField()
    done = models.BooleanField(default=False)
    why_open = models.CharField(max_length=60, blank=True)
    """A word for what went wrong the last time: a class of error, never its text."""


class Reminder(models.Model):
    """A promise to ask once more by mail. Deleted when it was sent."""

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    contact = models.OneToOneField(Contact, on_delete=models.CASCADE, related_name="reminder")
    on = models.DateField()
    language = models.CharField(max_length=20)
    confirmed = models.BooleanField(default=False)
    asked = models.DateField()
    interval = models.CharField(max_length=10, choices=Interval.choices, blank=True)
    minor = models.PositiveBigIntegerField(default=0)
    currency = models.CharField(max_length=3, blank=True)
    """What the form is filled with; 0 and "" for nothing."""


class Designation(models.Model):
    """One run of the designation switch, from its beginning to its report."""

    country = models.CharField(max_length=2)
    languages = models.JSONField(default=list)
    began = models.DateTimeField()
    ended = models.DateTimeField(null=True, blank=True)
    report = models.JSONField(default=dict)
    """Counts only."""
