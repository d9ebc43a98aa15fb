"""The register of mirrors on disk: written whole, also where nothing may be put beside it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from stet.mirrors.errors import RegisterBrokenError
from stet.mirrors.register import Mirror, Register, make_ready, read_register, write_register

NORTH = Mirror(
    name="north", target="folder:/srv/north", public="https://north.example.org", added=datetime(2026, 3, 1, tzinfo=UTC)
)


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    """A newsroom's folder in which `mirrors.json` may be written and nothing be put beside it, as under a unit."""
    make_ready(tmp_path)
    (tmp_path / "mirrors.json.new").mkdir()  # No file can be made of this name, not by root either.
    return tmp_path


def test_where_nothing_may_be_put_beside_it_it_is_written_in_place(closed: Path) -> None:
    before = (closed / "mirrors.json").stat().st_ino
    write_register(closed, Register(mirrors=(NORTH,)))
    assert read_register(closed).mirrors == (NORTH,)
    assert (closed / "mirrors.json").stat().st_ino == before
    assert list((closed / "data/mirrors").iterdir()) == []


def test_writing_in_place_that_is_cut_off_loses_nothing(closed: Path) -> None:
    write_register(closed, Register(mirrors=(NORTH,)))
    whole = (closed / "mirrors.json").read_bytes()
    (closed / "data/mirrors/register.json").write_bytes(whole)
    for length in (0, 1, len(whole) // 2):
        (closed / "mirrors.json").write_bytes(whole[:length])
        assert read_register(closed).mirrors == (NORTH,)
    (closed / "data/mirrors/register.json").unlink()
    with pytest.raises(RegisterBrokenError, match=r"mirrors\.json is damaged"):
        read_register(closed)


def test_where_the_spare_cannot_be_written_the_register_stays_as_it_was(closed: Path) -> None:
    write_register(closed, Register(mirrors=(NORTH,)))
    (closed / "data/mirrors/register.json").mkdir()
    with pytest.raises(IsADirectoryError):
        write_register(closed, Register())
    assert read_register(closed).mirrors == (NORTH,)


def test_making_ready_leaves_what_is_there(tmp_path: Path) -> None:
    write_register(tmp_path, Register(mirrors=(NORTH,)))
    make_ready(tmp_path)
    assert read_register(tmp_path).mirrors == (NORTH,)
