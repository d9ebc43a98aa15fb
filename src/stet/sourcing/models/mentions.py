"""Where claims stand in stories: one row for each marked passage, kept by what a story's text says.

Rows follow from the text (`stet.sourcing.marking`) whenever a story is saved or published; nobody edits them. A row
whose words are gone stays, so that the loss can be reported, until an editor has seen to it.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from stet.sourcing.models.claims import Claim


class Mention(models.Model):
    """A passage of a story that a claim is marked on."""

    class State(models.TextChoices):
        """What became of the words that were marked."""

        KEPT = "kept", _("as marked")
        CHANGED = "changed", _("words changed")
        GONE = "gone", _("words gone")

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    mark = models.CharField(max_length=22)
    """The mark's own name, unique in its story: the same passage through all edits."""
    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="mentions")
    exact = models.TextField()
    """The words that were marked (TextQuoteSelector of the Web Annotation model)."""
    prefix = models.CharField(max_length=32, blank=True)
    """Up to 32 characters before them."""
    suffix = models.CharField(max_length=32, blank=True)
    """Up to 32 characters after them."""
    state = models.CharField(max_length=7, choices=State.choices, default=State.KEPT)
    is_in_draft = models.BooleanField(default=True)
    is_in_print = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "mark"], name="one_mention_a_mark")]

    def __str__(self) -> str:
        return self.exact
