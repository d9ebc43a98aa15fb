"""A form's field that is filled in once for each language of the paper."""

from typing import Any

from django import forms
from django.conf.locale import LANG_INFO
from wagtail.models import Locale

from stet.newsroom.paper import current_paper


def language_name(code: str) -> str:
    """A language's name in itself."""
    known = LANG_INFO.get(code.lower()) or LANG_INFO.get(code.split("-")[0]) or {}
    return str(known.get("name_local", code))


class LanguagesWidget(forms.MultiWidget):
    """An input for each language, with the language's name beside it."""

    template_name = "sourcing/widgets/languages.html"

    def __init__(self, make_widget: type[forms.Widget], attrs: dict[str, Any] | None = None) -> None:
        self.codes = current_paper().languages
        super().__init__({code: make_widget(attrs={"dir": "auto"}) for code in self.codes}, attrs)

    def decompress(self, value: Any) -> list[str | None]:
        """What is shown of a value, in the order of the languages."""
        told = value if isinstance(value, dict) else {}
        return [told.get(code) for code in self.codes]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """With the names of the languages."""
        context = super().get_context(name, value, attrs)
        for one, code in zip(context["widget"]["subwidgets"], self.codes, strict=True):
            one["language"], one["code"] = language_name(code), code
        context["widget"]["is_alone"] = len(self.codes) == 1
        return context


class LanguagesField(forms.MultiValueField):
    """Words by language; only what was written is in the value."""

    def __init__(self, *, longest: int, widget: type[forms.Widget] = forms.TextInput, **kwargs: Any) -> None:
        self.codes = current_paper().languages
        fields = tuple(forms.CharField(max_length=longest, required=False) for _code in self.codes)
        kwargs = {"required": False, "require_all_fields": False, **kwargs}
        super().__init__(fields, widget=LanguagesWidget(widget), **kwargs)

    def compress(self, data_list: list[str]) -> dict[str, str]:
        """The value: a language's words by its code."""
        return {code: text for code, text in zip(self.codes, data_list, strict=False) if text}

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether anything was written, taken out or changed."""
        told = initial if isinstance(initial, dict) else {}
        written = data or []
        return {c: t for c, t in told.items() if t} != {c: t for c, t in zip(self.codes, written, strict=False) if t}


def preset_language(formset: Any) -> None:
    """Put the paper's own language into the first form of a formset of texts, where nothing is in it yet."""
    if formset.is_bound or not formset.forms or formset.forms[0].instance.pk:
        return
    formset.forms[0].fields["locale"].initial = Locale.objects.filter(
        language_code=current_paper().languages[0]
    ).first()
