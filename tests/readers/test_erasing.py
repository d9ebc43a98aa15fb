"""Erasing, exporting, importing and counting, against a real SQLite file with its log beside it."""

import io
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections

from stet.project.django_values import database
from stet.readers import counting, erasing, exporting, importing, joining, managing
from stet.readers.counting import shown
from stet.readers.errors import ImportRefusedError
from stet.readers.importing import REASONS, ImportReport, Source
from stet.readers.joining import Wish
from stet.readers.models import Consent, Notice, Reader, Subscription, Suppression
from stet.readers.suppressing import suppress
from tests.readers.builders import WORDING, an_address, an_opener, lists_now, reader_keys

NOW = datetime(2026, 11, 25, 20, 17, 43, tzinfo=UTC)
WISH = Wish(list_key="en.the-week", language="en", wording=WORDING, privacy_version="2")


@pytest.fixture(scope="module")
def empty(
    django_db_setup: None, migrated: Path, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any
) -> Path:
    """A readers' database without a row: the tests' own, where this run has one."""
    file = migrated / "test-readers.sqlite3"
    if not file.exists():
        file = tmp_path_factory.mktemp("empty") / "readers.sqlite3"
        with django_db_blocker.unblock(), opened(file):
            call_command("migrate", database="readers", verbosity=0, interactive=False)
    return file


@pytest.fixture
def folder(empty: Path, tmp_path: Path, django_db_blocker: Any) -> Iterator[Path]:
    """A readers' database in files of its own, as a newsroom opens it."""
    place = tmp_path / "data"
    place.mkdir()
    shutil.copy(empty, place / "readers.sqlite3")
    with django_db_blocker.unblock(), opened(place / "readers.sqlite3"):
        yield place


@contextmanager
def opened(file: Path) -> Iterator[None]:
    """The alias "readers" stands for this file, with a newsroom's own options."""
    wrapper = connections["readers"]
    before = dict(wrapper.settings_dict)
    wrapper.close()
    wrapper.settings_dict.update(database(file, key="database.readers"))
    try:
        yield
    finally:
        wrapper.close()
        wrapper.settings_dict.clear()
        wrapper.settings_dict.update(before)


def hits(folder: Path, *needles: bytes) -> list[tuple[str, bytes]]:
    """Where any of the needles stands in a file of the folder, byte by byte."""
    return [
        (file.name, needle)
        for file in sorted(folder.iterdir())
        for content in [file.read_bytes()]
        for needle in dict.fromkeys(needles)
        if needle in content
    ]


def sign_up(text: str, now: datetime = NOW) -> Reader:
    joining.sign_up(an_address(text), WISH, keys=reader_keys(), now=now)
    return Reader.objects.get(lookup=reader_keys().lookup.of(an_address(text)))


def confirm(reader: Reader) -> None:
    joining.confirm(reader.notices.latest("pk").uid, now=NOW)


def lookup_of(text: str) -> bytes:
    return reader_keys().lookup.of(an_address(text))


# --- Canary ---

CANARIES = [f"canary.{number:03}.nightingale@bird-{number % 7}.example.org" for number in range(200)]
MANY_CANARIES = [f"canary.{number:04}.nightjar@bird-{number % 7}.example.org" for number in range(500)]


def needles_of(text: str) -> list[bytes]:
    """What an address leaves where it stands. Where the whole of it is, its local part is too."""
    local, domain = text.split("@")
    return [local.encode(), domain.encode(), text.encode("utf-16-le"), text.encode().hex().encode()]


def test_no_file_of_the_database_holds_an_address(folder: Path) -> None:
    for text in MANY_CANARIES:
        confirm(sign_up(text))
    assert (folder / "readers.sqlite3-wal").stat().st_size > 0
    assert {file.name for file in folder.iterdir()} >= {"readers.sqlite3", "readers.sqlite3-wal", "readers.sqlite3-shm"}
    assert hits(folder, *(needle for text in MANY_CANARIES for needle in needles_of(text))) == []


