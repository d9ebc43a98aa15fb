"""Plain builders for tests of the mailroom: readers, a printed letter, a mailroom with a place on disk."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from stet.edition.folder import Put
from stet.edition.sheet import Sheet
from stet.kit import canonical
from stet.mailroom.addressing import Sender
from stet.mailroom.journal import Journal, Place
from stet.mailroom.letters import Letter, Photo, read_sheet
from stet.mailroom.models import Dispatch, Mailroom
from stet.mailroom.planning import moments_of, plan
from stet.readers.addresses import Address, checked_address
from stet.readers.lanes import lane_of
from stet.readers.lookup import Lookup
from stet.readers.models import Reader, Subscription, Suppression
from stet.readers.sealing import Opener
from tests.edition.builders import Paper
from tests.readers.builders import a_list, an_opener, opening_key, printed_lists, reader_keys

THE_WEEK = "en.the-week"
FRIDAY = datetime(2026, 11, 27, 6, tzinfo=UTC)
"""Eight in the morning in Riga."""
LETTER = UUID("11111111-2222-4333-8444-555555555555")
PAGE = "/letters/the-week/2026-11-27/"
HTML = (
    b"<!doctype html><html><body><p>A dam broke.</p><img src='cid:photo-1@stet.invalid' alt='The dam'>"
    b"<p><a href='https://stet.invalid/unsubscribe'>Leave</a> <a href='https://stet.invalid/manage'>Manage</a></p>"
    b"</body></html>\n"
)
TEXT = b"A dam broke.\n\nLeave: https://stet.invalid/unsubscribe\nManage: https://stet.invalid/manage\n"
PHOTO = b"\xff\xd8\xff\xe0 a photo"


def digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def sheet_of(**changes: Any) -> dict[str, Any]:
    """What `letter.json` says, as it is printed."""
    page = changes.get("page", PAGE)
    return {
        "version": 1, "id": str(LETTER), "list": THE_WEEK, "language": "en", "direction": "ltr",
        "subject": "The dam", "preheader": "What happened", "from_name": "The Far Shore", "due": "2026-11-27T08:00",
        "is_local": True, "time_zone": "Europe/Riga", "page": page,
        "html": {"path": f"{page}mail.html", "digest": digest(HTML)},
        "text": {"path": f"{page}mail.txt", "digest": digest(TEXT)},
        "photos": [
            {
                "cid": "photo-1", "path": f"{page}photo-1.jpg", "media_type": "image/jpeg",
                "digest": digest(PHOTO), "bytes": len(PHOTO),
            }
        ],
        **changes,
    }  # fmt: skip


def a_letter(*, html: bytes = HTML, text: bytes = TEXT, has_photo: bool = True, **changes: Any) -> Letter:
    body = canonical.write(sheet_of(**{} if has_photo else {"photos": []}, **changes))
    photos = (Photo(cid="photo-1", media_type="image/jpeg", body=PHOTO),) if has_photo else ()
    return Letter(sheet=read_sheet(body, where="letter.json"), sheet_body=body, html=html, text=text, photos=photos)


class Printed:
    """An edition with one list and its letters."""

    def __init__(self, folder: Path) -> None:
        self.paper = Paper(folder)

    def print(
        self, *, without: Iterable[str] = (), letters: list[dict[str, Any]] | None = None, **changes: Any
    ) -> None:
        """Print the letter and list it; `without` are sheets that are left out."""
        sheet = sheet_of(**changes)
        page = sheet["page"]
        listed = (
            [{"id": sheet["id"], "path": f"{page}letter.json", "due": sheet["due"]}] if letters is None else letters
        )
        lists = printed_lists(lists=[a_list(THE_WEEK, letters=listed)])
        sheets = {
            f"{page}index.html": ("text/html", b"<!doctype html><title>The dam</title>"),
            f"{page}mail.html": ("text/html", HTML),
            f"{page}mail.txt": ("text/plain", TEXT),
            f"{page}photo-1.jpg": ("image/jpeg", PHOTO),
            f"{page}letter.json": ("application/json", canonical.write(sheet)),
            "/letters/lists.json": ("application/json", canonical.write(lists)),
        }
        puts = [
            Put.of(Sheet(path=path, media_type=kind, body=body))
            for path, (kind, body) in sheets.items()
            if path not in without
        ]
        self.paper.folder.commit(puts, now=self.paper.now, signer=self.paper.signer)


def a_reader(
    text: str = "ada@example.org", *, list_key: str = THE_WEEK, state: str = "active", **changes: Any
) -> Reader:
    """A reader on a list."""
    address = checked_address(text)
    keys = reader_keys()
    reader = Reader.objects.create(
        lookup=keys.lookup.of(address), sealed=keys.sealer.seal(address),
        **{"lane": lane_of(address.domain), "language": "en", "since": date(2026, 11, 2), **changes},
    )  # fmt: skip
    Subscription.objects.create(reader=reader, list_key=list_key, state=state, since=FRIDAY - timedelta(days=20))
    return reader


def many_readers(
    count: int,
    *,
    domains: tuple[str, ...] = ("example.org",),
    zones: tuple[str, ...] = ("",),
    opener: Opener | None = None,
    lookup: Lookup | None = None,
) -> None:
    """Readers by the thousand, sealed in the form that opens quickly."""
    opener, lookup = opener or an_opener(), lookup or reader_keys().lookup
    start = Reader.objects.count()
    for first in range(0, count, 5_000):
        readers = []
        for number in range(first, min(first + 5_000, count)):
            address = Address.of(f"reader{start + number}@{domains[number % len(domains)]}")
            uid = uuid4()
            readers.append(
                Reader(
                    uid=uid, lookup=lookup.of(address), sealed=opener.rewrap(address, uid=uid),
                    lane=lane_of(address.domain), language="en", time_zone=zones[number % len(zones)],
                    since=date(2026, 11, 2),
                )
            )  # fmt: skip
        made = Reader.objects.bulk_create(readers)
        Subscription.objects.bulk_create(
            Subscription(reader=reader, list_key=THE_WEEK, state="active", since=FRIDAY) for reader in made
        )


def suppress_reader(reader: Reader, reason: str = "hard_bounce") -> None:
    Suppression.objects.create(lookup=bytes(reader.lookup), reason=reason, since=date(2026, 11, 3))


def a_dispatch(letter: Letter | None = None, *, now: datetime = FRIDAY, zones: list[str] | None = None) -> Dispatch:
    """A planned dispatch."""
    letter = letter or a_letter()
    return plan(letter, moments=moments_of(letter, zones or []), now=now)


def a_sender(**changes: Any) -> Sender:
    return Sender(
        **{
            "address": "letters@example.org", "bounces": "bounces@example.org",
            "frontdesk_url": "https://post.example.org", "opener": an_opener(), "links": reader_keys().links,
            "secret": b"s" * 32, **changes,
        }
    )  # fmt: skip


def a_mailroom(folder: Path, *, now: datetime | None = None) -> tuple[Mailroom, Journal, Place]:
    place = Place(folder)
    now = now or datetime.now(UTC)
    row = Mailroom(place=place.name(), started=now, seen=now)
    journal = Journal(place, row.uid)
    row.save()
    return row, journal, place


def an_opening_key() -> bytes:
    """The private key of `an_opener`, as a file holds it."""
    return opening_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
