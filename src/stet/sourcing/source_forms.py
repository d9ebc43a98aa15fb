"""The desk's form of a source. Of an unnamed one it keeps a description in each language, and nothing else."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.search import index

from stet.sourcing.languages import preset_language
from stet.sourcing.models import Source, SourceName
from stet.sourcing.terms import SourceKind
from stet.sourcing.unnaming import holds_name, leave_no_name
from stet.sourcing.usage import claims_with_source

CLEARED = ("role", "interest", "slug")


class SourceForm(WagtailAdminModelForm):
    """A source with its names."""

    cleared = False
    """Whether something was written beside a description, and not kept."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        preset_language(self.formsets["names"])
        self._was = Source.objects.filter(pk=self.instance.pk).first() if self.instance.pk else None

    def is_valid(self) -> bool:
        """Whether it can be saved; the names' own forms are clean only now."""
        if not super().is_valid():
            return False
        is_unnamed = self.cleaned_data["kind"] == SourceKind.UNNAMED
        if self._was is not None and is_unnamed != self._was.is_unnamed and not self._may_turn():
            return False
        if not is_unnamed:
            return True
        for form in self._names():
            self._clear(form)
        return self._was is None or self._was.is_unnamed or self._is_described_anew()

    def _names(self) -> list[Any]:
        formset = self.formsets["names"]
        return [form for form in formset.forms if form not in formset.deleted_forms and form.cleaned_data]

    def _may_turn(self) -> bool:
        """Whether it may become unnamed, or named; where histories name it, say what to do instead."""
        claims = claims_with_source(self.instance)
        if not claims:
            return True
        if self._was is not None and self._was.is_unnamed:
            sentence = _("Readers know this source by its description alone, and histories name it. Make a new source.")
        else:
            sentence = ngettext(
                "It was named in the history of %(number)d claim, and histories are kept. Make a new source.",
                "It was named in the histories of %(number)d claims, and histories are kept. Make a new source.",
                claims,
            ) % {"number": claims}
        self.add_error("kind", sentence)
        return False

    def _is_described_anew(self) -> bool:
        """Whether every description is another text than the names were."""
        old = list(SourceName.objects.filter(source=self.instance).values_list("name", flat=True))
        telling = [form for form in self._names() if holds_name(form.cleaned_data["name"], old)]
        for form in telling:
            form.add_error(
                "name", _("It still holds the name. Write only what readers may see: “an official who was present”.")
            )
        return not telling

    def _clear(self, form: Any) -> None:
        for field in CLEARED:
            if form.cleaned_data.get(field):
                self.cleared = True
            form.cleaned_data[field] = ""
            setattr(form.instance, field, "")

    def save(self, commit: bool = True) -> Source:  # noqa: FBT001, FBT002 - Django's signature
        """Save it; where it became unnamed, clear what named it."""
        source: Source = super().save(commit=commit)
        if commit and source.is_unnamed and self._was is not None and not self._was.is_unnamed:
            leave_no_name(source)
        elif commit:
            index.insert_or_update_object(source)
        return source
