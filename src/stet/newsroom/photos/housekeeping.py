"""What is left behind by photos, and is taken away; what was not looked at yet, and is.

The rules:
 * A sealed original goes with the last photo that was made of it.
 * An upload that nobody described in a week goes, with its sealed original.
 * Photos from before looks were kept are looked at a few at a time.
"""

import io
from datetime import datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models.signals import post_delete
from PIL import Image
from wagtail.models import UploadedFile

from stet.newsroom.photos.looks import look_of
from stet.newsroom.photos.originals import current_originals

WAITS = timedelta(days=7)
"""How long an upload waits for its words."""
AT_ONCE = 200


def connect() -> None:
    """Follow photos that are deleted from now on."""
    from stet.newsroom.models import Photo

    post_delete.connect(_drop_original, sender=Photo, dispatch_uid="newsroom-photo-original")


def _drop_original(instance: Any, **_signal: Any) -> None:
    from stet.newsroom.models import Photo

    number = instance.original
    if number and not Photo.objects.filter(original=number).exists():
        transaction.on_commit(lambda: current_originals().drop(number))


def sweep(*, now: datetime) -> int:
    """Take away uploads that were left, and originals without a photo; answer how many."""
    from stet.newsroom.models import Photo

    kind = ContentType.objects.get_for_model(Photo)
    left = [upload for upload in UploadedFile.objects.filter(for_content_type=kind) if _is_old(upload, now - WAITS)]
    for upload in left:
        upload.file.delete(save=False)
        upload.delete()
    known = set(Photo.objects.exclude(original="").values_list("original", flat=True))
    strays = list(current_originals().strays(known, before=now - WAITS))
    for number in strays:
        current_originals().drop(number)
    return len(left) + len(strays)


def _is_old(upload: UploadedFile, before: datetime) -> bool:
    try:
        return bool(upload.file.storage.get_modified_time(upload.file.name) < before)
    except FileNotFoundError:
        return True


def look_at_old_ones(*, most: int = AT_ONCE) -> int:
    """Note what photos look like that were taken in before looks were kept; answer how many."""
    from stet.newsroom.models import Photo

    waiting = list(Photo.objects.filter(was_looked_at=False).order_by("pk")[:most])
    for photo in waiting:
        try:
            with photo.open_file() as file, Image.open(io.BytesIO(file.read())) as image:
                photo.note_look(look_of(image))
        except OSError:  # A file that is gone or damaged is named by the doctor; it has no look.
            photo.note_look(None)
        Photo.objects.filter(pk=photo.pk).update(
            look=photo.look, look_1=photo.look_1, look_2=photo.look_2, look_3=photo.look_3, look_4=photo.look_4,
            was_looked_at=True, similar_to=photo.similar_to_id,
        )  # fmt: skip
    return len(waiting)
