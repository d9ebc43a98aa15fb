"""The forms of shared drafts."""

from django import forms
from django.utils.translation import gettext_lazy as _

from stet.newsroom.sharing.links import MOST_DAYS

LASTS = ((1, _("A day")), (3, _("Three days")), (7, _("A week")), (MOST_DAYS, _("Thirty days")))


class ShareForm(forms.Form):
    """Who gets a draft, and for how long."""

    recipient = forms.CharField(
        label=_("Who gets it"),
        max_length=80,
        help_text=_("Printed on the draft, so that they think twice. A code word does, if a name is too much."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    days = forms.TypedChoiceField(label=_("Works for"), choices=LASTS, initial=3, coerce=int)


class LeakForm(forms.Form):
    """A text that turned up somewhere."""

    text = forms.CharField(
        label=_("The text as it turned up"),
        max_length=200_000,
        strip=False,
        help_text=_("Paste as much of it as you have, as it was copied; typed anew, it says nothing any more."),
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
    )
