"""Running jobs and turning what they make into sheets that can be put into the edition."""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path

import msgspec

from stet.edition.disk import write_new
from stet.edition.errors import SheetRefusedError
from stet.edition.json_signature import sign_json
from stet.edition.keys import Signer
from stet.edition.page_signature import sign_page
from stet.edition.sheet import Sheet, file_path
from stet.press import registry
from stet.press.job import JobResult, Product, Reading, SheetFile, Unsigned, UnsignedJson, kind_of
from stet.press.keys import Read
from stet.press.materials import Materials

HTML, JSON = "text/html", "application/json"

Printed = Callable[[str], str | None]
"""Path → digest of the sheet that stands there, or None."""

_setters = count()


class Made(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A sheet that a job made, with its bytes or the file they lie in; neither where the same bytes stand already."""

    path: str
    digest: str
    size: int
    media_type: str
    body: bytes | None = None
    file: str | None = None

    @property
    def source(self) -> bytes | str | None:
        """The bytes, or the file; None where the same bytes stand already."""
        return self.file if self.file is not None else self.body


class Done(msgspec.Struct, frozen=True, array_like=True):
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
        """Run jobs in order; articles' rows are read together with the claims in them, and letters'."""
        try:
            articles = [int(n.partition(":")[2]) for n in names if kind_of(n) == "article"]
            self.materials.load_articles(articles)
            self.materials.load_claims_of(articles)
            self.materials.load_letters([int(n.partition(":")[2]) for n in names if kind_of(n) == "letter"])
            for name in names:
                yield self.run(name)
        finally:
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
            case UnsignedJson():
                body = sign_json(
                    product.fields,
                    path=path,
                    revision=product.revision,
                    time=product.time,
                    site=self.site_id,
                    signer=self.signer,
                )
                media_type = JSON
            case Sheet():
                body, media_type = product.body, product.media_type
        digest = hashlib.sha256(body).hexdigest()
        if self.printed(path) == digest:
            return Made(path, digest, len(body), media_type)
        if self.staging is None:
            return Made(path, digest, len(body), media_type, body=body)
        target = self._place()
        write_new(target, body)
        return Made(path, digest, len(body), media_type, file=target)

    def _made_of_file(self, product: SheetFile, path: str) -> Made:
        with product.file.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        stands = self.printed(path) == digest
        return Made(
            path,
            digest,
            product.file.stat().st_size,
            product.media_type,
            file=None if stands else self._linked(product.file),
        )

    def _linked(self, file: Path) -> str:
        """A second name of the file, so that moving it leaves the newsroom's own in place."""
        if self.staging is None:
            return os.fspath(file)
        target = self._place()
        try:
            os.link(file, target)
        except OSError:
            write_new(target, file.read_bytes())
        return target

    def _place(self) -> str:
        """A place that no other setter uses: one process may have two, and forked ones begin with the same numbers."""
        assert self.staging is not None
        number = next(self._numbers)
        folder = f"{self.staging}/{os.getpid()}-{self._setter}-{number // 1000}"
        if number % 1000 == 0:
            os.makedirs(folder, exist_ok=True)
        return f"{folder}/{number}"


def _done(name: str, result: JobResult, sheets: Iterable[Made], refused: Iterable[str]) -> Done:
    return Done(name=name, sheets=tuple(sheets), reads=result.reads, due=result.due, refused=tuple(refused))
