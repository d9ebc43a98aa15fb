"""The paper's onion service: its key and address, what tor is told, and who announces it."""

import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from stet.project.doctor import check_onion
from stet.project.errors import ProcessError
from stet.project.onion import address, make_key, prepare
from stet.project.private_values import hosts
from stet.project.processes import is_wanted
from stet.project.reader_site import ReaderSite, page_policy
from stet.project.settings import Newsroom, open_newsroom
from stet.project.settings_file import write_settings
from tests.edition.builders import NOW
from tests.project.conftest import Run


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    return a_newsroom(tmp_path / "a paper", is_on=True)


def a_newsroom(folder: Path, **onion: object) -> Newsroom:
    folder.mkdir()
    write_settings(folder / "stet.toml", {"onion": onion, "reader": {"port": 8123}, "frontdesk": {"host": "0.0.0.0"}})
    return open_newsroom(folder)


def test_a_form_of_the_paper_may_lead_to_the_onion_frontdesk(tmp_path: Path) -> None:
    newsroom = a_newsroom(tmp_path / "paper", address="a" * 56 + ".onion")
    assert newsroom.form_urls[-1] == f"http://{'a' * 56}.onion:81"
    assert f"http://{'a' * 56}.onion:81" in page_policy(*newsroom.form_urls)


def test_a_newsroom_has_no_onion_address_unless_it_wants_one(tmp_path: Path) -> None:
    newsroom = a_newsroom(tmp_path / "paper")
    assert (address(newsroom), newsroom.onion_url, newsroom.onion_frontdesk_url) == (None, "", "")
    assert not is_wanted("onion", newsroom)
    assert list(check_onion(newsroom, NOW)) == []


def test_the_key_is_made_once_and_is_its_owners_alone(newsroom: Newsroom) -> None:
    made = make_key(newsroom)
    assert make_key(newsroom) == made == address(newsroom)
    assert len(made) == 62
    assert stat.S_IMODE(newsroom.onion_keys.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in newsroom.onion_keys.iterdir()} == {0o600}
    assert [finding.level for finding in check_onion(newsroom, NOW)] == ["ok"]


def test_a_key_of_which_a_part_is_missing_is_not_replaced(newsroom: Newsroom) -> None:
    make_key(newsroom)
    (newsroom.onion_keys / "hostname").unlink()
    before = (newsroom.onion_keys / "hs_ed25519_secret_key").read_bytes()
    with pytest.raises(ProcessError, match="part of an onion service's key"):
        make_key(newsroom)
    assert (newsroom.onion_keys / "hs_ed25519_secret_key").read_bytes() == before


def test_tor_takes_what_it_is_told(newsroom: Newsroom) -> None:
    command = prepare(newsroom)
    checked = subprocess.run([*command[:-1], "--verify-config"], capture_output=True, text=True)
    assert "Configuration was valid" in checked.stdout
    told = (newsroom.folder / "data/onion/torrc").read_text()
    assert "SocksPort 0\n" in told
    assert "HiddenServicePort 80 127.0.0.1:8123\n" in told
    assert "HiddenServicePort 81 127.0.0.1:8002\n" in told
    assert "HiddenServicePoWDefensesEnabled 1\n" in told


def test_tor_reads_the_key_and_comes_to_the_same_address(tmp_path: Path) -> None:
    newsroom = a_newsroom(tmp_path / "paper", is_on=True, more="offline")
    (newsroom.folder / "offline").write_text("DisableNetwork 1\nLog notice stdout\n")
    made = make_key(newsroom)
    command = prepare(newsroom)
    (newsroom.onion_keys / "hostname").unlink()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as tor:
        assert tor.stdout is not None
        assert any("DisableNetwork is set" in line for line in tor.stdout)
        tor.kill()
    assert address(newsroom) == made


def test_lines_of_ones_own_are_taken_in(tmp_path: Path) -> None:
    newsroom = a_newsroom(tmp_path / "paper", is_on=True, more="bridges")
    (newsroom.folder / "bridges").write_text("NoSuchOptionOfTor 1\n")
    command = prepare(newsroom)
    checked = subprocess.run([*command[:-1], "--verify-config"], capture_output=True, text=True)
    assert "NoSuchOptionOfTor" in checked.stdout


def test_without_tor_it_is_said_how_to_get_it(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_names, **_path: None)
    with pytest.raises(ProcessError, match="apt install tor"):
        prepare(newsroom)


def test_an_address_of_a_tor_elsewhere_is_announced_without_a_key_here(tmp_path: Path) -> None:
    elsewhere = "a" * 56 + ".onion"
    newsroom = a_newsroom(tmp_path / "paper", address=elsewhere)
    assert address(newsroom) == elsewhere
    assert not is_wanted("onion", newsroom)
    assert elsewhere in hosts(newsroom)


def test_each_page_and_file_says_where_it_stands_at_the_onion_address(tmp_path: Path) -> None:
    for name in ("index.html", "новости/index.html", "feed.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    site = ReaderSite(tmp_path, onion_url="http://paper.onion")
    found = [dict(site.answer("GET", path, {}).headers)["onion-location"] for path in ("/", "/новости/", "/feed.json")]
    assert found == [
        "http://paper.onion/", "http://paper.onion/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8/",
        "http://paper.onion/feed.json",
    ]  # fmt: skip
    assert "onion-location" not in dict(ReaderSite(tmp_path).answer("GET", "/", {}).headers)


def test_the_command_says_the_address_or_how_to_get_one(stet: Run, tmp_path: Path) -> None:
    newsroom = a_newsroom(tmp_path / "on", is_on=True)
    said = stet("onion", "-n", newsroom.folder)
    assert said.stdout == f"http://{address(newsroom)}/\n"
    off = stet("onion", "-n", a_newsroom(tmp_path / "off").folder)
    assert off.returncode == 2
    assert "is_on = true" in off.stderr.replace("\n", " ")
