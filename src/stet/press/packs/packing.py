"""Makes the files of an offline edition, each with as many photos as its size allows.

Photos go first: those inside articles, then all. What still does not fit is refused: fewer days fit. Nobody is sent
half an article.

    data/offline/LANGUAGE/week.zip, week.epub, week.pdf, each with its .minisig
    data/offline/LANGUAGE/week.json   what they are: `Pack`; written last
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from stet.edition import minisig
from stet.edition.folder import EditionFolder
from stet.edition.keys import Signer
from stet.edition.sheet import body_digest
from stet.press.errors import TooLargeError
from stet.press.packs.epub import pack_book
from stet.press.packs.packed import MEDIA_TYPES, File, Pack
from stet.press.packs.pages import pack_pages
from stet.press.packs.paper import set_paper
from stet.press.packs.week import Week, lead_photos
from stet.theme.setting import Theme

Make = Callable[[frozenset[str]], bytes]


def pack(
    week: Week,
    theme: Theme,
    edition: EditionFolder,
    folder: Path,
    *,
    signer: Signer,
    most_bytes: int,
    kinds: tuple[str, ...] = tuple(MEDIA_TYPES),
    progress: Callable[[str, int, int], None] = lambda _what, _done, _all: None,
) -> Pack:
    """Write the files of these kinds into `folder`; raises TooLargeError where one does not fit."""
    makers: dict[str, Make] = {
        "zip": lambda shown: pack_pages(week, theme, shown, signer=signer, proof=proof_of(edition)),
        "epub": lambda shown: pack_book(week, theme, shown),
        "pdf": lambda shown: set_paper(week, theme, shown),
    }
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for number, kind in enumerate(kinds):
        progress("Packing", number, len(kinds))
        body, photos = _fitting(makers[kind], week, most_bytes=most_bytes, kind=kind)
        comment = f"{week.language} {week.first} {week.last} seq:{week.seq}"
        _write(folder / f"week.{kind}", body)
        _write(folder / f"week.{kind}.minisig", minisig.sign(body, trusted_comment=comment, signer=signer))
        files.append(File(kind=kind, size_bytes=len(body), digest=body_digest(body), photos=photos))
    progress("Packing", len(kinds), len(kinds))
    made = Pack(
        language=week.language, first=week.first, last=week.last, seq=week.seq,
        articles=len(week.articles), files=tuple(files),
    )  # fmt: skip
    _write(folder / "week.json", msgspec.json.encode(made))
    return made


def proof_of(edition: EditionFolder) -> dict[str, bytes]:
    """What a page's signature is checked with: the roots and the signed pointer."""
    proof = edition.site / ".well-known/stet"
    names = [f"root/{number}.json" for number in range(1, len(edition.root_files()) + 1)]
    return {name: (proof / name).read_bytes() for name in (*names, "edition.json", "edition.json.sig")}


def _fitting(make: Make, week: Week, *, most_bytes: int, kind: str) -> tuple[bytes, int]:
    """The first that fits, and how many photos it shows."""
    for shown in _choices(week):
        body = make(shown)
        if len(body) <= most_bytes:
            return body, len(shown)
    raise TooLargeError(
        f"The {kind} would have {len(body):,} bytes without any photo, and may have {most_bytes:,}. Name fewer --days, "
        "or a larger --most."
    )


def _choices(week: Week) -> Iterator[frozenset[str]]:
    every, leads = frozenset(week.photos), frozenset(lead_photos(week).intersection(week.photos))
    yield from dict.fromkeys((every, leads, frozenset()))


def _write(file: Path, body: bytes) -> None:
    aside = file.with_name(f"{file.name}.new")
    aside.write_bytes(body)
    aside.replace(file)
