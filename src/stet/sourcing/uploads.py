"""How files of evidence reach the desk: they stay in memory until it is known whether they are to be sealed."""

from stet.newsroom.uploads import UploadInMemory
from stet.sourcing.copies import current_folder


class EvidenceUpload(UploadInMemory):
    """Evidence: what is to be sealed never lies on a disk unsealed."""

    pages = ("/snippets/sourcing/evidence/", "/snippets/choose/sourcing/evidence/")

    def largest_bytes(self) -> int:
        """What `evidence.largest_upload_bytes` says."""
        return current_folder().largest_bytes
