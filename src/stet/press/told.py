"""What other processes tell the press: the tally, where giving was made dangerous, what can be paid in, mirrors, packs.

The first three are small files in the newsroom's `data/`, written by the ledger and by `stet ledger designate`. Nothing
in them is about a person. Of mirrors, `stet.press.mirrors` says what may be told; what `stet bundle` packed lies in
`data/offline`. The press looks at all of these once a second; where one changes, what shows it is printed anew.
 * A file that is not there says nothing. One that cannot be read is taken as the press knew it last.
 * A field that this version does not know is passed over.
"""

import logging
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from stet.press.mirrors import Listed, MirrorWatch, stamp
from stet.press.packs.packed import Pack, pack_files, read_packs

log = logging.getLogger("stet.press")

TALLY = "tally.json"
DESIGNATION = "designation.json"
WAYS = "ways.json"


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """How many gave this month, rounded by the ledger; None below ten."""

    supporters: Annotated[int, msgspec.Meta(ge=10, le=1_000_000_000)] | None = None


class Designated(msgspec.Struct, frozen=True, kw_only=True):
    """A country that made giving to the paper a crime."""

    country: Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{2}$")]
    languages: tuple[str, ...] = ()
    asking: Literal["closed", "warning"] = "closed"
    """What becomes of the support page in these languages: a notice in its place, or a warning before the form."""
    notices: dict[str, str] = {}
    """What readers are told, by language; the theme's own words where there is nothing."""


class Designations(msgspec.Struct, frozen=True, kw_only=True):
    """All of them."""

    designations: tuple[Designated, ...] = ()


class Ways(msgspec.Struct, frozen=True, kw_only=True):
    """Which currencies providers take; one that is not named takes all."""

    currencies: dict[str, tuple[Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{3}$")], ...]] = {}

    def takes(self, provider: str, currency: str) -> bool:
        """Whether a provider takes a currency."""
        return provider not in self.currencies or currency in self.currencies[provider]


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """All of it at one moment."""

    tally: Tally = Tally()
    designations: Designations = Designations()
    ways: Ways = Ways()
    mirrors: tuple[Listed, ...] = ()
    packs: tuple[Pack, ...] = ()
    """What `stet bundle` packed to be printed."""

    def stopped(self, language: str) -> Designated | None:
        """The designation that stopped all asking in a language."""
        closed = (one for one in self.designated if one.asking == "closed")
        return next((one for one in closed if language in one.languages), None)

    @property
    def designated(self) -> tuple[Designated, ...]:
        """All designations."""
        return self.designations.designations


class TellTale:
    """Reads the files again where they changed."""

    def __init__(self, newsroom: Path) -> None:
        """`newsroom` is the newsroom's folder."""
        self._folder = newsroom / "data"
        self._mirrors = MirrorWatch(newsroom)
        self._stamps: object = None
        self._packed: object = ()
        self._told = Told()

    def read(self) -> Told:
        """What is told now; asking again and again costs a look at the disk for each file."""
        stamps = tuple(stamp(self._folder / name) for name in (TALLY, DESIGNATION, WAYS))
        if stamps != self._stamps:
            self._stamps = stamps
            self._told = Told(
                tally=self._decoded(TALLY, Tally, self._told.tally),
                designations=self._decoded(DESIGNATION, Designations, self._told.designations),
                ways=self._decoded(WAYS, Ways, self._told.ways),
                mirrors=self._told.mirrors,
                packs=self._told.packs,
            )
        packed = tuple((file, stamp(file)) for file in pack_files(self._folder / "offline"))
        if packed != self._packed:
            self._packed = packed
            self._told = msgspec.structs.replace(self._told, packs=read_packs(self._folder / "offline"))
        mirrors = self._mirrors.read()
        if mirrors != self._told.mirrors:
            self._told = msgspec.structs.replace(self._told, mirrors=mirrors)
        return self._told

    def _decoded(self, name: str, kind: Any, known: Any) -> Any:
        try:
            return msgspec.json.decode((self._folder / name).read_bytes(), type=kind)
        except FileNotFoundError:
            return kind()
        except (OSError, msgspec.DecodeError):
            log.warning("%s cannot be read; the press goes on with what it said last.", self._folder / name)
            return known
