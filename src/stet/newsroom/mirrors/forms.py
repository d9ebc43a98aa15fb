"""The form for a new mirror. What lets us in at its place is typed into fields that never show it again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stet.mirrors.errors import MirrorRefusedError
from stet.mirrors.places import KINDS
from stet.mirrors.register import Mirror, Register
from stet.mirrors.registering import ONION, new_mirror
from stet.mirrors.secrets import asked_by
from stet.newsroom.mirrors.words import said

SECRET = "secret_"  # noqa: S105 - what names of fields begin with
LTR = {"dir": "ltr", "autocomplete": "off", "spellcheck": "false"}


class MirrorForm(forms.Form):
    """A mirror; once its target is known, also what its place asks for."""

    target = forms.CharField(
        label=gettext_lazy("Where files are put"),
        max_length=500,
        widget=forms.TextInput(attrs=LTR),
    )
    public = forms.CharField(
        label=gettext_lazy("Where readers find it"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("Such as https://mirror.example.org. Empty for a copy that readers are not sent to."),
        widget=forms.TextInput(attrs={**LTR, "inputmode": "url"}),
    )
    is_listed = forms.BooleanField(label=gettext_lazy("Tell readers of it"), required=False, initial=True)
    name = forms.CharField(
        label=gettext_lazy("Its name here and in logs"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("Lower-case letters, digits and hyphens. Empty: its kind and a number."),
        widget=forms.TextInput(attrs=LTR),
    )
    kilobytes_per_second = forms.IntegerField(
        label=gettext_lazy("Kilobytes a second at most"),
        min_value=1,
        required=False,
        help_text=gettext_lazy("Empty: as fast as it goes."),
    )
    proxy = forms.CharField(
        label=gettext_lazy("Looked at through"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("A proxy, such as socks5h://127.0.0.1:9050. Empty: none."),
        widget=forms.TextInput(attrs=LTR),
    )

    def __init__(self, *args: Any, register: Register, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._register, self._now = register, now
        self.mirror: Mirror | None = None
        self.is_asking = False
        """Whether the place asks for something that the form had no fields for."""
        sentence = _("Its kind and address, without passwords. Kinds: %(kinds)s; or %(onion)s, where nothing is put.")
        kinds = format_html_join(" ", "<code>{}:</code>", ((kind,) for kind in KINDS))
        self.fields["target"].help_text = SafeString(
            escape(sentence) % {"kinds": kinds, "onion": format_html("<code>{}</code>", ONION)}
        )
        for secret, sentence in self._asked().items():
            self.fields[SECRET + secret] = forms.CharField(
                label=secret,
                help_text=sentence,
                required=False,
                strip=False,
                widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "dir": "ltr"}),
            )

    @property
    def secrets(self) -> Mapping[str, str]:
        """What lets us in, as it was typed."""
        return {key.removeprefix(SECRET): value for key, value in self.cleaned_data.items() if key.startswith(SECRET)}

    @property
    def secret_fields(self) -> list[forms.BoundField]:
        """The fields that never show again what was typed."""
        return [field for field in self if field.name.startswith(SECRET)]

    def clean(self) -> dict[str, Any]:
        """Ask for what the place wants to know, once its kind is; then look at the whole."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        target = cleaned["target"]
        if target != ONION and target.partition(":")[0] not in KINDS:
            self.add_error("target", _("There is no such kind of mirror. Begin with one of those below."))
            return cleaned
        try:
            self.mirror = new_mirror(
                self._register, target, public=cleaned["public"], name=cleaned["name"], now=self._now,
                proxy=cleaned["proxy"], kilobytes_per_second=cleaned["kilobytes_per_second"] or 0,
                is_listed=cleaned["is_listed"],
            )  # fmt: skip
        except MirrorRefusedError as error:
            self.add_error(None, said(str(error)))
            return cleaned
        self.is_asking = any(field.html_name not in self.data for field in self.secret_fields)
        return cleaned

    def _asked(self) -> Mapping[str, str]:
        target = str(self.data.get("target", "")).strip()
        if target.partition(":")[0] not in KINDS:
            return {}
        return asked_by(target)
