"""A claim's history: records that are added and never altered.

Each record carries the digest of the one before, so that a changed, dropped or inserted one shows. Triggers refuse to
update or delete a record, whoever asks; only who wrote it may be forgotten, and the digest does not cover that.
"""

from django.conf import settings
from django.db import models

from stet.sourcing.models.claims import Claim


class Record(models.Model):
    """One event of a claim: a status it took, or a chain of attribution it was given."""

    class Kind(models.TextChoices):
        """What the record tells."""

        STATUS = "status"
        CHAIN = "chain"

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="records")
    number = models.PositiveIntegerField()
    """1, 2, 3… of its claim."""
    kind = models.CharField(max_length=6, choices=Kind.choices)
    day = models.DateField()
    """The day it happened, in the paper's zone."""
    body = models.TextField()
    """Canonical JSON; see `stet.sourcing.history`."""
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    previous = models.CharField(max_length=64, blank=True)
    """The digest of the claim's record before this one; empty for the first."""
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["claim", "number"]
        constraints = [models.UniqueConstraint(fields=["claim", "number"], name="one_record_a_number")]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"
