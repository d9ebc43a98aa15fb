"""The forms of bundles."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.widgets import AdminDateTimeInput, AdminPageChooser

from stet.newsroom.choosers import forget_words
from stet.newsroom.models import Bundle


class DraftChooser(AdminPageChooser):
    """Choose a page with a draft."""

    choose_one_text = pgettext_lazy("a bundle", "Choose a page")
    choose_another_text = pgettext_lazy("a bundle", "Choose another page")
    link_to_chosen_text = pgettext_lazy("a bundle", "Edit this page")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        forget_words(self)


class BundleForm(forms.ModelForm[Bundle]):
    """A bundle's name."""

    class Meta:
        model = Bundle
        fields = ("name",)


class MemberForm(forms.Form):
    """A page whose draft goes with the others."""

    page = forms.IntegerField(label=_("Add a draft"), widget=DraftChooser)


class HourForm(forms.Form):
    """When a bundle goes live by itself."""

    hour = forms.DateTimeField(label=_("Goes live at"), widget=AdminDateTimeInput)

    @property
    def chosen(self) -> datetime:
        """The hour, aware."""
        hour: datetime = self.cleaned_data["hour"]
        return hour
