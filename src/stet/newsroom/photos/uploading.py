"""Many photos taken in at once: Wagtail's page for it, with what waits for its words stripped before it waits.

Wagtail keeps a file whose form is not complete yet as it came, and asks for the rest. A photo is never complete when it
comes, since nobody described it: so every one of them would lie on the disk with all that its camera wrote into it.
Here it is stripped first, and what IPTC says of it stands in the form already.
"""

import io
from hashlib import sha256
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from PIL import Image
from wagtail.images.views.chooser import ImageUploadView
from wagtail.images.views.multiple import AddView, CreateFromUploadedImageView
from wagtail.models import UploadedFile

from stet.newsroom.models import Photo
from stet.newsroom.photos.looks import look_of
from stet.newsroom.photos.originals import current_originals

FORM = "newsroom/photos/upload_form.html"
FILE = "files[]"


class AddPhotos(AddView):
    """The page where many are uploaded, and what takes in each of them."""

    edit_form_template_name = FORM

    def post(self, request: HttpRequest) -> HttpResponse:
        """Take in one file; answer with the form in which it is described."""
        if FILE not in request.FILES:
            return HttpResponseBadRequest("Must upload a file")
        file: Any = request.FILES[FILE]
        told: dict[str, Any] = {
            "title": request.POST.get("title") or file.name,
            "collection": request.POST.get("collection"),
        }
        form = self.get_upload_form_class()(told, {"file": file}, user=request.user)
        form.is_valid()
        stripped = form.instance.stripped
        if stripped is None or "file" in form.errors:
            return JsonResponse(self.get_invalid_response_data(form))
        self.object = Photo(title=told["title"][:255], collection_id=_number(told["collection"]))
        self.object.take(stripped)
        self.upload_object = UploadedFile.objects.create(
            for_content_type=ContentType.objects.get_for_model(Photo),
            file=stripped.as_file(),
            uploaded_by_user=request.user,
        )
        return JsonResponse(self.get_edit_upload_response_data())


class DescribePhoto(CreateFromUploadedImageView):
    """What takes in the words, and makes a photo of file and words."""

    edit_form_template_name = FORM

    def save_object(self, form: Any) -> None:
        """The file was stripped when it came: what it looks like and where its original lies is found by it."""
        self.upload.file.open("rb")
        body = self.upload.file.read()
        self.upload.file.seek(0)
        number = sha256(body).hexdigest()
        self.object.original = number if current_originals().has(number) else ""
        with Image.open(io.BytesIO(body)) as image:
            self.object.note_look(look_of(image))
        super().save_object(form)
        self.object.file.close()


class UploadWhileChoosing(ImageUploadView):
    """The upload of the dialogue in which photos are chosen: it asks which of two that look alike is meant."""

    def get_chosen_response(self, photo: Photo) -> HttpResponse:
        """The photo; or the question, which Wagtail asks only of files that are the same to the byte."""
        if photo.similar_to is not None:
            answer: HttpResponse = self.render_duplicate_found_response(self.request, photo, photo.similar_to)
        else:
            answer = super().get_chosen_response(photo)
        return answer


def _number(told: str | None) -> int | None:
    return int(told) if told and told.isdecimal() else None
