"""The desk's form of a piece of evidence: what it is, who may see it, and the file, taken in once.

The desk fetches nothing: what is at an address is captured by hand, with a tool of the newsroom's own, and its file or
its digest is given here.
"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.search import index

from stet.kit.errors import StetError
from stet.sourcing import keeping
from stet.sourcing.copies import current_folder
from stet.sourcing.digesting import is_sha256, sha256_of
from stet.sourcing.models import Evidence
from stet.sourcing.terms import Visibility

NEEDS_WORKING_COPY = _(
    "A document, sound or film may tell who made it. Upload a working copy that was looked over; only that is printed."
)


class EvidenceForm(WagtailAdminModelForm):
    """A piece of evidence with its copies."""

    file = forms.FileField(
        label=_("File"), required=False,
        help_text=_("Kept as it is, to the last byte, and never changed. It can't be replaced later."),
    )  # fmt: skip
    working = forms.FileField(
        label=_("Working copy"), required=False,
        help_text=_("What people look at and what is printed, such as a copy with names blacked out. "
                    "Of a picture it is made by itself, without what the camera wrote into it."),
    )  # fmt: skip
    digest = forms.CharField(
        label=_("SHA-256 of the capture"), required=False, max_length=64,
        help_text=_("As the capture tool or sha256sum prints it. With a file, the two are compared."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row = Evidence.objects.filter(pk=self.instance.pk).first() if self.instance.pk else None
        self._has_file = row is not None and row.size_bytes is not None
        self._was = row
        if self._has_file:
            self.fields["file"].disabled = self.fields["digest"].disabled = True
            self.fields["file"].help_text = _("It was taken in, and stays as it is.")
        if row is not None and not self._is_sealed:
            self.fields["digest"].initial = row.sha256

    def clean_digest(self) -> str:
        """A digest as others write it, in small letters."""
        digest = str(self.cleaned_data["digest"]).strip().lower()
        if digest and not is_sha256(digest):
            raise forms.ValidationError(_("A SHA-256 has 64 digits from 0 to 9 and a to f."))
        return digest

    def clean_file(self) -> Any:
        """A file that evidence may be."""
        return self._checked("file")

    def clean_working(self) -> Any:
        """A working copy that evidence may have."""
        return self._checked("working")

    def _checked(self, field: str) -> Any:
        """The upload with its bytes and its type, or a sentence why not."""
        upload = self.cleaned_data.get(field)
        if not upload:
            return None
        try:
            keeping.refuse_large(upload.size, folder=current_folder())
            upload.seek(0)
            upload.body = upload.read()
            upload.media_type = keeping.checked_type(upload.body, folder=current_folder())
            keeping.stripped(upload.body, media_type=upload.media_type)
        except StetError as error:
            raise forms.ValidationError(str(error)) from error
        return upload

    def clean(self) -> dict[str, Any]:
        """Refuse what would tell of sealed evidence, or print what nobody looked over."""
        cleaned: dict[str, Any] = super().clean()
        if self.errors:
            return cleaned
        file = cleaned.get("file")
        if not (file or self._has_file or cleaned.get("url")):
            self.add_error("file", _("Upload a file, or give an address."))
        if file and cleaned.get("digest") and sha256_of(file.body) != cleaned["digest"]:
            self.add_error("file", _("This file has another SHA-256 than the one below. It is not what was captured."))
        if cleaned["visibility"] == Visibility.SEALED:
            self._clean_sealed(cleaned, file)
        elif self._is_sealed:
            self.add_error("visibility", _("The desk can't open what is sealed. Upload the file once more, unsealed."))
        elif cleaned["visibility"] == Visibility.PUBLIC:
            self._clean_public(cleaned, file)
        return cleaned

    @property
    def _is_sealed(self) -> bool:
        return self._was is not None and self._was.visibility == Visibility.SEALED

    def _clean_sealed(self, cleaned: dict[str, Any], file: Any) -> None:
        if self._was is not None and not self._is_sealed and (self._has_file or not file):
            sentence = _("It lay here unsealed. Upload it anew as sealed evidence, and delete this one.")
            self.add_error("visibility", sentence)
        elif not file and not self._has_file:
            self.add_error("file", _("Only a file can be sealed. Capture the page into one."))
        if cleaned.get("url"):
            self.add_error(
                "url", _("Sealed evidence keeps no address: it would tell what is in it. Put it into the file.")
            )
        if cleaned.get("working"):
            self.add_error("working", _("Sealed evidence has no working copy. Leave this empty."))
        if cleaned.get("digest") and not self._has_file:
            self.add_error(
                "digest", _("Sealed evidence keeps no digest here; it is sealed with the file. Leave this empty.")
            )
        try:
            current_folder().public_key()
        except StetError as error:
            self.add_error("visibility", str(error))

    def _clean_public(self, cleaned: dict[str, Any], file: Any) -> None:
        media_type = file.media_type if file else self.instance.media_type if self._has_file else ""
        has_working = cleaned.get("working") or (self._has_file and self.instance.working_sha256)
        if media_type and keeping.needs_working_copy(media_type) and not has_working:
            self.add_error("working", NEEDS_WORKING_COPY)

    def save(self, commit: bool = True) -> Evidence:  # noqa: FBT001, FBT002 - Django's signature
        """Keep the copies, then the row; a copy without a row is found by `stet sourcing verify`."""
        piece: Evidence = super().save(commit=False)
        file, working, folder = self.cleaned_data.get("file"), self.cleaned_data.get("working"), current_folder()
        before = self._was.working_sha256 if self._was is not None else ""
        if file and not self._has_file:
            keeping.take_in(piece, file.body, name=file.name, folder=folder)
        elif not self._has_file:
            piece.sha256 = self.cleaned_data["digest"]
        if working:
            keeping.take_working(piece, working.body, folder=folder)
        if commit:
            piece.save()
            index.insert_or_update_object(piece)
            if before and before != piece.working_sha256:
                keeping.drop_unused(original="", working=before, folder=folder)
        return piece
