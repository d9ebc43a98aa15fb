"""Running jobs and turning what they make into sheets that can be put into the edition."""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path

from stet.edition.errors import SheetRefusedError
from stet.edition.keys import Signer
from stet.edition.page_signature import sign_page
from stet.edition.sheet import Sheet, file_path
from stet.press import registry
from stet.press.job import JobResult, Product, Reading, SheetFile, Unsigned, kind_of
from stet.press.keys import Read
from stet.press.materials import Materials

HTML = "text/html"

Printed = Callable[[str], str | None]
"""Path → digest of the sheet that stands there, or None."""

_setters = count()


@dataclass(frozen=True, slots=True)
class Made:
    """A sheet that a job made. `source` is its bytes, a staged file, or None where the same bytes stand already."""

    path: str
    digest: str
    size: int
    media_type: str
    source: bytes | Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A job that ran."""

    name: str
    sheets: tuple[Made, ...]
    reads: frozenset[Read] = frozenset()
    due: int | None = None
    refused: tuple[str, ...] = ()
    """Sentences about sheets that can't be printed."""


@dataclass(slots=True, kw_only=True)
class Setter:
    """Runs jobs in one process: sets, signs, digests and stages.

    With `staging` bytes go to files there; without, they stay in memory. `printed` says what stands already.
    """

    materials: Materials
    signer: Signer
    site_id: str
    now: datetime
    printed: Printed
    staging: Path | None = None
    _setter: int = field(default_factory=lambda: next(_setters))
    _numbers: Iterator[int] = field(default_factory=count)

    def run_all(self, names: Sequence[str]) -> Iterator[Done]:
        """Run jobs in order; articles' rows are read together."""
        self.materials.load_articles([int(n.partition(":")[2]) for n in names if kind_of(n) == "article"])
        for name in names:
            yield self.run(name)
        self.materials.forget_rows()

    def run(self, name: str) -> Done:
        """Run one job."""
        result = registry.run(name, Reading(self.materials, self.now))
        sheets, refused = [], []
        for product in result.products:
            try:
                sheets.append(self._made(product))
            except SheetRefusedError as error:
                refused.append(str(error))
        return _done(name, result, sheets, refused)

    def _made(self, product: Product) -> Made:
        path = file_path(product.path)
        match product:
            case SheetFile():
                return self._made_of_file(product, path)
            case Unsigned():
                body = sign_page(
                    product.html,
                    path=path,
                    revision=product.revision,
                    time=product.time,
                    site=self.site_id,
                    signer=self.signer,
                )
                media_type = HTML
            case Sheet():
                body, media_type = product.body, product.media_type
        digest = hashlib.sha256(body).hexdigest()
        source = None if self.printed(path) == digest else self._staged(body)
        return Made(path, digest, len(body), media_type, source)

    def _made_of_file(self, product: SheetFile, path: str) -> Made:
        with product.file.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        source = None if self.printed(path) == digest else self._linked(product.file)
        return Made(path, digest, product.file.stat().st_size, product.media_type, source)

    def _staged(self, body: bytes) -> bytes | Path:
        if self.staging is None:
            return body
        target = self._place()
        target.write_bytes(body)
        return target

    def _linked(self, file: Path) -> bytes | Path:
        """A second name of the file, so that moving it leaves the newsroom's own in place."""
        if self.staging is None:
            return file
        target = self._place()
        try:
            os.link(file, target)
        except OSError:
            target.write_bytes(file.read_bytes())
        return target

    def _place(self) -> Path:
        """A place that no other setter uses: one process may have two, and forked ones begin with the same numbers."""
        assert self.staging is not None
        number = next(self._numbers)
        folder = self.staging / f"{os.getpid()}-{self._setter}-{number // 1000}"
        if number % 1000 == 0:
            folder.mkdir(parents=True, exist_ok=True)
        return folder / str(number)


def _done(name: str, result: JobResult, sheets: Iterable[Made], refused: Iterable[str]) -> Done:
    return Done(name=name, sheets=tuple(sheets), reads=result.reads, due=result.due, refused=tuple(refused))
