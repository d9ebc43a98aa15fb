"""Photos: credited, described, and without a trace of where and by what they were taken."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import AbstractImage, AbstractRendition, Image
from wagtail.search import index

from stet.newsroom.stripping import StrippedPhoto, strip_photo


class Photo(AbstractImage):
    """A photo of the newsroom. `description` is its alternative text.

    What is kept of an uploaded file are its pixels: saving a new file copies them into a new image and reads credit
    and caption out of IPTC first, into fields that are still empty.
    """

    file: Any  # Wagtail's field; Wagtail ships no types

    credit = models.CharField(
        _("credit"), max_length=255, help_text=_("Photographer and agency, as they are to be printed.")
    )
    caption = models.TextField(_("caption"), blank=True, max_length=2000)
    licence = models.CharField(_("licence"), max_length=255, blank=True)

    stripped: StrippedPhoto | None = None
    """What the desk's form made of an uploaded file already."""

    admin_form_fields = (
        "title",
        "file",
        "description",
        "credit",
        "caption",
        "licence",
        "collection",
        "tags",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )
    search_fields = [
        *Image.search_fields,
        index.SearchField("credit"),
        index.SearchField("caption"),
        # What the desk narrows and sorts by while words are looked for.
        index.RelatedFields("tags", [index.FilterField("name")]),
        index.FilterField("file_size"),
    ]

    class Meta(AbstractImage.Meta):
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        permissions = [("choose_image", "Can choose image")]

    def save(self, *args: object, **kwargs: object) -> None:
        """Strip a new file before it touches the disk."""
        if self.file and not self.file._committed:
            self._strip()
        super().save(*args, **kwargs)

    def _strip(self) -> None:
        stripped = self.stripped or strip_photo(self.file.file, name=self.file.name)
        self.stripped = None
        self.credit = self.credit or stripped.credit
        self.caption = self.caption or stripped.caption
        self.file = stripped.as_file()
        self._set_image_file_metadata()


class PhotoRendition(AbstractRendition):
    """A size made for the desk. Readers get what the press renders."""

    image = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)
