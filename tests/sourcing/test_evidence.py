"""Evidence: kept as it was captured, apart from what is looked at; sealed where only few may see it."""

import errno
import hashlib
import io
import os
import re
import stat
import zipfile
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from stet.edition import disk
from stet.sourcing import keeping
from stet.sourcing.copies import ORIGINAL, WORKING, EvidenceFolder
from stet.sourcing.errors import (
    EvidenceBrokenError,
    EvidenceKeyRefusedError,
    EvidenceRefusedError,
    EvidenceUnreachableError,
)
from stet.sourcing.models import Evidence
from stet.sourcing.reading import read_evidence
from stet.sourcing.sealing import load_private_key, make_key, open_sealed
from stet.sourcing.sniffing import media_type_of
from stet.sourcing.terms import Visibility
from stet.sourcing.verifying import look_over
from tests.newsroom import hostile_photos
from tests.press.builders import SmallPaper
from tests.sourcing.builders import a_claim, a_source

ADD = "/snippets/sourcing/evidence/add/"
PDF = b"%PDF-1.7\n" + b"an order, signed by Anna Lind\n" * 40
DIGEST = hashlib.sha256(PDF).hexdigest()


@pytest.fixture(autouse=True)
def _paper(paper: SmallPaper) -> None:
    """There is a paper."""


def form(**fields: Any) -> dict[str, Any]:
    return {
        "title": "An order", "url": "", "captured_at": "", "tool": "", "visibility": "staff", "authenticity": "seen",
        "verified_by": "", "redaction": "", "digest": "", **fields,
    }  # fmt: skip


