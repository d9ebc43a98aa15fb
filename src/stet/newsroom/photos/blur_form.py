"""What is marked to be blurred, as the page sends it: painted with a brush, or told in numbers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stet.newsroom.models import Photo
from stet.newsroom.photos.blurring import Mark, Rectangle, read_marks, regions


def _percent(label: Any) -> forms.DecimalField:
    widget = forms.NumberInput(attrs={"step": "0.1", "inputmode": "decimal"})
    return forms.DecimalField(
        label=label, required=False, min_value=0, max_value=100, max_digits=5, decimal_places=2, widget=widget
    )


class BlurForm(forms.Form):
    """Marks, and what is to be done with them. `digest` is the file's that they were made on."""

    marks = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"data-stet-marks": ""}))
    digest = forms.CharField(widget=forms.HiddenInput)
    left = _percent(_("From the left, %"))
    top = _percent(_("From the top, %"))
    width = _percent(_("Width, %"))
    height = _percent(_("Height, %"))
    how = forms.ChoiceField(
        label=_("What is marked"),
        choices=[("blur", _("is blurred")), ("cover", _("is covered with one colour"))],
        widget=forms.RadioSelect,
        initial="blur",
    )

    def __init__(self, *args: Any, photo: Photo, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"digest": photo.file_hash, "how": "blur"}, **kwargs})
        self.photo = photo
        self.found: tuple[Mark, ...] = ()
        """What is to be blurred, once the form is valid."""

    def clean(self) -> dict[str, Any]:
        """Refuse marks on another photo than this one is by now, and none at all."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("digest") and cleaned["digest"] != self.photo.file_hash:
            raise forms.ValidationError(_("The photo was changed since this page was opened. Mark it once more."))
        told, painted = self._rectangle(cleaned), read_marks(cleaned["marks"]) if cleaned.get("marks") else ()
        if painted is None:
            raise forms.ValidationError(_("The marks arrived damaged, or there are too many. Mark it once more."))
        self.found = (*painted, *told)
        if not regions((self.photo.width, self.photo.height), self.found):
            raise forms.ValidationError(_("Nothing in the photo is marked."))
        return cleaned

    def _rectangle(self, cleaned: dict[str, Any]) -> tuple[Mark, ...]:
        sides = [cleaned.get(name) for name in ("left", "top", "width", "height")]
        if not sides[2] or not sides[3]:
            return ()
        left, top, width, height = (float(side or 0) / 100 for side in sides)
        across, down = self.photo.width, self.photo.height
        return (Rectangle(x=left * across, y=top * down, width=width * across, height=height * down),)