@pytest.mark.parametrize("is_thorough", [False, True])
def test_after_erasure_no_file_of_the_database_holds_the_sealed_address(folder: Path, is_thorough: bool) -> None:
    readers = [sign_up(text) for text in CANARIES]
    for reader in readers:
        confirm(reader)
        managing.ask_change(reader.uid, an_address(f"new-{reader.pk}@example.com"), keys=reader_keys(), now=NOW)
    sealed = [bytes(reader.sealed) for reader in readers]
    changes = [bytes(notice.sealed) for notice in Notice.objects.filter(kind="change")]
    uids = [reader.uid.hex.encode() for reader in readers]
    assert len(hits(folder, *sealed, *changes)) >= 400
    for text in CANARIES:
        assert erasing.erase(lookup_of(text), now=NOW)
    traces = erasing.wipe_traces(is_thorough=is_thorough)
    assert traces.are_gone, traces.sentence
    assert hits(folder, *sealed, *changes, *uids) == []
    assert hits(folder, *(needle for text in CANARIES for needle in needles_of(text))) == []
    assert Suppression.objects.count() == 200


def test_erasing_one_reader_leaves_the_others_whole(folder: Path) -> None:
    readers = [sign_up(text) for text in CANARIES[:20]]
    gone = bytes(readers[7].sealed)
    erasing.erase(lookup_of(CANARIES[7]), now=NOW)
    erasing.wipe_traces()
    assert hits(folder, gone) == []
    for number, reader in enumerate(readers):
        if number != 7:
            kept = Reader.objects.get(pk=reader.pk)
            assert an_opener().open(kept.sealed, uid=kept.uid).text == CANARIES[number]


def test_an_address_that_was_swapped_or_wrapped_anew_leaves_nothing_of_the_old_seal(folder: Path) -> None:
    """The mailroom wraps addresses anew, readers change theirs: the old bytes are overwritten too."""
    reader = sign_up(CANARIES[0])
    old = bytes(reader.sealed)
    Reader.objects.filter(pk=reader.pk).update(sealed=an_opener().rewrap(an_address(CANARIES[0]), uid=reader.uid))
    erasing.wipe_traces()
    assert hits(folder, old) == []


def test_a_copy_of_the_database_without_keys_finds_nobody(folder: Path, tmp_path: Path) -> None:
    """Neither the addresses, nor a digest that somebody without the key could make of them."""
    import hashlib
    import hmac

    for text in MANY_CANARIES:
        sign_up(text)
    copy = tmp_path / "stolen"
    shutil.copytree(folder, copy)
    guesses = []
    for text in MANY_CANARIES:
        plain = text.encode()
        guesses += [
            hashlib.sha256(plain).digest(),
            hashlib.sha256(plain).hexdigest().encode(),
            hashlib.md5(plain).digest(),
        ]
        guesses += [
            hmac.new(key, plain, hashlib.sha256).digest() for key in (b"", b"\0" * 32, b"stet reader lookup 1\0")
        ]
    assert hits(copy, *guesses, *(needle for text in MANY_CANARIES for needle in needles_of(text))) == []


def test_while_somebody_reads_the_traces_that_stay_are_named(folder: Path) -> None:
    import sqlite3

    sign_up(CANARIES[0])
    reading = sqlite3.connect(folder / "readers.sqlite3")
    reading.execute("BEGIN")
    reading.execute("SELECT count(*) FROM readers_reader").fetchone()
    try:
        erasing.erase(lookup_of(CANARIES[0]), now=NOW)
        traces = erasing.wipe_traces()
        assert not traces.are_gone
        assert traces.sentence == erasing.BUSY
    finally:
        reading.close()
    assert erasing.wipe_traces().are_gone


def test_the_daily_tidying_leaves_nothing_of_who_never_confirmed(folder: Path) -> None:
    confirm(sign_up(CANARIES[1]))
    never = bytes(sign_up(CANARIES[0]).sealed)
    assert hits(folder, never) != []
    assert erasing.tidy(now=NOW + timedelta(days=31)) == 1
    assert hits(folder, never) == []
    assert Reader.objects.count() == 1