def upload(body: bytes = PDF, name: str = "order.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, body)


def words(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", answer.content.decode())))


def edit(piece: Evidence) -> str:
    return f"/snippets/sourcing/evidence/edit/{piece.pk}/"


def copy(piece: Evidence, kind: str) -> str:
    return f"/sourcing/evidence/{piece.pk}/{kind}/"


def body_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def a_piece(desk: Client, **fields: Any) -> Evidence:
    answer = desk.post(ADD, form(**fields))
    assert answer.status_code == 302, words(answer)
    return Evidence.objects.latest("pk")


def test_a_file_is_kept_to_the_last_byte_under_its_digest_and_may_only_be_read(
    desk: Client, evidence: EvidenceFolder
) -> None:
    piece = a_piece(desk, file=upload())
    assert (piece.sha256, piece.size_bytes, piece.media_type, piece.file_name) == (
        DIGEST,
        len(PDF),
        "application/pdf",
        "order.pdf",
    )
    file = evidence.folder / "original" / DIGEST[:2] / DIGEST
    assert file.read_bytes() == PDF
    assert stat.S_IMODE(file.stat().st_mode) == 0o400
    assert stat.S_IMODE(evidence.folder.stat().st_mode) == 0o700
    answer = desk.get(copy(piece, "original"))
    assert body_of(answer) == PDF
    assert answer["Content-Disposition"] == 'attachment; filename="order.pdf"'
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Content-Type"] == "application/octet-stream"
    assert "no-store" in answer["Cache-Control"]
    assert desk.get(copy(piece, "working")).status_code == 404
    assert DIGEST in words(desk.get(edit(piece)))


def test_an_altered_copy_is_not_handed_out_and_is_found(desk: Client, evidence: EvidenceFolder) -> None:
    piece = a_piece(desk, file=upload())
    file = evidence.folder / "original" / DIGEST[:2] / DIGEST
    file.chmod(0o600)
    file.write_bytes(PDF.replace(b"Anna Lind", b"Olof Hale"))
    assert "This copy is not what was taken in" in words(desk.get(copy(piece, "original"), follow=True))
    report = look_over(evidence)
    assert (report.ok, len(report.problems)) == (False, 1)
    file.unlink()
    assert "is gone" in words(desk.get(copy(piece, "original"), follow=True))


def test_a_pictures_working_copy_holds_nothing_the_camera_wrote(desk: Client, evidence: EvidenceFolder) -> None:
    photo = hostile_photos.PHOTOS["jpg"]()
    piece = a_piece(desk, file=upload(photo, "scene.jpg"), visibility="public")
    assert body_of(desk.get(copy(piece, "original"))) == photo
    working = body_of(desk.get(copy(piece, "working")))
    assert not [mark for mark in hostile_photos.LEFTOVERS if mark in working]
    with keeping.printed_copy(piece, folder=evidence) as printed:
        assert printed.read() == working
    assert read_evidence([piece.pk])[piece.pk].is_printable


def test_what_is_printed_of_a_document_is_a_copy_that_was_looked_over(desk: Client, evidence: EvidenceFolder) -> None:
    shown = desk.post(ADD, form(file=upload(), visibility="public"))
    assert "may tell who made it" in words(shown)
    assert not Evidence.objects.exists()
    clean = PDF.replace(b"Anna Lind", b"#########")
    piece = a_piece(desk, file=upload(), working=upload(clean), visibility="public", redaction="a name")
    with keeping.printed_copy(piece, folder=evidence) as printed:
        assert printed.read() == clean
    newer = PDF.replace(b"signed by Anna Lind", b"###################")
    assert desk.post(edit(piece), form(visibility="public", working=upload(newer))).status_code == 302
    piece.refresh_from_db()
    assert piece.sha256 == DIGEST
    with keeping.printed_copy(piece, folder=evidence) as printed:
        assert printed.read() == newer
    assert len(list(evidence.folder.glob("working/*/*"))) == 1


@pytest.mark.parametrize("visibility", [Visibility.STAFF, Visibility.SEALED])
def test_nothing_is_printed_of_evidence_that_is_not_public(evidence: EvidenceFolder, visibility: Visibility) -> None:
    piece = Evidence(title="An order", visibility=visibility)
    keeping.take_in(piece, PDF, name="order.pdf", folder=evidence)
    assert not keeping.is_printable(piece)
    with pytest.raises(EvidenceRefusedError), keeping.printed_copy(piece, folder=evidence):
        pass


def test_a_second_upload_changes_nothing_of_the_first(desk: Client, evidence: EvidenceFolder) -> None:
    piece = a_piece(desk, file=upload())
    assert desk.post(edit(piece), form(file=upload(b"other words"), digest="0" * 64)).status_code == 302
    piece.refresh_from_db()
    assert (piece.sha256, piece.file_name) == (DIGEST, "order.pdf")
    assert body_of(desk.get(copy(piece, "original"))) == PDF


def everything_stored(folder: Path) -> bytes:
    """All bytes below a folder, names of files included."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    return b"\n".join([*(str(file).encode() for file in files), *(file.read_bytes() for file in files)])


def test_sealed_evidence_leaves_nothing_at_the_desk_but_its_seal(
    desk: Client, evidence: EvidenceFolder, tmp_path: Path
) -> None:
    piece = a_piece(desk, file=upload(name="secret-order.pdf"), visibility="sealed", title="Item 7")
    row = str(Evidence.objects.values().get())
    assert not any(told in row for told in ("secret-order", DIGEST, "application/pdf"))
    stored = everything_stored(evidence.folder)
    assert b"Anna Lind" not in stored
    assert b"secret-order" not in stored
    assert DIGEST.encode() not in stored
    assert piece.size_bytes == evidence.sealed_file(piece.uid).stat().st_size
    assert desk.get(copy(piece, "original")).status_code == 404
    sealed = body_of(desk.get(copy(piece, "sealed")))
    opened = open_sealed(sealed, private_key=load_private_key(tmp_path / "key.pem"))
    assert (opened.body, opened.name, opened.media_type, opened.sha256) == (
        PDF,
        "secret-order.pdf",
        "application/pdf",
        DIGEST,
    )
    told = read_evidence([piece.pk])[piece.pk]
    assert (told.title, told.sha256, told.file_name, told.is_printable) == ("", "", "", False)
    assert look_over(evidence).ok


def test_a_seal_that_was_changed_or_is_for_another_key_does_not_open(
    desk: Client, evidence: EvidenceFolder, tmp_path: Path
) -> None:
    piece = a_piece(desk, file=upload(), visibility="sealed")
    sealed = evidence.sealed_file(piece.uid).read_bytes()
    other, _public = make_key(passphrase=b"a passphrase")
    (tmp_path / "other.pem").write_bytes(other)
    with pytest.raises(EvidenceKeyRefusedError, match="needs a passphrase"):
        load_private_key(tmp_path / "other.pem")
    with pytest.raises(EvidenceBrokenError):
        open_sealed(sealed, private_key=load_private_key(tmp_path / "other.pem", passphrase=b"a passphrase"))
    right = load_private_key(tmp_path / "key.pem")
    for changed in (b"", sealed[:-1], b"\x02" + sealed[1:], sealed[:100] + bytes([sealed[100] ^ 1]) + sealed[101:]):
        with pytest.raises(EvidenceBrokenError):
            open_sealed(changed, private_key=right)


def test_seals_do_not_tell_a_length(evidence: EvidenceFolder) -> None:
    sizes = set()
    for length in (1, 1000, 50_000):
        piece = Evidence(title="x", visibility=Visibility.SEALED)
        keeping.take_in(piece, b"a" * length, name="a.txt", folder=evidence)
        sizes.add(piece.size_bytes)
    assert len(sizes) == 1


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "neither file nor address": ({}, "Upload a file, or give an address."),
    "an address that is none": ({"url": "javascript:alert(1)"}, "Enter a valid URL."),
    "a program": ({"file": (b"MZ\x90\x00\x03", "order.pdf")}, "This is no document, picture"),
    "a plain zip": ({"file": (b"PK\x03\x04" + b"\0" * 40, "a.zip")}, "This is no document, picture"),
    "an empty file": ({"file": (b"", "a.txt")}, "empty"),
    "a file too large": ({"file": (b"a" * 100_001, "a.txt")}, "larger than"),
    "a damaged picture": ({"file": (b"\xff\xd8\xff\xe0damaged", "a.jpg")}, "not a photo that can be printed"),
    "a digest that is none": ({"url": "https://example.org/", "digest": "abc"}, "A SHA-256 has 64 digits"),
    "a digest of another file": ({"file": (PDF, "a.pdf"), "digest": "0" * 64}, "another SHA-256"),
    "verified by nobody": ({"url": "https://example.org/", "authenticity": "verified"}, "Say who verified it."),
    "an address that is to be sealed": (
        {"url": "https://example.org/", "visibility": "sealed"}, "Only a file can be sealed"),
    "a sealed file with its address": (
        {"file": (PDF, "a.pdf"), "url": "https://example.org/", "visibility": "sealed"}, "keeps no address"),
    "a sealed file with a working copy": (
        {"file": (PDF, "a.pdf"), "working": (PDF, "b.pdf"), "visibility": "sealed"}, "has no working copy"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_evidence_may_not_be_is_said_and_nothing_is_kept(
    desk: Client, evidence: EvidenceFolder, case: str
) -> None:
    fields, sentence = REFUSED[case]
    sent = {name: upload(*value) if isinstance(value, tuple) else value for name, value in fields.items()}
    shown = words(desk.post(ADD, form(title="A title that stays", **sent)))
    assert sentence in shown
    assert not Evidence.objects.exists()
    assert not list(evidence.folder.rglob("*"))


def test_a_large_upload_is_kept_in_memory_no_further_than_the_limit(
    desk: Client, evidence: EvidenceFolder, tmp_path: Path, settings: Any
) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "uploads")
    os.mkdir(settings.FILE_UPLOAD_TEMP_DIR)
    assert "larger than" in words(desk.post(ADD, form(file=upload(b"a" * 6_000_000, "a.txt"), visibility="sealed")))
    assert not os.listdir(settings.FILE_UPLOAD_TEMP_DIR)


def test_without_a_key_nothing_is_sealed_and_the_desk_says_how_to_make_one(
    desk: Client, evidence: EvidenceFolder
) -> None:
    evidence.sealing_key.unlink()
    assert "stet keys evidence" in words(desk.post(ADD, form(file=upload(), visibility="sealed")))
    evidence.sealing_key.write_text("no key")
    assert "does not hold a key" in words(desk.post(ADD, form(file=upload(), visibility="sealed")))
    assert not Evidence.objects.exists()


def test_who_may_see_it_is_not_changed_to_or_from_sealed(desk: Client, evidence: EvidenceFolder) -> None:
    piece = a_piece(desk, file=upload())
    assert "It lay here unsealed" in words(desk.post(edit(piece), form(visibility="sealed")))
    sealed = a_piece(desk, file=upload(), visibility="sealed")
    assert "can't open what is sealed" in words(desk.post(edit(sealed), form(visibility="staff")))
    assert desk.post(edit(sealed), form(visibility="sealed", title="Another title")).status_code == 302
    sealed.refresh_from_db()
    assert body_of(desk.get(copy(sealed, "sealed")))


def test_an_address_is_kept_with_a_capture_made_by_hand(desk: Client, evidence: EvidenceFolder) -> None:
    piece = a_piece(
        desk, url="https://example.org/order", captured_at="2026-11-20 14:30", tool="a browser", digest=DIGEST.upper()
    )
    assert (piece.sha256, piece.size_bytes, piece.tool) == (DIGEST, None, "a browser")
    assert desk.get(copy(piece, "original")).status_code == 404
    assert desk.post(edit(piece), form(url=piece.url, digest=DIGEST, file=upload())).status_code == 302
    piece.refresh_from_db()
    assert piece.size_bytes == len(PDF)
    assert look_over(evidence).ok


def test_the_folder_is_no_media(desk: Client, client: Client, evidence: EvidenceFolder, settings: Any) -> None:
    a_piece(desk, file=upload())
    place = f"original/{DIGEST[:2]}/{DIGEST}"
    assert not Path(settings.STET.evidence).is_relative_to(settings.MEDIA_ROOT)
    assert settings.STET.evidence == settings.STET.folder / "evidence"
    for address in (
        f"/media/{place}",
        f"/media/../evidence/{place}",
        f"/media/%2e%2e/evidence/{place}",
        f"/evidence/{place}",
    ):
        assert desk.get(address, follow=True).status_code in (400, 404), address


def test_only_who_may_change_evidence_gets_a_copy(client: Client, desk: Client, evidence: EvidenceFolder) -> None:
    piece = a_piece(desk, file=upload())
    stranger = Client()
    assert stranger.get(copy(piece, "original")).status_code == 302
    stranger.force_login(get_user_model().objects.create_user("mira", password="x"))
    assert stranger.get(copy(piece, "original")).status_code in (302, 403)


def test_deleting_a_piece_takes_its_copies_unless_another_has_the_same(desk: Client, evidence: EvidenceFolder) -> None:
    first, second, sealed = (
        a_piece(desk, file=upload()),
        a_piece(desk, file=upload()),
        a_piece(desk, file=upload(), visibility="sealed"),
    )
    desk.post(f"/snippets/sourcing/evidence/delete/{first.pk}/")
    assert body_of(desk.get(copy(second, "original"))) == PDF
    for piece in (second, sealed):
        desk.post(f"/snippets/sourcing/evidence/delete/{piece.pk}/")
    assert not [file for file in evidence.folder.rglob("*") if file.is_file()]


@pytest.mark.parametrize("step", ["write", "rename"])
def test_a_full_disk_keeps_nothing_half_and_is_said(
    desk: Client, evidence: EvidenceFolder, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def full(*_given: Any, **_named: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(disk, {"write": "_write_all", "rename": "rename"}[step], full)
    with pytest.raises(EvidenceUnreachableError, match="The disk is full"):
        evidence.keep_original(PDF)
    monkeypatch.undo()
    assert not [file for file in evidence.folder.rglob("*") if file.is_file() and "temporary" not in file.parts]
    assert evidence.keep_original(PDF) == DIGEST


def test_a_file_that_no_row_names_is_counted(evidence: EvidenceFolder) -> None:
    evidence.keep_original(PDF)
    report = look_over(evidence)
    assert (report.ok, report.strays) == (True, 1)


def test_a_copy_that_was_altered_and_is_uploaded_again_is_mended(evidence: EvidenceFolder) -> None:
    evidence.keep_original(PDF)
    file = evidence.folder / "original" / DIGEST[:2] / DIGEST
    file.chmod(0o600)
    file.write_bytes(b"altered")
    assert evidence.keep_original(PDF) == DIGEST
    with evidence.opened(ORIGINAL, DIGEST) as opened:
        assert opened.read() == PDF


def office(kind: str) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        if kind == "odt":
            archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        else:
            archive.writestr("[Content_Types].xml", "<Types/>")
            archive.writestr(f"{kind}/document.xml", "<w/>")
    return body.getvalue()


KINDS = {
    "a scan": (PDF, "application/pdf"),
    "HTML is text": (b"<!doctype html><script>alert(1)</script>", "text/plain"),
    "SVG is text": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "text/plain"),
    "Persian text": ("سند".encode(), "text/plain"),
    "a letter": (office("word"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "a table": (office("xl"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "an open document": (office("odt"), "application/vnd.oasis.opendocument.text"),
    "an archive of anything": (office("other"), None),
    "a recording": (b"ID3\x04rest", "audio/mpeg"),
    "a film": (b"\0\0\0\x18ftypisom\0\0", "video/mp4"),
    "a program": (b"\x7fELF\x02\x01", None),
    "noise": (bytes(range(256)), None),
    "text with a NUL": (b"words\0", None),
    "a broken archive": (b"PK\x03\x04broken", None),
}


@pytest.mark.parametrize("case", KINDS)
def test_a_file_is_what_its_bytes_say(case: str) -> None:
    body, media_type = KINDS[case]
    assert media_type_of(body) == media_type


def test_hostile_names_of_files_are_kept_plain(desk: Client, evidence: EvidenceFolder) -> None:
    for name in (
        "../../etc/passwd",
        'a"; filename="b.exe',
        "order\u202efdp.exe",
        "x" * 300 + ".pdf",
        "<script>.pdf",
        "%s.pdf",
    ):
        piece = a_piece(desk, file=upload(name=name), title="<script>alert(1)</script>")
        assert "/" not in piece.file_name
        assert len(piece.file_name) <= 200
        answer = desk.get(copy(piece, "original"))
        assert "\n" not in answer["Content-Disposition"]
        assert body_of(answer) == PDF
        assert "<script>alert(1)" not in desk.get(edit(piece)).content.decode()


def test_a_history_that_was_altered_below_its_triggers_is_found(evidence: EvidenceFolder) -> None:
    from django.db import connection

    claim = a_claim(chain=(a_source(),))
    before = look_over(evidence)
    assert before.ok
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER stet_sourcing_record_kept_update")
        cursor.execute(
            "UPDATE sourcing_record SET body = replace(body, 'reported', 'withdrawn') WHERE claim_id = %s", [claim.pk]
        )
    report = look_over(evidence)
    assert (report.ok, len(report.problems)) == (False, 1)
    assert f"claim {claim.pk}" in report.problems[0]
    assert WORKING not in report.problems[0]
