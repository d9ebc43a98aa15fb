"""How files reach the desk that must not lie on a disk as they were sent: they stay in memory.

Django writes large uploads into a temporary file, and what was on a disk once can be found there. As much of a file is
kept as may be taken; of a larger one only its size is, so that the form can say so.
"""

import io
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopFutureHandlers


class UploadInMemory(FileUploadHandler):
    """Takes files that are sent to some pages; leaves all others to the handlers after it."""

    chunk_size = 256 * 1024
    pages: tuple[str, ...] = ()
    """How the addresses of those pages begin."""

    def largest_bytes(self) -> int:
        """The largest file that is kept."""
        raise NotImplementedError

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        self._is_ours = self.request is not None and self.request.path_info.startswith(self.pages)
        self._body = io.BytesIO()
        self._size = 0
        if self._is_ours:
            raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:  # noqa: ARG002 - Django's signature
        """Keep a piece, or hand it on."""
        if not self._is_ours:
            return raw_data
        self._size += len(raw_data)
        if self._size > self.largest_bytes():
            self._body = io.BytesIO()
        else:
            self._body.write(raw_data)
        return None

    def file_complete(self, file_size: int) -> InMemoryUploadedFile | None:  # noqa: ARG002 - Django's signature
        """The file, if it was ours."""
        if not self._is_ours:
            return None
        self._body.seek(0)
        return InMemoryUploadedFile(
            self._body, self.field_name, self.file_name, self.content_type, self._size, self.charset
        )


class PhotoUpload(UploadInMemory):
    """Photos: what their camera wrote into them is taken out before they touch a disk."""

    pages = ("/images/",)

    def largest_bytes(self) -> int:
        """What `photos.largest_upload_bytes` says."""
        return int(settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE)  # type: ignore[misc]  # Wagtail's
