"""What comes back: the process that takes it in, who starts it, and what `stet doctor` says of each way."""

import json
import smtplib
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from stet.mailroom.arrivals import Way, last_arrivals, note_arrival
from stet.mailroom.lmtp import LmtpServer, probe
from stet.mailroom.tokens import Tokens
from stet.project.ports import servers
from stet.project.processes import children
from stet.project.settings import Mailroom, Newsroom, Settings, open_newsroom
from stet.project.settings_file import change_setting
from tests.folders import copied
from tests.mailroom.imap_server import PASSWORDS, ImapServer, imap
from tests.mailroom.test_bounces import a_dsn
from tests.ports import free_ports
from tests.project.conftest import Run, environment
from tests.project.test_private_wing import started
from tests.project.test_running import until

__all__ = ["imap"]

SENDER = "letters@far-shore.example.org"
BASE = "bounces@far-shore.example.org"


def short_names(newsroom: Newsroom) -> list[str]:
    return [child.short_name for child in children(newsroom)]


def test_the_process_runs_where_something_can_come_back(tmp_path: Path) -> None:
    without = Newsroom(folder=tmp_path, settings=Settings())
    assert "stet-returns" not in short_names(without)
    with_lmtp = Newsroom(folder=tmp_path, settings=Settings(mailroom=Mailroom(lmtp_port=2424)))
    assert "stet-returns" in short_names(with_lmtp)
    assert ("returns", "127.0.0.1", 2424) in servers(with_lmtp)
    without.keys.mkdir()
    without.bounce_mailbox.touch()
    assert "stet-returns" in short_names(without)
    assert "returns" not in [section for section, _host, _port in servers(without)]


@pytest.fixture
def sending(newsroom_folder: Path, tmp_path: Path) -> Path:
    """A copy of the newsroom, which has a sender and a mail server."""
    folder = tmp_path / "paper"
    copied(newsroom_folder, folder)
    for name, value in {"sender": SENDER, "smtp_host": "127.0.0.1", "lmtp_port": free_ports(1)[0]}.items():
        change_setting(folder / "stet.toml", "mailroom", name, value)
    return folder


def said_of_returns(stet: Run, folder: Path) -> dict[str, str]:
    """What the doctor says of bounces, and at which level."""
    findings = json.loads(stet("doctor", "-n", folder, "--json").stdout)["findings"]
    words = ("ounces", "came back")
    return {one["what"]: one["level"] for one in findings if any(word in one["what"] for word in words)}


def test_a_mail_server_hands_a_bounce_over_and_the_doctor_knows(stet: Run, sending: Path) -> None:
    newsroom = open_newsroom(sending)
    port = newsroom.settings.mailroom.lmtp_port
    away = f"Bounces are not taken over LMTP now: Nobody answers on port {port} (ConnectionRefusedError)."
    assert said_of_returns(stet, sending) == {away: "note"}
    secret = newsroom.link_key.read_bytes().strip()
    with started(sending, "returns") as alone:
        until(lambda: alone.poll() is not None or answers(port))
        assert alone.poll() is None
        with smtplib.LMTP("127.0.0.1", port) as client:
            client.sendmail("", [f"bounces+{Tokens(secret).token('r', 1)}@far-shore.example.org"], a_dsn("5.1.1"))
            with pytest.raises(smtplib.SMTPRecipientsRefused):
                client.sendmail("", ["somebody@far-shore.example.org"], b"Subject: x\r\n\r\nx")
        said = said_of_returns(stet, sending)
    assert alone.returncode == 0
    arrived = last_arrivals(sending)[Way.LMTP]
    assert said == {
        f"Bounces are taken over LMTP on port {port}.": "ok",
        f"The last mail that came back by lmtp arrived at {arrived:%Y-%m-%d %H:%M} UTC.": "ok",
    }


def answers(port: int) -> bool:
    try:
        return probe(BASE, port=port)
    except Exception:
        return False


def test_somebody_else_on_the_port_is_a_problem(stet: Run, sending: Path) -> None:
    port = open_newsroom(sending).settings.mailroom.lmtp_port

    class Nobody:
        def take(self, data: bytes, *, delivered_to: str) -> None:
            raise AssertionError

    with LmtpServer(Nobody(), base="bounces@another.example.org", port=port) as other:
        threading.Thread(target=other.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        said = said_of_returns(stet, sending)
        occupied = stet("up", "-n", sending)
        other.shutdown()
    assert said == {f"What listens on port {port} does not take bounces of this newsroom.": "problem"}
    assert occupied.returncode == 2
    assert "set another `lmtp_port` under [mailroom]" in occupied.stderr


def test_a_mailbox_is_read_by_the_process_and_the_doctor_looks_into_it(
    stet: Run, sending: Path, imap: ImapServer
) -> None:
    change_setting(sending / "stet.toml", "mailroom", "lmtp_port", 0)
    newsroom = open_newsroom(sending)
    values = {"host": "127.0.0.1", "port": imap.port, "user": "bounces", "password": "wrong"}
    newsroom.bounce_mailbox.write_text(json.dumps(values))
    newsroom.bounce_mailbox.chmod(0o600)
    wrong = "The mailbox for bounces could not be read (error). Check its host, name and password."
    assert said_of_returns(stet, sending) == {wrong: "problem"}
    newsroom.bounce_mailbox.write_text(json.dumps({**values, "password": PASSWORDS["bounces"]}))
    imap.deliver(a_dsn("5.1.1"))
    assert said_of_returns(stet, sending) == {"The mailbox for bounces can be read; mails that wait there: 1.": "ok"}
    with started(sending, "returns") as alone:
        until(lambda: alone.poll() is not None or Way.MAILBOX in last_arrivals(sending))
    assert (alone.returncode, imap.mails()) == (0, [])


def test_a_pipe_takes_a_bounce(stet: Run, sending: Path) -> None:
    change_setting(sending / "stet.toml", "mailroom", "lmtp_port", 0)
    assert said_of_returns(stet, sending) == {"Bounces and complaints reach Stet by no way yet.": "note"}
    shell = {**environment(), "STET_NEWSROOM": str(sending)}
    command = [sys.executable, "-m", "stet.mailroom.bounce", BASE]
    subprocess.run(command, input=a_dsn("5.1.1"), env=shell, check=True)
    assert list(last_arrivals(sending)) == [Way.PIPE]
    (said,) = said_of_returns(stet, sending)
    assert "came back by pipe" in said


def test_an_arrival_that_cannot_be_written_down_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    note_arrival(tmp_path, Way.PIPE)
    assert last_arrivals(tmp_path) == {}
