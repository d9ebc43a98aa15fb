"""A small paper with fixed keys and a standing clock, for tests of the edition."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from stet.edition.folder import EditionFolder, Put
from stet.edition.keys import PrivateKey
from stet.edition.page_signature import sign_page
from stet.edition.pointer import Pointer
from stet.edition.root import SignedRoot, SiteKey, first_root
from stet.edition.sheet import Sheet
from stet.edition.verify import Report, verify_folder

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def a_key(number: int) -> PrivateKey:
    return PrivateKey.from_seed(bytes([number]) * 32)


def a_root(number: int = 1) -> SignedRoot:
    """Root 1 of the site with this number: two of three offline keys, one edition key."""
    offline = [a_key(number * 10 + i) for i in (1, 2, 3)]
    return first_root(offline, [an_edition_key(number).public_key], now=NOW, threshold=2)


def an_edition_key(number: int = 1) -> PrivateKey:
    return a_key(number * 10)


def a_put(path: str, text: str = "words", media_type: str = "text/plain") -> Put:
    return Put.of(Sheet(path=path, media_type=media_type, body=text.encode()))


class Paper:
    """An edition folder with the keys that belong to it."""

    def __init__(self, path: Path, *, number: int = 1) -> None:
        self.signer = an_edition_key(number)
        self.root = a_root(number)
        self.key = SiteKey.of(self.root.root)
        self.folder = EditionFolder(path)
        self.folder.put_root(self.root)
        self.now = NOW

    @property
    def site(self) -> Path:
        return self.folder.site

    @property
    def proof(self) -> Path:
        return self.site / ".well-known" / "stet"

    def a_page(self, path: str, words: str = "words", *, revision: str = "1") -> Put:
        html = f"<!doctype html><html><title>{words}</title></html>".encode()
        body = sign_page(html, path=path, revision=revision, time=NOW, site=self.key.site, signer=self.signer)
        return Put.of(Sheet(path=path, media_type="text/html", body=body))

    def commit(self, *puts: Put, removes: tuple[str, ...] = ()) -> Pointer:
        self.now += HOUR
        return self.folder.commit(puts, removes, now=self.now, signer=self.signer, durable=False)

    def verify(self, **known: object) -> Report:
        return verify_folder(self.site, **{"root": self.key, "now": self.now, **known})

    def texts(self) -> Mapping[str, str]:
        """What stands in the tree, by path, the proof left aside."""
        files = (file for file in self.site.rglob("*") if file.is_file() and self.proof not in file.parents)
        return {"/" + file.relative_to(self.site).as_posix(): file.read_text() for file in files}


def a_paper(path: Path, *, number: int = 1) -> Paper:
    """A paper whose first edition holds a front, two stories and a style sheet."""
    paper = Paper(path, number=number)
    paper.commit(
        a_put("/style.css", "p { margin: 0 }", "text/css"),
        paper.a_page("/one/", "The dam"),
        paper.a_page("/two/", "The trial"),
        paper.a_page("/", "Front"),
    )
    return paper
