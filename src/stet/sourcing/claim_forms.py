"""The desk's form of a claim: its sentences and value, its chain, and how it stands to other claims.

A chain is no column that is overwritten: saving another one adds a record to the claim's history. Where somebody else
set a chain while this form was open, theirs stays unless the editor sends the form once more.
"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.search import index

from stet.kit.clock import SystemClock
from stet.newsroom.paper import current_paper
from stet.sourcing import words
from stet.sourcing.choosers import ClaimChooser, EvidenceChooser, SourceChooser
from stet.sourcing.errors import ChainRefusedError
from stet.sourcing.history import NewLink, chain_body, check_chain, last_chain, set_chain
from stet.sourcing.languages import LanguagesField, preset_language
from stet.sourcing.models import Attribution, Claim, ClaimLink, Evidence, Source
from stet.sourcing.models.claims import MOST_LINKS
from stet.sourcing.recording import begin
from stet.sourcing.terms import Addressee, Relation, Verb

MOST_RELATIONS = 100


class LinkForm(forms.Form):
    """One link of a chain: who, and how they handed it on."""

    source = forms.ModelChoiceField(
        label=_("Who"), queryset=Source.objects.all(), widget=SourceChooser,
        error_messages={"required": _("Say who makes this claim, or take this link out.")},
    )  # fmt: skip
    roles = LanguagesField(
        label=_("Role when they said it"), longest=200,
        help_text=_("Only where it was another one than now. Of an unnamed source leave it empty."),
    )  # fmt: skip
    verb = forms.ChoiceField(label=_("Handed it on so"), choices=words.VERBS, initial=Verb.SAID)
    addressee = forms.ChoiceField(label=_("To whom"), choices=words.ADDRESSEES, initial=Addressee.UNKNOWN)
    said_on = forms.DateField(label=_("When"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    evidence = forms.ModelChoiceField(
        label=_("Evidence for this link"), queryset=Evidence.objects.all(), required=False, widget=EvidenceChooser
    )
    cue = forms.CharField(
        label=_("Words in the text"), max_length=100, required=False, help_text=_("Such as “according to”.")
    )

    def link(self) -> NewLink:
        """The link as it was given."""
        given = self.cleaned_data
        return NewLink(
            source=given["source"], verb=Verb(given["verb"]), addressee=Addressee(given["addressee"]),
            said_on=given["said_on"], evidence=given["evidence"], cue=given["cue"], roles=given["roles"] or {},
        )  # fmt: skip


class _ChainFormSet(forms.BaseFormSet):  # type: ignore[type-arg]  # stubs only
    """The links of a chain, in order."""

    def clean(self) -> None:
        """Refuse a chain that can't be; where one link is to blame, at that link."""
        if any(self.errors):
            return
        seen: set[int] = set()
        for form in self._ordered():
            source = form.cleaned_data["source"]
            if source.pk in seen:
                form.add_error(
                    "source", _("This chain comes back to a source that it named before. Take the second one out.")
                )
                return
            if source.is_unnamed and form.cleaned_data["roles"]:
                form.add_error("roles", _("Of an unnamed source only the description is kept. Leave its role empty."))
                return
            seen.add(source.pk)
        try:
            check_chain(self.links())
        except ChainRefusedError as error:
            raise forms.ValidationError(str(error)) from error

    def links(self) -> list[NewLink]:
        """The links as they were given, who speaks first."""
        return [form.link() for form in self._ordered()]

    def _ordered(self) -> list[Any]:
        given = [form for form in self.forms if form not in self.deleted_forms and form.cleaned_data.get("source")]
        return sorted(given, key=lambda form: form.cleaned_data.get("ORDER") or len(self.forms) + 1)


class RelationForm(forms.Form):
    """How this claim stands to another."""

    relation = forms.ChoiceField(label=_("This claim"), choices=words.RELATIONS, initial=Relation.CONTRADICTS)
    other = forms.ModelChoiceField(label=_("That claim"), queryset=Claim.objects.all(), widget=ClaimChooser)


class _RelationFormSet(forms.BaseFormSet):  # type: ignore[type-arg]  # stubs only
    """How a claim stands to others."""

    claim: Claim | None = None

    def clean(self) -> None:
        """Refuse a relation to itself, and the same one twice."""
        seen: set[tuple[str, int]] = set()
        for form in self.forms:
            pair = self._pair(form)
            if pair is None:
                continue
            if self.claim is not None and pair[1] == self.claim.pk:
                form.add_error("other", _("This is the claim itself. Choose another one."))
            elif pair in seen:
                form.add_error("other", _("This relation is there already. Take one of the two out."))
            seen.add(pair)

    def _pair(self, form: Any) -> tuple[str, int] | None:
        given = getattr(form, "cleaned_data", {})
        if form in self.deleted_forms or not given.get("other"):
            return None
        return given["relation"], given["other"].pk

    def pairs(self) -> set[tuple[str, int]]:
        """(relation, other claim), as they were given."""
        return {pair for form in self.forms if (pair := self._pair(form)) is not None}


