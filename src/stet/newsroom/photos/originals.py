"""Photos as they were uploaded: not kept, or sealed before they touch the disk. A setting of the newsroom's says which.

The rules:
 * Sealed means: to the public key that evidence is sealed with. The desk cannot open it again; `stet photos open` does,
   on the machine that has the private half.
 * Where originals are to be kept and there is no key, a photo is refused, rather than taken without its original.
 * A sealed original is named by the SHA-256 of the stripped file that was made from it; it stays when that is blurred.
 * What an original was called, what it says of its camera and where it was taken, is inside the seal and nowhere else.
"""

import hashlib
from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings
from django.utils.translation import gettext as _

from stet.kit.digests import is_hex_digest
from stet.kit.sealing import SealKeyRefusedError, load_public_key, seal
from stet.newsroom.errors import PhotoRefusedError

INFO = b"stet photo 1"
"""What seals of photos are for; one of evidence does not open as a photo."""
SUFFIX = ".sealed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Originals:
    """Where originals are kept, if at all, and what seals them."""

    folder: Path
    sealing_key: Path
    """The public half; the private one is not on the desk."""
    is_kept: bool = False

    def keep(self, original: bytes, *, name: str, media_type: str, stripped: bytes) -> str:
        """Seal an original; what it is found by. Empty where none is kept. Raises PhotoRefusedError without a key."""
        if not self.is_kept:
            return ""
        try:
            key = load_public_key(self.sealing_key)
        except SealKeyRefusedError as error:
            raise PhotoRefusedError(
                _(
                    "Originals are to be kept sealed, and the key to seal them with is missing or damaged. Tell your "
                    "technician: `stet keys evidence` makes it."
                )
            ) from error
        number = hashlib.sha256(stripped).hexdigest()
        file = self.file(number)
        if not file.exists():
            self._write(file, seal(original, name=name, media_type=media_type, public_key=key, info=INFO))
        return number

    def file(self, number: str) -> Path:
        """Where a sealed original lies. `number` is what `keep` answered."""
        if not is_hex_digest(number):
            raise ValueError("A sealed original is named by a digest.")
        return self.folder / number[:2] / f"{number}{SUFFIX}"

    def has(self, number: str) -> bool:
        """Whether a sealed original is there."""
        return bool(number) and self.file(number).is_file()

    def drop(self, number: str) -> None:
        """Delete a sealed original, if it is there."""
        if number:
            self.file(number).unlink(missing_ok=True)

    def strays(self, known: Container[str], *, before: datetime) -> Iterator[str]:
        """Sealed originals of uploads that never became a photo, written before a moment."""
        for file in self.folder.glob(f"*/*{SUFFIX}"):
            number = file.name.removesuffix(SUFFIX)
            if number not in known and is_hex_digest(number) and file.stat().st_mtime < before.timestamp():
                yield number

    def _write(self, file: Path, sealed: bytes) -> None:
        for folder in (self.folder, file.parent):
            folder.mkdir(mode=0o700, exist_ok=True)
        with NamedTemporaryFile(dir=file.parent, prefix=".writing-", delete=False) as writing:
            writing.write(sealed)
        Path(writing.name).replace(file)


def current_originals() -> Originals:
    """Where this newsroom keeps originals."""
    kept: Originals = settings.STET_ORIGINALS  # type: ignore[misc]  # made at start from stet.toml
    return kept
