"""The form of a kill: the reason, and one for each translation that goes with it."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from stet.newsroom.models import ArticlePage
from stet.newsroom.withdrawing import LONGEST_REASON


class KillForm(forms.Form):
    """Reasons that readers are told. A translation without one is left standing."""

    def __init__(self, *args: Any, article: ArticlePage, translations: Sequence[ArticlePage], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._pages = (article, *translations)
        for page in self._pages:
            is_first = page is article
            help_text = (
                _("It stands at the story's address from now on, and says nothing of the story but this.")
                if is_first
                else _("Leave empty to leave the translation standing.")
            )
            self.fields[f"reason_{page.pk}"] = forms.CharField(
                label=_("What readers are told") if is_first else _label(page),
                help_text=help_text,
                max_length=LONGEST_REASON,
                required=is_first,
                widget=forms.Textarea(attrs={"rows": 3, "lang": page.locale.language_code, "dir": "auto"}),
            )

    def killed(self) -> Iterator[tuple[ArticlePage, str]]:
        """The stories that go, each with its reason."""
        for page in self._pages:
            reason = self.cleaned_data[f"reason_{page.pk}"].strip()
            if reason:
                yield page, reason


def _label(page: ArticlePage) -> str:
    values = {"language": page.locale.get_display_name(), "headline": page.title}
    return _("Kill the translation too · %(language)s · %(headline)s") % values