# --- Erasing ---


@pytest.mark.django_db(databases=["readers"])
def test_nothing_of_a_reader_stays_but_the_digest() -> None:
    reader = sign_up("ada@example.org")
    confirm(reader)
    assert erasing.erase_reader(reader.uid, now=NOW)
    for model in (Reader, Subscription, Consent, Notice):
        assert model.objects.count() == 0
    kept = Suppression.objects.get()
    assert (bytes(kept.lookup), kept.reason, kept.since) == (lookup_of("ada@example.org"), "erased", NOW.date())


@pytest.mark.django_db(databases=["readers"])
def test_an_erased_address_is_gone_from_others_wishes_to_change_too() -> None:
    reader = sign_up("bob@example.org")
    managing.ask_change(reader.uid, an_address("ada@example.org"), keys=reader_keys(), now=NOW)
    assert erasing.erase(lookup_of("ada@example.org"), now=NOW) is False
    assert not Notice.objects.filter(kind="change").exists()


@pytest.mark.django_db(databases=["readers"])
def test_an_earlier_reason_not_to_write_stays() -> None:
    Suppression.objects.create(lookup=lookup_of("ada@example.org"), reason="complaint", since=NOW.date())
    erasing.erase(lookup_of("ada@example.org"), now=NOW)
    assert Suppression.objects.get().reason == "complaint"


@pytest.mark.django_db(databases=["readers"])
def test_the_newsroom_lifts_what_no_form_does() -> None:
    suppress(lookup_of("ada@example.org"), Suppression.Reason.COMPLAINT, now=NOW)
    joining.sign_up(an_address("ada@example.org"), WISH, keys=reader_keys(), now=NOW)
    assert Reader.objects.count() == 0
    assert erasing.lift(lookup_of("ada@example.org"))
    assert not erasing.lift(lookup_of("ada@example.org"))
    sign_up("ada@example.org")


# --- Exporting ---


@pytest.mark.django_db(databases=["readers"])
def test_an_export_is_readable_with_the_opening_key() -> None:
    sign_up("ada@example.org")
    kept = exporting.export(an_address("Ada@example.org"), lookup=reader_keys().lookup, opener=an_opener())
    assert kept is not None
    assert kept["address"] == "ada@example.org"
    assert [consent["act"] for consent in kept["consents"]] == ["asked"]


@pytest.mark.django_db(databases=["readers"])
def test_an_export_of_somebody_erased_says_what_is_left() -> None:
    def export() -> dict[str, Any] | None:
        return exporting.export(an_address("ada@example.org"), lookup=reader_keys().lookup, opener=an_opener())

    assert export() is None
    sign_up("ada@example.org")
    erasing.erase(lookup_of("ada@example.org"), now=NOW)
    kept = export()
    assert kept is not None
    assert (kept["reader"], kept["suppressed_because"]) == (None, "erased")


# --- Importing ---


def take_in(
    text: str, *, list_key: str | None = "en.the-week", is_dry: bool = False, consent: str = "Paper forms, 2025"
) -> ImportReport:
    return importing.import_readers(
        io.StringIO(text, newline=""),
        Source(consent=consent, list_key=list_key),
        lists=lists_now(),
        keys=reader_keys(),
        now=NOW,
        is_dry=is_dry,
    )


ROWS = """\
email,list,language,time_zone
ada@example.org,,,
bob@example.org,ru.nedelya,ru,Europe/Riga
"Cy, the third" <cy@example.org>,,,
,en.daily,,
dee@example.org,en.none,,
eve@example.org,,de,
fay@example.org,,,Mars/Base
ADA@Example.org,,,
gil@example.org,en.old,,
left@example.org,,,
active@example.org,,,
erased@example.org,,,
"hal@example.org
Bcc: x@example.org",,,
bad\xff@example.org,,,

ada@example.org,en.daily,,
"""


