"""The desk's forms around appeals: what is asked of the rules, and what is never asked about."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.models import Locale

from stet.appeals.models import Silence
from stet.newsroom.choosers import StoryChooser
from stet.newsroom.models import ArticlePage

READER_NAMES = (("new", _("a new reader")), ("frequent", _("a frequent reader")), ("quiet", _("one who closed it")))


class WhyForm(forms.Form):
    """On which article, for whom, on which day."""

    article = forms.ModelChoiceField(
        label=_("On this article"), queryset=ArticlePage.objects.filter(live=True), widget=StoryChooser
    )
    reader = forms.ChoiceField(label=_("For"), choices=READER_NAMES)
    day = forms.DateField(label=_("On this day"), widget=forms.DateInput(attrs={"type": "date"}))


class SilenceForm(forms.ModelForm):  # type: ignore[type-arg]  # stubs only
    """Where nothing asks, whatever appeals there are."""

    class Meta:
        model = Silence
        fields = ("quiet_weeks", "locales", "tags")
        widgets = {"locales": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["locales"].queryset = Locale.objects.all()  # type: ignore[attr-defined]
