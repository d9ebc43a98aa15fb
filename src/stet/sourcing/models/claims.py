"""Claims: one sentence each, with a typed value, and who says so.

What became of a claim and who hands it on are not edited: they are records of its history
(`stet.sourcing.models.records`), written by `stet.sourcing.history`. `Attribution` is the last chain, spread out to be
asked for.
"""

from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Locale, Orderable
from wagtail.search import index

from stet.sourcing import words
from stet.sourcing.models.evidence import Evidence
from stet.sourcing.models.questions import Question
from stet.sourcing.models.sources import Source
from stet.sourcing.terms import Addressee, Modality, Relation, SpeechAct, ValueKind, Verb, Verdict

DIGITS = {"max_digits": 20, "decimal_places": 4}
MOST_LINKS = 8
"""Links of one chain; the longest chain in 4,182 attributions of a news corpus nested far less."""


class Claim(index.Indexed, ClusterableModel):
    """Something that somebody says is so."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    question = models.ForeignKey(
        Question, verbose_name=_("question it answers"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="+",
    )  # fmt: skip
    value_kind = models.CharField(_("value"), max_length=10, choices=words.VALUE_KINDS, default=ValueKind.NONE)
    low = models.DecimalField(_("lowest"), null=True, blank=True, **DIGITS)  # type: ignore[arg-type]
    best = models.DecimalField(_("number"), null=True, blank=True, **DIGITS)  # type: ignore[arg-type]
    high = models.DecimalField(_("highest"), null=True, blank=True, **DIGITS)  # type: ignore[arg-type]
    value_date = models.DateField(pgettext_lazy("value", "date"), null=True, blank=True)
    value_yes = models.BooleanField(_("yes"), null=True, blank=True)
    as_of = models.DateField(_("as of"), null=True, blank=True, help_text=_("The day that the claim speaks of."))
    speech_act = models.CharField(
        _("what is done by saying it"), max_length=15, choices=words.SPEECH_ACTS, default=SpeechAct.ASSERTS
    )
    modality = models.CharField(_("as printed"), max_length=12, choices=words.MODALITIES, default=Modality.FLAT)
    verdict = models.CharField(
        _("our own verdict"), max_length=12, choices=words.VERDICTS, default=Verdict.NONE,
        help_text=_("Only where we checked it ourselves; it is told to search engines as our finding."),
    )  # fmt: skip
    is_printed = models.BooleanField(
        _("readers may see it"), default=False,
        help_text=_(
            "On its question's page and beside claims it stands against, also where no story has it. A claim that "
            "stands in a published story is always shown."
        ),
    )  # fmt: skip
    made_on = models.DateField(_("made"), auto_now_add=True)

    search_fields = [
        index.RelatedFields("texts", [index.SearchField("sentence"), index.AutocompleteField("sentence")]),
        index.FilterField("id"),
        index.FilterField("question_id"),
    ]

    class Meta:
        verbose_name = pgettext_lazy("sourcing", "claim")
        verbose_name_plural = pgettext_lazy("sourcing", "claims")

    def __str__(self) -> str:
        return self.sentence_in(None)

    def sentence_in(self, language: str | None) -> str:
        """Its sentence in `language`, or else in the first language it has."""
        texts = list(self.texts.all())
        own = [text for text in texts if text.locale.language_code == language]
        return str((own or texts or [_("claim without a sentence")])[0])

    def clean(self) -> None:
        """Refuse a value that contradicts itself."""
        super().clean()
        if self.value_kind == ValueKind.NUMBER and self.best is None and (self.low is None or self.high is None):
            raise ValidationError({"best": _("Give the number, or the lowest and the highest.")})
        known = [value for value in (self.low, self.best, self.high) if value is not None]
        if known != sorted(known):
            raise ValidationError({"low": _("The lowest comes first, the highest last.")})
        if self.value_kind == ValueKind.DATE and self.value_date is None:
            raise ValidationError({"value_date": _("Give the date that is claimed.")})
        if self.value_kind == ValueKind.YES_NO and self.value_yes is None:
            raise ValidationError({"value_yes": _("Say whether the claim is yes or no.")})


class ClaimText(Orderable):
    """A claim in one language."""

    claim = ParentalKey(Claim, on_delete=models.CASCADE, related_name="texts")
    locale = models.ForeignKey(Locale, verbose_name=_("language"), on_delete=models.CASCADE, related_name="+")
    sentence = models.CharField(_("the claim in one sentence"), max_length=400)
    unit = models.CharField(_("unit"), max_length=50, blank=True, help_text=_("Such as “people” or “km”."))
    value_text = models.CharField(_("value in words"), max_length=200, blank=True)
    place = models.CharField(_("place"), max_length=100, blank=True)
    verdict_text = models.CharField(_("why we find so"), max_length=400, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = _("sentence")
        verbose_name_plural = _("sentences")
        constraints = [models.UniqueConstraint(fields=["claim", "locale"], name="claim_text_once_a_language")]

    def __str__(self) -> str:
        return self.sentence


class Attribution(models.Model):
    """A link of a claim's chain as it is now: 1 speaks in the text, the last is the furthest root named."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="links")
    position = models.PositiveSmallIntegerField()
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=12, choices=words.VERBS, default=Verb.SAID)
    addressee = models.CharField(max_length=10, choices=words.ADDRESSEES, default=Addressee.UNKNOWN)
    said_on = models.DateField(null=True, blank=True)
    evidence = models.ForeignKey(Evidence, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    cue = models.CharField(max_length=100, blank=True)
    """The words of the text that hand it on, such as “according to”."""
    roles = models.JSONField(default=dict, blank=True)
    """The source's role when it spoke, by language."""

    class Meta:
        ordering = ["claim", "position"]
        constraints = [models.UniqueConstraint(fields=["claim", "position"], name="one_link_a_position")]

    def __str__(self) -> str:
        return f"{self.position}"


class ClaimLink(models.Model):
    """How one claim stands to another."""

    claim = models.ForeignKey(Claim, verbose_name=_("claim"), on_delete=models.CASCADE, related_name="relations")
    relation = models.CharField(_("relation"), max_length=12, choices=words.RELATIONS, default=Relation.CONTRADICTS)
    other = models.ForeignKey(Claim, verbose_name=_("other claim"), on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("relation")
        verbose_name_plural = _("relations")
        constraints = [
            models.UniqueConstraint(fields=["claim", "relation", "other"], name="relation_once"),
            models.CheckConstraint(condition=~models.Q(claim=models.F("other")), name="no_relation_to_itself"),
        ]

    def __str__(self) -> str:
        return str(self.get_relation_display())
