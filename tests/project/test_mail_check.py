"""`stet doctor mail`: the check as it is put together from settings and keys, and as the command says it."""

import json
from datetime import UTC, datetime
from pathlib import Path

from stet.mailroom.dkim import load_key, record_of
from stet.mailroom.sink import Sink
from stet.office.mail_doctor import quoted
from stet.office.mail_findings import load
from stet.project.mail_check import leaving
from stet.project.settings import Frontdesk, Newsroom, Settings, open_newsroom
from stet.project.settings_file import change_setting
from tests.folders import copied
from tests.office.name_server import SmallNameServer
from tests.project.conftest import Run

DOMAIN = "far-shore.example.org"


def a_copy(newsroom_folder: Path, place: Path, *, port: int) -> Path:
    """The newsroom with a mail server that is set."""
    copied(newsroom_folder, place)
    mail = {
        "smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none", "sender": f"letters@{DOMAIN}",
    }  # fmt: skip
    for name, value in mail.items():
        change_setting(place / "stet.toml", "mailroom", name, value)
    return place


def test_the_command_says_what_is_missing_and_what_to_paste(stet: Run, newsroom_folder: Path, tmp_path: Path) -> None:
    with Sink() as sink, SmallNameServer({}) as server:
        folder = a_copy(newsroom_folder, tmp_path / "paper", port=sink.port)
        command = ("doctor", "mail", "-n", folder, "--resolver", server.at, "--address", "192.0.2.7")
        looked = stet(*command)
        told = stet(*command, "--json")
    assert looked.returncode == 1, looked.stderr
    newsroom = open_newsroom(folder)
    rsa, ed25519 = (record_of(load_key(file)) for file in (newsroom.dkim_rsa_key, newsroom.dkim_ed25519_key))
    assert f'{DOMAIN}. TXT "v=spf1 ip4:192.0.2.7 ~all"' in looked.stdout
    assert f"stet._domainkey.{DOMAIN}. TXT {quoted(rsa)}" in looked.stdout
    assert f"stet-ed._domainkey.{DOMAIN}. TXT {quoted(ed25519)}" in looked.stdout
    assert "4.7.27 or 5.7.27" in looked.stdout
    assert f"List-Unsubscribe leads to {newsroom.frontdesk_url}, which is no address over https." in looked.stdout
    values = json.loads(told.stdout)
    assert "gmail               4    72,000             9" in looked.stdout
    assert "other              64         -             -" in looked.stdout
    assert "Late letters wait in the reader's night: 23:00-06:00." in looked.stdout
    assert values["lanes"]["mailru"] == {"connections": 2, "per_hour": 36_000, "warm_up_days": 9}
    assert (values["ok"], values["domain"]) == (False, DOMAIN)
    kept = load(newsroom.mail_findings)
    assert kept is not None
    assert kept.checked.date() <= datetime.now(UTC).date()
    assert len(kept.records) == 4


def test_a_frontdesk_over_https_lets_readers_leave_with_one_click(tmp_path: Path) -> None:
    settings = Settings(frontdesk=Frontdesk(base_url="https://post.far-shore.example.org"))
    assert leaving(Newsroom(folder=tmp_path, settings=settings)).level == "ok"


def test_without_a_mail_server_there_is_nothing_to_check(stet: Run, newsroom_folder: Path) -> None:
    refused = stet("doctor", "mail", "-n", newsroom_folder)
    assert refused.returncode == 2
    assert "Set `sender` and `smtp_host`" in refused.stderr


def test_what_a_provider_vouches_for_is_the_providers_to_say(stet: Run, newsroom_folder: Path, tmp_path: Path) -> None:
    folder = a_copy(newsroom_folder, tmp_path / "paper", port=25)
    change_setting(folder / "stet.toml", "mailroom", "transport", "anymail")
    refused = stet("doctor", "mail", "-n", folder)
    assert refused.returncode == 2
    assert "a provider's API" in refused.stderr


def test_a_name_server_that_is_away_is_said(stet: Run, newsroom_folder: Path, tmp_path: Path) -> None:
    with Sink() as sink, SmallNameServer({}, fails=True) as server:
        folder = a_copy(newsroom_folder, tmp_path / "paper", port=sink.port)
        away = stet("doctor", "mail", "-n", folder, "--resolver", server.at, "--address", "192.0.2.7")
    assert away.returncode == 4
    assert "The name server gave no answer" in away.stderr
    assert "Traceback" not in away.stderr
