"""The drawer's form of a new claim: its sentence, its value, and its chain with sources found or made in place."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from stet.sourcing import words
from stet.sourcing.errors import ChainRefusedError, ClaimRefusedError, SourceRefusedError
from stet.sourcing.history import NewLink
from stet.sourcing.models import Claim, Question, Source
from stet.sourcing.models.claims import MOST_LINKS
from stet.sourcing.models.sources import LONGEST_NAME
from stet.sourcing.recording import new_claim, new_source
from stet.sourcing.terms import Addressee, Modality, SourceKind, SpeechAct, ValueKind, Verb

CHAIN = "chain"


class ClaimForm(forms.Form):
    """A claim on the words that were selected."""

    sentence = forms.CharField(
        label=_("The claim in one sentence"), max_length=400, widget=forms.Textarea(attrs={"rows": 3})
    )
    speech_act = forms.ChoiceField(
        label=_("What is done by saying it"), choices=words.SPEECH_ACTS, initial=SpeechAct.ASSERTS
    )
    modality = forms.ChoiceField(label=_("As printed"), choices=words.MODALITIES, initial=Modality.FLAT)
    question = forms.IntegerField(required=False, widget=forms.HiddenInput)
    question_text = forms.CharField(required=False, max_length=300, label=_("Question it answers"))
    value_kind = forms.ChoiceField(label=_("Value"), choices=words.VALUE_KINDS, initial=ValueKind.NONE)
    low = forms.DecimalField(required=False, label=_("Lowest"), max_digits=20, decimal_places=4)
    best = forms.DecimalField(required=False, label=pgettext_lazy("value", "Number"), max_digits=20, decimal_places=4)
    high = forms.DecimalField(required=False, label=_("Highest"), max_digits=20, decimal_places=4)
    unit = forms.CharField(required=False, max_length=50, label=_("Unit"))
    value_date = forms.DateField(
        required=False, label=pgettext_lazy("value", "Date"), widget=forms.DateInput(attrs={"type": "date"})
    )
    value_yes = forms.NullBooleanField(
        required=False, label=_("Yes or no"),
        widget=forms.Select(choices=[("unknown", "—"), ("true", _("Yes")), ("false", _("No"))]),
    )  # fmt: skip
    value_text = forms.CharField(required=False, max_length=200, label=_("In words"))
    as_of = forms.DateField(
        required=False, label=_("As of"), help_text=_("The day that the claim speaks of."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )  # fmt: skip

    OF_VALUE = {
        ValueKind.NUMBER: ("low", "best", "high", "unit"),
        ValueKind.DATE: ("value_date",),
        ValueKind.YES_NO: ("value_yes",),
        ValueKind.TEXT: ("value_text",),
    }
    """Which fields a sort of value has."""

    def clean(self) -> dict[str, Any]:
        """A question is one of those that are there, and a value is what its sort says."""
        cleaned: dict[str, Any] = super().clean() or {}
        number = cleaned.get("question")
        cleaned["question"] = Question.objects.filter(pk=number).first() if number else None
        if cleaned.get("question_text") and cleaned["question"] is None:
            self.add_error("question_text", _("Choose one of the questions that are found, or leave it empty."))
        for kind, names in self.OF_VALUE.items():
            for name in names:
                if kind != cleaned.get("value_kind"):
                    cleaned[name] = None if name not in ("unit", "value_text") else ""
        return cleaned

    def values(self) -> dict[str, Any]:
        """Everything but the sentence and the question, as a claim takes it."""
        named = ("speech_act", "modality", "value_kind", "low", "best", "high", "unit", "value_date", "value_yes")
        return {name: self.cleaned_data[name] for name in (*named, "value_text", "as_of")}


class LinkForm(forms.Form):
    """A link of the chain: a source that was found, or a new one with its name."""

    source = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(max_length=LONGEST_NAME, required=False, label=_("Source"))
    kind = forms.ChoiceField(
        required=False, choices=words.SOURCE_KINDS, initial=SourceKind.PERSON, label=_("A new source; it is a")
    )
    role = forms.CharField(max_length=LONGEST_NAME, required=False, label=_("Role"), help_text=_("Such as “lawmaker”."))
    verb = forms.ChoiceField(choices=words.VERBS, initial=Verb.SAID, label=_("How it was handed on"), required=False)
    addressee = forms.ChoiceField(
        choices=words.ADDRESSEES, initial=Addressee.UNKNOWN, label=_("To whom"), required=False
    )
    cue = forms.CharField(max_length=100, required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """A source that is chosen has to be there."""
        cleaned: dict[str, Any] = super().clean() or {}
        number = cleaned.get("source")
        cleaned["source"] = Source.objects.filter(pk=number).first() if number else None
        if number and cleaned["source"] is None:
            self.add_error("name", _("This source is not there any more. Choose another one."))
        return cleaned

    @property
    def is_given(self) -> bool:
        """Whether it names anybody."""
        return bool(self.cleaned_data.get("source") or self.cleaned_data.get("name"))


LinkForms = forms.formset_factory(LinkForm, extra=0, min_num=1, max_num=MOST_LINKS, absolute_max=MOST_LINKS + 2)


class NewClaim:
    """The two forms of a claim and its chain, as one."""

    def __init__(self, data: Mapping[str, Any] | None = None, **initial: Any) -> None:
        links = initial.pop("links", None) or [{}]
        self.form = ClaimForm(data, initial=initial)
        self.links = LinkForms(data, prefix=CHAIN, initial=links)
        self.links.min_num = 0 if data is None else self.links.min_num

    def is_valid(self) -> bool:
        """Whether both are."""
        return all([self.form.is_valid(), self.links.is_valid()])

    def make(self, *, language: str, day: date, editor: Any) -> Claim | None:
        """The claim, with the sources that are new, or nothing at all; then the form says why not."""
        try:
            with transaction.atomic():
                return new_claim(
                    sentence=self.form.cleaned_data["sentence"], language=language, day=day, editor=editor,
                    question=self.form.cleaned_data["question"], links=[*self._links(language)],
                    **self.form.values(),
                )  # fmt: skip
        except ClaimRefusedError as error:
            for name, sentence in error.fields.items():
                self.form.add_error(name if name in self.form.fields else None, sentence)
        except (ChainRefusedError, SourceRefusedError) as error:
            self.form.add_error(None, str(error))
        return None

    def _links(self, language: str) -> list[NewLink]:
        """The chain in order, its new sources made."""
        return [_link(form.cleaned_data, language) for form in self.links if form.is_given]

    @property
    def makes_sources(self) -> bool:
        """Whether a source would be made."""
        return any(form.is_given and not form.cleaned_data.get("source") for form in self.links)


def _link(given: dict[str, Any], language: str) -> NewLink:
    source = given.get("source")
    is_named = (given.get("kind") or SourceKind.PERSON) != SourceKind.UNNAMED
    if source is None:
        kind = SourceKind(given.get("kind") or SourceKind.PERSON)
        source = new_source(name=given["name"], language=language, kind=kind, role=given["role"] if is_named else "")
        roles = {}
    else:
        roles = {language: given["role"]} if given.get("role") else {}
    return NewLink(
        source=source, verb=Verb(given.get("verb") or Verb.SAID), cue=given.get("cue") or "", roles=roles,
        addressee=Addressee(given.get("addressee") or Addressee.UNKNOWN),
    )  # fmt: skip