@pytest.fixture
def known() -> None:
    confirm(sign_up("active@example.org"))
    left = sign_up("left@example.org")
    confirm(left)
    managing.leave_list(left.uid, "en.the-week", now=NOW)
    erasing.erase(lookup_of("erased@example.org"), now=NOW)


@pytest.mark.django_db(databases=["readers"])
def test_every_row_is_taken_or_told_by_its_number_and_reason(known: None) -> None:
    report = take_in(ROWS)
    assert (report.rows, report.taken) == (15, 4)
    assert report.left_out == [
        (4, "bad_address"), (5, "no_address"), (6, "unknown_list"), (7, "unknown_language"), (8, "bad_time_zone"),
        (9, "twice"), (11, "left"), (12, "already"), (13, "suppressed"), (15, "bad_address"), (16, "bad_address"),
    ]  # fmt: skip
    assert report.rows == report.taken + len(report.left_out)
    bob = Reader.objects.get(lookup=lookup_of("bob@example.org"))
    assert (bob.language, bob.time_zone, bob.subscriptions.get().state) == ("ru", "Europe/Riga", "active")
    assert an_opener().open(bob.sealed, uid=bob.uid).text == "bob@example.org"
    consent = bob.consents.get()
    assert (consent.act, consent.source, consent.wording) == ("imported", "Paper forms, 2025", "")
    assert Reader.objects.get(lookup=lookup_of("ada@example.org")).subscriptions.count() == 2


@pytest.mark.django_db(databases=["readers"])
def test_a_dry_run_says_the_same_and_writes_nothing(known: None) -> None:
    before = Reader.objects.count()
    report = take_in(ROWS, is_dry=True)
    assert (report.rows, report.taken, len(report.left_out)) == (15, 4, 11)
    assert (Reader.objects.count(), Consent.objects.filter(act="imported").count()) == (before, 0)


@pytest.mark.django_db(databases=["readers"])
def test_an_import_that_is_run_again_takes_nothing_twice(known: None) -> None:
    take_in(ROWS)
    report = take_in(ROWS)
    assert report.taken == 0
    assert report.by_reason()["already"] == 5
    assert Consent.objects.filter(act="imported").count() == 4


@pytest.mark.django_db(databases=["readers"])
def test_somebody_who_was_only_asked_is_taken_with_the_consent_of_the_import() -> None:
    reader = sign_up("ada@example.org")
    assert take_in("email\nada@example.org\n").taken == 1
    assert reader.subscriptions.get().state == "active"


REFUSED_FILES = {
    "no columns": ("", "name its columns"),
    "no column of addresses": ("name,mail\nAda,ada@example.org\n", "called email"),
    "no header": ("ada@example.org\n", "called email"),
}


@pytest.mark.django_db(databases=["readers"])
@pytest.mark.parametrize("case", REFUSED_FILES)
def test_a_file_that_is_no_list_of_readers_is_refused(case: str) -> None:
    text, said = REFUSED_FILES[case]
    with pytest.raises(ImportRefusedError, match=said):
        take_in(text)


@pytest.mark.django_db(databases=["readers"])
@pytest.mark.parametrize("options", [{"consent": " "}, {"consent": "x" * 201}, {"list_key": "en.none"}])
def test_an_import_without_a_consent_or_a_list_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ImportRefusedError):
        take_in("email\nada@example.org\n", **options)


HOSTILE_FILES = {
    "a byte order mark": ("\ufeffemail\nada@example.org\n", 1),
    "columns in capitals": ("Name,EMAIL\nAda,ada@example.org\n", 1),
    "a null": ("email\nada@example.org\nb\0b@example.org\n", 1),
    "a field of a megabyte": (f"email\n{'a' * 1_000_000}\nada@example.org\n", 1),
    "a quote that never ends": ('email\nada@example.org\n"bob@example.org\ncy@example.org\n', 1),
    "rows of other lengths": ("email,list\nada@example.org\nbob@example.org,,,,,\n", 2),
    "a formula": ("email\n=HYPERLINK(1)\nada@example.org\n", 1),
    "blank lines": ("email\n\n   \nada@example.org\n\n", 1),
}


