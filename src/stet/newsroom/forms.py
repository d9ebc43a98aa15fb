"""The desk's form for photos: what can't be printed is refused here, in words."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from PIL import Image
from wagtail.images.forms import BaseImageForm

from stet.newsroom.errors import PhotoRefusedError
from stet.newsroom.photos.originals import current_originals
from stet.newsroom.photos.similar import near
from stet.newsroom.stripping import strip_photo

if TYPE_CHECKING:
    from stet.newsroom.models import Photo

MOST_ALIKE = 3


class PhotoForm(BaseImageForm):
    """Takes a photo with a description and a credit; a credit in the file's IPTC will do."""

    class Meta(BaseImageForm.Meta):
        """A day is chosen with what the browser has for it."""

        widgets = {
            **BaseImageForm.Meta.widgets,
            "usable_until": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "caption": forms.Textarea(attrs={"rows": 3}),
            "rights_note": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["description"].required = True
        self.fields["description"].label = _("Alternative text")
        self.fields["description"].help_text = _("What the photo shows, for who can't see it. One sentence.")
        self.fields["credit"].required = False
        if "file" in self.fields:  # Where many are taken in at once, each is described after it was uploaded.
            self.fields["file"].to_python = _in_words(self.fields["file"])

    def clean_file(self) -> Any:
        """Strip a new file and seal its original, so that a bad one is refused before anything is stored."""
        file = self.cleaned_data.get("file")
        if isinstance(file, UploadedFile):
            try:
                self.instance.stripped = strip_photo(file, name=file.name or "photo")
                self.instance.stripped.keep_original(current_originals())
            except PhotoRefusedError as error:
                raise ValidationError(str(error)) from error
        return file

    def clean(self) -> dict[str, Any]:
        """A photo has a credit: typed, or read from the file."""
        cleaned: dict[str, Any] = super().clean()
        stripped = getattr(self.instance, "stripped", None)
        cleaned["credit"] = cleaned.get("credit") or (stripped.credit if stripped else "")
        if not cleaned["credit"] and "file" not in self.errors:
            self.add_error("credit", _("Say who took the photo; the file does not."))
        return cleaned

    @cached_property
    def alike(self) -> "list[Photo]":
        """Photos that the newsroom has already and that look like this one, the nearest first."""
        from stet.newsroom.models import Photo

        stripped = getattr(self.instance, "stripped", None)
        look = stripped.look if stripped else self.instance.look
        numbers = [number for number, _bits in near(look, besides=self.instance.pk)[:MOST_ALIKE]]
        found = Photo.objects.in_bulk(numbers)
        return [found[number] for number in numbers if number in found]


def _in_words(field: Any) -> Callable[[Any], Any]:
    """Say what Wagtail's own look at a damaged file does not: it opens the photo before `clean_file` is asked.

    Of a file that is too large nothing but its size was kept.
    """
    to_python = field.to_python

    def explained(file: Any) -> Any:
        if isinstance(file, UploadedFile):
            field.check_image_file_size(file)
        try:
            return to_python(file)
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
            raise ValidationError(_("This photo is damaged. Export it again and upload the new file.")) from error

    return explained