def _formset(form: type[forms.Form], base: Any, *, most: int, extra: int, can_order: bool) -> Any:
    return forms.formset_factory(
        form, formset=base, extra=extra, can_order=can_order, can_delete=True, max_num=most, absolute_max=most + 50,
        validate_max=True,
    )  # fmt: skip


NewChain = _formset(LinkForm, _ChainFormSet, most=MOST_LINKS, extra=1, can_order=True)
Chain = _formset(LinkForm, _ChainFormSet, most=MOST_LINKS, extra=0, can_order=True)
Relations = _formset(RelationForm, _RelationFormSet, most=MOST_RELATIONS, extra=0, can_order=False)


class ClaimForm(WagtailAdminModelForm):
    """A claim with its chain and relations."""

    chain_record = forms.IntegerField(required=False, widget=forms.HiddenInput)
    """The number of the chain's record when the form was opened."""
    data: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        preset_language(self.formsets["texts"])
        data = self.data if self.is_bound else None
        claim = self.instance if self.instance.pk else None
        standing = last_chain(claim) if claim else None
        self.fields["chain_record"].initial = standing.number if standing else None
        make = Chain if standing else NewChain
        # What is sent stands for itself: compared with what is stored meanwhile, a link could pass for one left empty.
        links, relations = ([], []) if data is not None or claim is None else (_links_of(claim), _relations_of(claim))
        self.chain = make(data, prefix="chain", initial=links)
        self.relations = Relations(data, prefix="relations", initial=relations)
        self.relations.claim = claim

    @property
    def media(self) -> forms.Media:
        """What the form's widgets load."""
        media: forms.Media = super().media + self.chain.media + self.relations.media
        return media

    def is_valid(self) -> bool:
        """Whether everything can be saved, the chain included."""
        parts = [super().is_valid(), self.chain.is_valid(), self.relations.is_valid()]
        return all(parts) and not self._is_overtaken()

    def has_changed(self) -> bool:
        """Whether anything was changed."""
        return bool(super().has_changed() or self.chain.has_changed() or self.relations.has_changed())

    def _is_overtaken(self) -> bool:
        """Whether somebody set another chain while this one was changed here; say so, once."""
        standing = last_chain(self.instance) if self.instance.pk else None
        opened = self.cleaned_data.get("chain_record")
        if standing is None or opened == standing.number:
            return False
        given = chain_body(self.chain.links())
        before = self.instance.records.filter(number=opened, kind=standing.kind).first()
        self.keeps_chain = before is not None and before.body == given
        if self.keeps_chain or given == standing.body:
            return False
        self.chain._non_form_errors.append(
            _("Somebody set another chain while you wrote; the history has it. Save again to put yours in its place.")
        )
        self.data = self.data.copy()
        self.data["chain_record"] = str(standing.number)
        return True

    keeps_chain = False
    """Whether the chain of somebody else stays, because nobody changed it here."""

    def save(self, commit: bool = True) -> Claim:  # noqa: FBT001, FBT002 - Django's signature
        """Save the claim; a chain that differs from the last one becomes a record."""
        is_new = self.instance.pk is None
        claim: Claim = super().save(commit=commit)
        if not commit:
            return claim
        links, day = self.chain.links(), today()
        if is_new:
            begin(claim, links, day=day, editor=self.for_user)
        elif not self.keeps_chain:
            standing = last_chain(claim)
            if standing is None or standing.body != chain_body(links):
                set_chain(claim, links, day=day, editor=self.for_user)
        _relate(claim, self.relations.pairs())
        index.insert_or_update_object(claim)
        return claim


def today() -> Any:
    """The day in the paper's time zone."""
    return SystemClock().now().astimezone(current_paper().zone).date()


def _links_of(claim: Claim) -> list[dict[str, Any]]:
    rows = Attribution.objects.filter(claim=claim).order_by("position")
    columns = ("source", "verb", "addressee", "said_on", "evidence", "cue", "roles")
    return list(rows.values(*columns))


def _relations_of(claim: Claim) -> list[dict[str, Any]]:
    rows: Any = ClaimLink.objects.filter(claim=claim).order_by("pk").values("relation", "other")
    return list(rows)


def _relate(claim: Claim, pairs: set[tuple[str, int]]) -> None:
    standing = {(row.relation, row.other_id): row for row in ClaimLink.objects.filter(claim=claim)}
    for pair, row in standing.items():
        if pair not in pairs:
            row.delete()
    for relation, other in sorted(pairs - standing.keys()):
        ClaimLink.objects.create(claim=claim, relation=relation, other_id=other)
