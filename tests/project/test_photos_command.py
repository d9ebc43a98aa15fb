"""`stet photos open`, as the person runs it who has the key."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from stet.kit import sealing
from stet.newsroom.photos.originals import Originals
from stet.project.command import app
from stet.project.failures import REFUSED, exit_code

BODY = b"\xff\xd8 a photo, with everything its camera wrote into it"


@pytest.fixture
def kept(tmp_path: Path) -> tuple[Path, str, Path]:
    """A newsroom with a sealed original, what the desk calls it, and the key that opens it."""
    private, public = sealing.make_key()
    (tmp_path / "stet.toml").write_text("")
    (tmp_path / "key.pem").write_bytes(private)
    (tmp_path / "public").write_bytes(public)
    originals = Originals(folder=tmp_path / "originals", sealing_key=tmp_path / "public", is_kept=True)
    number = originals.keep(BODY, name="DSC_0815.jpg", media_type="image/jpeg", stripped=b"stripped")
    return tmp_path, number, tmp_path / "key.pem"


def run(*words: object) -> tuple[int, str]:
    """(exit code, what was printed)."""
    result = CliRunner().invoke(app, ["photos", "open", *map(str, words)])
    code = result.exit_code if result.exception is None else exit_code(result.exception)
    return code, result.output + str(result.exception or "")


def test_an_original_opens_by_its_digest_and_by_its_file(kept: tuple[Path, str, Path], tmp_path: Path) -> None:
    room, number, key = kept
    code, said = run(number, "-n", room, "--key", key, "--out", tmp_path / "a.jpg", "--json")
    assert code == 0, said
    assert json.loads(said)["name"] == "DSC_0815.jpg"
    assert (tmp_path / "a.jpg").read_bytes() == BODY
    file = room / "originals" / number[:2] / f"{number}.sealed"
    assert run(file, "--key", key, "--out", tmp_path / "b.jpg")[0] == 0
    assert (tmp_path / "b.jpg").read_bytes() == BODY
    assert (tmp_path / "b.jpg").stat().st_mode & 0o077 == 0


def test_what_does_not_open_says_why(kept: tuple[Path, str, Path], tmp_path: Path) -> None:
    room, number, key = kept
    out = tmp_path / "c.jpg"
    assert "no sealed original of that digest" in run("0" * 64, "-n", room, "--key", key, "--out", out)[1]
    code, said = run("nothing", "-n", room, "--key", key, "--out", out)
    assert (code, "no such file" in said) == (REFUSED, True)
    (tmp_path / "other.pem").write_bytes(sealing.make_key()[0])
    assert "does not open" in run(number, "-n", room, "--key", tmp_path / "other.pem", "--out", out)[1]
    assert not out.exists()
