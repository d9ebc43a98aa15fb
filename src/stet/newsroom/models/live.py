"""Live coverage: a story to which entries are posted, one by one, while something happens.

Entries are no part of the story's revisions: who posts one publishes no draft of the story, and two who post at once
write two rows.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.fields import RichTextField
from wagtail.models import RevisionMixin

from stet.newsroom.models.articles import ArticlePage

ENTRY_FEATURES = ["bold", "italic", "link", "ol", "ul"]
"""What an entry may hold. It marks no claims: those stand in the story's own text, where their list is."""


class LiveCoverage(models.Model):
    """That a story is, or was, covered live. Its number is the story's."""

    article = models.OneToOneField(
        ArticlePage,
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="live_coverage",
        verbose_name=_("story covered live"),
    )
    started_at = models.DateTimeField(_("coverage began"))
    ended_at = models.DateTimeField(_("coverage ended"), null=True, blank=True)
    changed_at = models.DateTimeField(_("last entry or change"))
    """The newest change that readers see: an entry, a correction, one taken away, the end."""
    last_number = models.PositiveIntegerField(default=0, editable=False)
    """The number of the newest entry. Numbers are given once: an entry that is taken away leaves a gap."""
    last_part = models.PositiveIntegerField(default=1, editable=False)
    """The part that new entries go to."""

    class Meta:
        verbose_name = _("live coverage")
        verbose_name_plural = _("live coverages")

    def __str__(self) -> str:
        return str(self.article_id)

    @property
    def is_on(self) -> bool:
        """Whether entries may still come."""
        return self.ended_at is None


class LiveEntry(RevisionMixin, models.Model):
    """One entry. It waits without a number until somebody who may publish posts it; then it stays where it is."""

    coverage = models.ForeignKey(
        LiveCoverage, on_delete=models.CASCADE, related_name="entries", verbose_name=_("live coverage")
    )
    number = models.PositiveIntegerField(null=True, editable=False)
    part = models.PositiveIntegerField(null=True, editable=False)
    """The numbered page on which it stands for good; its address does not change when others come or go."""
    posted_at = models.DateTimeField(_("posted"), null=True, editable=False)
    changed_at = models.DateTimeField(_("last change"), null=True, editable=False)
    headline = models.CharField(pgettext_lazy("live entry", "headline"), max_length=160)
    text = RichTextField(pgettext_lazy("live entry", "text"), features=ENTRY_FEATURES, blank=True)
    is_pinned = models.BooleanField(
        _("key point"), default=False, help_text=_("Its headline stands above all entries until it is taken off.")
    )
    corrected_on = models.DateField(_("corrected on"), null=True, blank=True, editable=False)
    correction = models.TextField(
        _("what was wrong, what is right"),
        max_length=1000,
        blank=True,
        help_text=_("Readers see it below the entry. Leave it empty for a slip of the pen."),
    )

    class Meta:
        verbose_name = _("live entry")
        verbose_name_plural = _("live entries")
        ordering = ["-number", "-pk"]
        constraints = [models.UniqueConstraint(fields=["coverage", "number"], name="stet_live_entry_number_once")]

    def __str__(self) -> str:
        return self.headline
