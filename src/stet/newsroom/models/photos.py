"""Photos: credited, described, and without a trace of where and by what they were taken."""

from datetime import date
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import AbstractImage, AbstractRendition, Image, SourceImageIOError
from wagtail.search import index

from stet.newsroom.photos import looks
from stet.newsroom.photos.originals import current_originals
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
    licence = models.CharField(
        _("licence"), max_length=255, blank=True, help_text=_("What the photo may be used under. Not printed.")
    )
    usable_until = models.DateField(
        _("usable until"),
        null=True,
        blank=True,
        help_text=_("The last day on which readers may see it. On the next one it leaves the paper by itself."),
    )
    not_in_letters = models.BooleanField(
        _("not in newsletters"), default=False, help_text=_("Newsletters are sent without it, the website shows it.")
    )
    rights_note = models.TextField(
        _("note on rights"), blank=True, max_length=1000, help_text=_("For colleagues; readers do not see it.")
    )

    is_blurred = models.BooleanField(_("blurred"), default=False, editable=False)
    look = models.BigIntegerField(null=True, editable=False)
    """What it looks like; None where nobody looked yet, or there is too little to see."""
    look_1 = models.PositiveIntegerField(null=True, editable=False, db_index=True)
    look_2 = models.PositiveIntegerField(null=True, editable=False, db_index=True)
    look_3 = models.PositiveIntegerField(null=True, editable=False, db_index=True)
    look_4 = models.PositiveIntegerField(null=True, editable=False, db_index=True)
    was_looked_at = models.BooleanField(default=False, editable=False)
    similar_to = models.ForeignKey("self", null=True, editable=False, on_delete=models.SET_NULL, related_name="+")
    """An older photo that this one looks like, until somebody says that they are two."""
    original = models.CharField(max_length=64, blank=True, editable=False)
    """What the sealed original is found by; empty where none is kept."""

    similar_to.wagtail_reference_index_ignore = True  # type: ignore[attr-defined]  # what Wagtail asks a field

    stripped: StrippedPhoto | None = None
    """What the desk's form made of an uploaded file already."""

    admin_form_fields = (
        "title",
        "file",
        "description",
        "credit",
        "caption",
        "licence",
        "usable_until",
        "not_in_letters",
        "rights_note",
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
        index.FilterField("usable_until"),
        index.FilterField("not_in_letters"),
    ]

    class Meta(AbstractImage.Meta):
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        permissions = [("choose_image", "Can choose image")]

    @property
    def is_expired(self) -> bool:
        """Whether its last day has passed, by the paper's clock."""
        return self.is_expired_on(timezone.localdate())

    def is_expired_on(self, day: date) -> bool:
        """Whether its last day lies before `day`."""
        return self.usable_until is not None and self.usable_until < day

    @property
    def similar(self) -> "list[Photo]":
        """The older photo that it looks like, if any."""
        return [self.similar_to] if self.similar_to is not None else []

    def save(self, *args: object, **kwargs: object) -> None:
        """Strip a new file before it touches the disk, and note what it looks like."""
        if self.file and not self.file._committed:
            self._strip()
        super().save(*args, **kwargs)

    def create_rendition(self, filter: Any) -> Any:  # noqa: A002 - Wagtail's name
        """A size of the photo; none of a file that was replaced while it was made."""
        made = super().create_rendition(filter)
        self._keep_if_current([made])
        return made

    def create_renditions(self, *filters: Any) -> dict[Any, Any]:
        """Some sizes of the photo, by what they were asked for."""
        made: dict[Any, Any] = super().create_renditions(*filters)
        self._keep_if_current(list(made.values()))
        return made

    def _keep_if_current(self, made: list[Any]) -> None:
        """Delete sizes again whose file is the photo's no more: somebody blurred it meanwhile.

        Who blurs writes the row first and then deletes the sizes that are there, so either they see these, or the row
        that is locked here names another file.
        """
        with transaction.atomic():
            now = Photo.objects.select_for_update().filter(pk=self.pk).values_list("file", flat=True).first()
            if now == self.file.name:
                return
            # SQLite tells no number of several rows that were made at once.
            PhotoRendition.objects.filter(image_id=self.pk, file__in=[size.file.name for size in made]).delete()
        for size in made:
            size.file.storage.delete(size.file.name)
        raise SourceImageIOError("The photo was changed while a size of it was made.")

    def take(self, stripped: StrippedPhoto) -> None:
        """Fill in what an uploaded file said of itself, where nobody wrote anything else, and keep its look."""
        self.credit = self.credit or stripped.credit
        self.caption = self.caption or stripped.caption
        self.original = stripped.keep_original(current_originals())
        self.note_look(stripped.look)

    def note_look(self, look: int | None) -> None:
        """Keep a look, with the older photo that looks the same, if any."""
        from stet.newsroom.photos.similar import like  # not before all models are there

        self.look, self.was_looked_at = look, True
        self.look_1, self.look_2, self.look_3, self.look_4 = (None,) * 4 if look is None else looks.bands(look)
        self.similar_to_id = next((other for other in like(self) if self.pk is None or other < self.pk), None)

    def _strip(self) -> None:
        stripped = self.stripped or strip_photo(self.file.file, name=self.file.name)
        self.stripped = None
        self.take(stripped)
        self.is_blurred = False
        self.file = stripped.as_file()
        self._set_image_file_metadata()


class PhotoRendition(AbstractRendition):
    """A size made for the desk. Readers get what the press renders."""

    image = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)
