"""The sample newsroom: what it says once it runs, and what is written into its settings."""

import shlex
from pathlib import Path

from stet.project.demonstration import MAIL, PRACTICE, change_ports, where_everything_is
from stet.project.ports import servers
from stet.project.processes import children
from stet.project.settings import open_newsroom
from stet.project.settings_file import write_settings


def a_demo(folder: Path, **sections: dict[str, object]) -> Path:
    (folder / "keys").mkdir(parents=True)
    (folder / "keys/desk-password").write_text("abcde-fghjk\n")
    write_settings(folder / "stet.toml", sections)
    return folder


def test_a_sample_newsroom_from_before_letters_gets_a_mail_server_of_its_own(tmp_path: Path) -> None:
    folder = a_demo(tmp_path / "demo", reader={"port": 8100})
    change_ports(folder, {"office": 8103, "mailroom": 8104})
    settings = open_newsroom(folder).settings
    assert settings.ledger.practice == PRACTICE["practice"]
    assert (settings.reader.port, settings.office.port, settings.mailroom.smtp_port) == (8100, 8103, 8104)
    assert (settings.mailroom.sender, settings.mailroom.sink) == (MAIL["sender"], MAIL["sink"])


def test_a_sample_newsroom_asks_for_no_second_factor_and_says_so_unless_somebody_set_it(tmp_path: Path) -> None:
    older = a_demo(tmp_path / "older", reader={"port": 8100})
    change_ports(older, {})
    assert open_newsroom(older).settings.desk.second_factor == "offered"
    assert "No second factor is asked for here" in where_everything_is(open_newsroom(older))
    strict = a_demo(tmp_path / "strict", desk={"second_factor": "required"})
    change_ports(strict, {})
    assert open_newsroom(strict).settings.desk.second_factor == "required"
    assert "second factor" not in where_everything_is(open_newsroom(strict))


def test_a_mail_server_that_somebody_set_stays(tmp_path: Path) -> None:
    folder = a_demo(tmp_path / "demo", mailroom={"smtp_host": "mail.example.org", "sender": "a@example.org"})
    change_ports(folder, {})
    assert open_newsroom(folder).settings.mailroom.smtp_host == "mail.example.org"
    assert open_newsroom(folder).sink is None


def test_the_mail_server_for_trials_runs_where_it_is_set_alone(tmp_path: Path) -> None:
    with_one = open_newsroom(a_demo(tmp_path / "with", mailroom=MAIL))
    without = open_newsroom(a_demo(tmp_path / "without"))
    assert "The mail server for trials" in [child.name for child in children(with_one)]
    assert "The mail server for trials" not in [child.name for child in children(without)]
    assert ("mailroom", "127.0.0.1", 8004) in servers(with_one)
    assert [name for name, _host, _port in servers(without)] == ["reader", "desk", "frontdesk", "office"]


def test_the_command_that_checks_the_edition_can_be_pasted(tmp_path: Path) -> None:
    newsroom = open_newsroom(a_demo(tmp_path / "a demo", mailroom=MAIL))
    said = where_everything_is(newsroom, program=".venv/bin/stet").splitlines()[1]
    pasted = shlex.split(said.removeprefix("Check it with"))
    assert pasted == [".venv/bin/stet", "verify", str(newsroom.site), "--key", str(newsroom.site_key)]


def test_it_says_in_seven_lines_where_everything_is(tmp_path: Path) -> None:
    said = where_everything_is(open_newsroom(a_demo(tmp_path / "demo", mailroom=MAIL))).splitlines()
    assert len(said) == 7
    with_gifts = open_newsroom(a_demo(tmp_path / "more", mailroom=MAIL, ledger=PRACTICE))
    assert ":8005/" in where_everything_is(with_gifts)
    words = (":8000/", "verify", ":8001/", ":8003/", ":8003/mailbox/", "abcde-fghjk", "Ctrl-C")
    for line, word in zip(said, words, strict=True):
        assert word in line
