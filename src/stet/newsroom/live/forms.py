"""The form of an entry: a headline, a few paragraphs, whether it is a key point."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import strip_tags
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.admin.rich_text import DraftailRichTextArea

from stet.newsroom.models import LiveEntry
from stet.newsroom.models.live import ENTRY_FEATURES

LONGEST_ENTRY = 3_000
"""Characters: half of a page. Who has more to say writes a story and links to it."""


def _field(field: Any, **options: Any) -> Any:
    """A field's own form field. Not that of the text: it asks for all hooks, before those of this room are there."""
    if field.name != "text":
        return field.formfield(**options)
    return forms.CharField(label=capfirst(field.verbose_name), help_text=field.help_text, required=not field.blank)


class EntryForm(forms.ModelForm[LiveEntry]):
    """An entry that is being written, or one that readers have: that one can be corrected, too."""

    class Meta:
        model = LiveEntry
        fields = ("headline", "text", "is_pinned", "correction")
        widgets = {"correction": forms.Textarea(attrs={"rows": 3})}
        formfield_callback = _field

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget = DraftailRichTextArea(features=ENTRY_FEATURES)
        if self.instance.number is None:
            del self.fields["correction"]

    def clean_text(self) -> str:
        """The text, unless it is too long for an entry."""
        text = str(self.cleaned_data["text"] or "")
        if len(strip_tags(text)) > LONGEST_ENTRY:
            raise ValidationError(
                _("An entry has at most %(most)d characters. Write a story and link to it.") % {"most": LONGEST_ENTRY}
            )
        return text
