"""How files of evidence reach the desk: they stay in memory until it is known whether they are to be sealed.

Django writes large uploads into a temporary file. A file that is to be sealed would lie there as it is, and what was on
a disk once can be found there. So a file that is sent to the desk's pages of evidence is kept in memory, as much of it
as evidence may have; of a larger one only its size is kept, so that the form can say so.
"""

import io
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopFutureHandlers

from stet.sourcing.copies import current_folder

PAGES = ("/snippets/sourcing/evidence/", "/snippets/choose/sourcing/evidence/")


class EvidenceUpload(FileUploadHandler):
    """Takes files that are sent to the pages of evidence; leaves all others to Django's handlers."""

    chunk_size = 256 * 1024

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        self._is_ours = self.request is not None and self.request.path_info.startswith(PAGES)
        self._body = io.BytesIO()
        self._size = 0
        if self._is_ours:
            raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:  # noqa: ARG002 - Django's signature
        """Keep a piece, or hand it on."""
        if not self._is_ours:
            return raw_data
        self._size += len(raw_data)
        if self._size > current_folder().largest_bytes:
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
