"""A photo's pixels put in the place of others: afterwards nothing at the desk holds the old ones.

The rules:
 * The new file is on the disk before the row names it. Once the row does, the old file and every size that Wagtail made
   of it are deleted at once, not when some worker comes to it. A size that is being made of the old one in that very
   moment is thrown away by whoever makes it.
 * Of two who replace the same file at once, one is refused: theirs would bring back what the other made unknowable.
 * What the press rendered goes by the row's triggers: the digest of the old file is left in the outbox.
 * A sealed original stays sealed and stays where it is.
"""

import io
from pathlib import Path

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image

from stet.newsroom.errors import PhotoRefusedError
from stet.newsroom.models import Photo
from stet.newsroom.photos.blurring import How, Mark, blurred
from stet.newsroom.photos.looks import look_of


def blur(photo: Photo, marks: tuple[Mark, ...], how: How) -> None:
    """Make what is marked unknowable, for good."""
    with photo.open_file() as file, Image.open(file) as opened:
        mode = "RGBA" if opened.mode in ("RGBA", "LA", "PA") or "transparency" in opened.info else "RGB"
        made = blurred(opened.convert(mode), marks, how)
    photo.is_blurred = True
    replace_pixels(photo, made)


def replace_pixels(photo: Photo, made: Image.Image) -> None:
    """Make `made` the photo's file. Its number, and all that uses it, stay."""
    storage, old = photo.file.storage, photo.file.name
    body = io.BytesIO()
    if made.mode == "RGBA":
        made.save(body, "PNG")
    else:
        made.save(body, "JPEG", quality=92, subsampling=0)
    place = photo.get_upload_to(f"{Path(old).stem[:60]}.{'png' if made.mode == 'RGBA' else 'jpg'}")
    fresh = storage.save(place, ContentFile(body.getvalue()))
    try:
        photo.file = fresh
        photo._set_image_file_metadata()
        photo.file.close()
        photo.note_look(look_of(made))
        with transaction.atomic():
            if Photo.objects.select_for_update().filter(pk=photo.pk, file=old).first() is None:
                raise PhotoRefusedError(_("The photo was changed since this page was opened. Mark it once more."))
            photo.save()
            stale = [(size.file.storage, size.file.name) for size in photo.renditions.all()]
            photo.renditions.all().delete()
            transaction.on_commit(lambda: [where.delete(name) for where, name in ((storage, old), *stale)])
    except BaseException:
        storage.delete(fresh)
        raise
