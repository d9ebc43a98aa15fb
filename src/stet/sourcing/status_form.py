"""The desk's form that adds a status to a claim's history."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminAutoHeightTextInput

from stet.sourcing import words
from stet.sourcing.choosers import EvidenceChooser, SourceChooser
from stet.sourcing.claim_forms import today
from stet.sourcing.errors import StatusRefusedError
from stet.sourcing.history import set_status
from stet.sourcing.languages import LanguagesField
from stet.sourcing.models import Claim, Evidence, Record, Source
from stet.sourcing.terms import Status


class StatusForm(forms.Form):
    """What became of a claim, when, why, and who said so."""

    status = forms.ChoiceField(label=_("Status"), choices=[("", "---------"), *words.STATUSES])
    day = forms.DateField(label=_("On this day"), widget=forms.DateInput(attrs={"type": "date"}))
    by = forms.ModelChoiceField(
        label=_("Who confirmed, denied or corrected it"), queryset=Source.objects.all(), required=False,
        widget=SourceChooser,
    )  # fmt: skip
    evidence = forms.ModelChoiceField(
        label=_("Evidence"), queryset=Evidence.objects.all(), required=False, widget=EvidenceChooser
    )
    notes = LanguagesField(
        label=_("A note for readers"), longest=400, widget=AdminAutoHeightTextInput,
        help_text=_("Stands beside the status where the claim is printed."),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Why, for the newsroom"), max_length=1000, required=False, widget=AdminAutoHeightTextInput,
        help_text=_("Never printed. It stays in the history: name nobody here who may not be named."),
    )  # fmt: skip

    def clean_day(self) -> Any:
        """A day that has come."""
        day = self.cleaned_data["day"]
        if day > today():
            raise forms.ValidationError(_("This day has not come yet."))
        return day

    def add_to(self, claim: Claim, *, editor: Any) -> Record | None:
        """Add the status; None where it was refused, which is said at its field."""
        given = self.cleaned_data
        try:
            return set_status(
                claim, Status(given["status"]), day=given["day"], editor=editor, reason=given["reason"],
                notes=given["notes"] or {}, by=given["by"], evidence=given["evidence"],
            )  # fmt: skip
        except StatusRefusedError as error:
            self.add_error("day", str(error))
            return None
