"""The demo's mailbox: what it shows of a mail, and that nothing in a mail can do anything."""

from email.message import EmailMessage
from pathlib import Path

import pytest
from django.test import Client

from stet.office import mailbox
from stet.project.settings import Newsroom

pytestmark = pytest.mark.django_db(databases=["default", "readers"])


def a_mail(folder: Path, name: str = "000001", *, html: str = "<html><head></head><p>Dear reader</p></html>") -> Path:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = (
        "The Far Shore <letters@far-shore.example.org>",
        "ada@example.org",
        "The dam",
    )
    mail["List-Unsubscribe"] = "<https://front.example.org/u/abc>, <mailto:u@example.org>"
    mail.set_content("Dear reader: https://front.example.org/c/abc\n")
    mail.add_alternative(html, subtype="html")
    mail.get_payload()[1].add_related(b"\xff\xd8 photo", "image", "jpeg", cid="<photo-1@stet.invalid>")  # type: ignore[index,union-attr]
    file = folder / f"{name}.eml"
    file.write_bytes(mail.as_bytes())
    return file


@pytest.fixture
def box(newsroom: Newsroom) -> Path:
    assert newsroom.sink
    return newsroom.sink


def test_mails_are_listed_newest_first(viewer: Client, box: Path) -> None:
    import os

    for number, name in enumerate(("a", "b", "c")):
        os.utime(a_mail(box, name), (number, number))
    (box / "relay.log").write_text("not a mail")
    assert [mail.name for mail in mailbox.listed(box)] == ["c", "b", "a"]
    page = viewer.get("/mailbox/").content.decode()
    assert "The dam" in page
    assert "ada@example.org" in page


def test_a_mail_shows_its_text_its_headers_and_a_frame(viewer: Client, box: Path) -> None:
    a_mail(box)
    page = viewer.get("/mailbox/000001/").content.decode()
    assert '<a href="https://front.example.org/c/abc"' in page
    assert "List-Unsubscribe: &lt;https://front.example.org/u/abc&gt;" in page
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page


def test_the_html_of_a_mail_runs_nothing_and_loads_nothing(viewer: Client, box: Path) -> None:
    a_mail(box, html="<html><head></head><img src='cid:photo-1@stet.invalid'><script>alert(1)</script></html>")
    answer = viewer.get("/mailbox/000001/html/")
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-popups")
    assert "allow-scripts" not in policy
    assert "default-src 'none'" in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "data:image/jpeg;base64,/9ggcGhvdG8=" in answer.content.decode()


def test_a_mail_is_handed_out_as_it_came(viewer: Client, box: Path) -> None:
    file = a_mail(box)
    answer = viewer.get("/mailbox/000001/raw/")
    assert answer.content == file.read_bytes()
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_no_name_leads_out_of_the_folder(viewer: Client, box: Path) -> None:
    (box.parent / "secret.eml").write_text("Subject: secret\n\n")
    for name in ("../secret", "..%2fsecret", "%2e%2e/secret"):
        assert viewer.get(f"/mailbox/{name}/raw/").status_code == 404
    assert mailbox.raw(box, "../secret") is None


BROKEN = {
    "nothing": b"",
    "no text": b"\xff\xfe\x00",
    "a coding that does not exist": b"Subject: =?utf-8?b?!!?=\nContent-Type: text/html; charset=nonsense\n\n<p>x",
    "an address that is none": b"To: <<<@@\n\nx",
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_mail_is_shown_as_far_as_it_goes(viewer: Client, box: Path, case: str) -> None:
    (box / "1.eml").write_bytes(BROKEN[case])
    assert viewer.get("/mailbox/").status_code == 200
    assert viewer.get("/mailbox/1/").status_code == 200


def test_without_the_mail_server_for_trials_there_is_no_mailbox(
    viewer: Client, settings: object, newsroom: Newsroom
) -> None:
    settings.STET = Newsroom(folder=newsroom.folder, settings=type(newsroom.settings)())  # type: ignore[attr-defined]
    assert viewer.get("/mailbox/").status_code == 404
    assert "Mailbox" not in viewer.get("/").content.decode()
