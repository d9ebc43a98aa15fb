"""What a check found, for a person in sentences and for a machine in fields."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from stet.edition.root import fingerprint, spoken
from stet.kit.errors import StetError, UnreachableError

MOST_SENTENCES = 200

Progress = Callable[[int, int], None]
"""Called with the number of sheets checked and the number of all."""


class Kind(Enum):
    """What kind of copy was checked."""

    FOLDER = "folder"
    ARCHIVE = "archive"
    """A ZIP of a whole edition."""
    BUNDLE = "bundle"
    """A ZIP of a part of an edition, whose pages vouch for themselves."""
    SITE = "site"
    """A site at an address: all of it, or a sample."""
    ADDRESS = "address"
    """One page at an address."""
    PAGE = "page"
    """A page that was saved."""


KEPT = (Kind.BUNDLE, Kind.PAGE)
"""Copies that are made to be kept: they may be old."""


class Verdict(Enum):
    """What it comes to."""

    GOOD = "good"
    WRONG = "wrong"
    UNSURE = "unsure"
    """Nothing is wrong, but there was nothing to compare with, or not everything could be read."""


@dataclass(slots=True)
class Report:
    """What a check found."""

    kind: Kind = Kind.FOLDER
    site: str | None = None
    fingerprint: str | None = None
    spoken: str | None = None
    """The fingerprint in words that can be said over the phone."""
    roots: tuple[bytes, ...] = ()
    """The files of the site's roots, checked."""
    seq: int | None = None
    published: datetime | None = None
    expires: datetime | None = None
    is_printing: bool = False
    """A next edition is announced: sheets of two editions stand side by side."""
    sheets_named: int = 0
    """Sheets that the manifest names."""
    sheets_checked: int = 0
    pages_signed: int = 0
    """Pages whose own signature holds."""
    pages_unsigned: int = 0
    files_unproven: int = 0
    """Files of a bundle, pictures mostly, that nothing in it vouches for."""
    page_code: str | None = None
    """What came of one page; see `stet.edition.verify.page.Code`."""
    page_path: str | None = None
    page_time: datetime | None = None
    """When the page's content was last changed, by its own signature."""
    problem_count: int = 0
    problems: list[str] = field(default_factory=list)
    """A sentence for each problem; the first 200."""
    doubts: list[str] = field(default_factory=list)
    """A sentence for each thing that could not be checked, and keeps the copy from being called good."""
    notes: list[str] = field(default_factory=list)
    """A sentence for each thing to know that takes nothing away."""

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return self.problem_count == 0

    @property
    def verdict(self) -> Verdict:
        """What the check comes to."""
        if self.problem_count:
            return Verdict.WRONG
        return Verdict.UNSURE if self.doubts else Verdict.GOOD

    def add(self, problem: str) -> None:
        """Count a problem, and keep its sentence while there is room."""
        self.problem_count += 1
        if len(self.problems) < MOST_SENTENCES:
            self.problems.append(problem)

    def add_error(self, error: StetError) -> None:
        """Note what ended a check: a doubt where something did not answer, a problem where something is wrong."""
        if isinstance(error, UnreachableError):
            self.doubts.append(str(error))
        else:
            self.add(str(error))

    def name_site(self, site: str) -> None:
        """Note whose copy it is."""
        self.site, self.fingerprint, self.spoken = site, fingerprint(site), spoken(site)