@pytest.mark.django_db(databases=["readers"])
@pytest.mark.parametrize("case", HOSTILE_FILES)
def test_a_strange_file_is_read_as_far_as_it_can_be(case: str) -> None:
    text, taken = HOSTILE_FILES[case]
    report = take_in(text)
    assert report.taken == taken
    assert report.rows == report.taken + len(report.left_out)


def test_every_reason_is_said_without_an_address() -> None:
    assert all("@" not in said and said for said in REASONS.values())


def test_a_hundred_thousand_rows_are_taken_in_reasonable_time(folder: Path) -> None:
    """Scaled: 5,000 rows here stand for 100,000; sealing costs a tenth of a millisecond each."""
    rows = 5_000
    text = "email\n" + "".join(f"reader-{number}@example.org\n" for number in range(rows))
    before = time.process_time()
    assert take_in(text).taken == rows
    seconds = (time.process_time() - before) * 100_000 / rows
    assert seconds < 180, f"{seconds:.0f} s of processor time for 100,000 rows"


# --- Counting ---


def test_small_groups_are_hidden_and_so_is_what_would_give_them_away() -> None:
    cases: dict[str, tuple[dict[str, int], dict[str, int | None]]] = {
        "nothing to hide": ({"a": 10, "b": 99}, {"a": 10, "b": 99}),
        "one small": ({"a": 9, "b": 20, "c": 30}, {"a": None, "b": None, "c": 30}),
        "two small": ({"a": 8, "b": 7, "c": 30}, {"a": None, "b": None, "c": 30}),
        "two very small": ({"a": 2, "b": 3, "c": 30, "d": 40}, {"a": None, "b": None, "c": None, "d": 40}),
        "only small": ({"a": 2}, {"a": None}),
        "none": ({}, {}),
    }
    for case, (groups, expected) in cases.items():
        assert {group.name: group.readers for group in shown(groups)} == expected, case


@pytest.mark.django_db(databases=["readers"])
def test_readers_are_counted_by_list_language_lane_and_week() -> None:
    text = "email,language\n" + "".join(f"r{n}@gmail.com,en\n" for n in range(12))
    text += "".join(f"r{n}@mail.ru,ru\n" for n in range(11)) + "".join(f"r{n}@example.org,fa\n" for n in range(3))
    take_in(text)
    sign_up("asked-only@example.org")
    counts = counting.counts()
    assert counts.readers == 26
    assert {g.name: g.readers for g in counts.lists} == {"en.the-week": 26}
    assert {g.name: g.readers for g in counts.languages} == {"en": 12, "fa": None, "ru": None}
    assert {g.name: g.readers for g in counts.lanes} == {"gmail": 12, "mailru": None, "other": None}
    assert {g.name: g.readers for g in counts.weeks} == {"2026-11-23": 26}


@pytest.mark.django_db(databases=["readers"])
def test_a_paper_with_few_readers_is_told_no_number() -> None:
    take_in("email\nada@example.org\n")
    few = counting.counts()
    assert few.readers is None
    assert few.lists == few.languages == few.lanes == few.weeks == ()


@pytest.mark.django_db(databases=["readers"])
def test_who_complained_is_not_counted_though_another_list_stands_there() -> None:
    take_in("email\n" + "".join(f"r{n}@example.org\n" for n in range(14)))
    for number in range(3):
        suppress(lookup_of(f"r{number}@example.org"), Suppression.Reason.COMPLAINT, now=NOW)
    counts = counting.counts()
    assert counts.readers == 11
    assert {g.name: g.readers for g in counts.lists} == {"en.the-week": 11}


@pytest.mark.django_db(databases=["readers"])
def test_a_paper_without_readers_says_so() -> None:
    assert counting.counts().readers == 0
