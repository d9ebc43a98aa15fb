import shutil
import subprocess

import pytest

from stet.edition import minisig
from tests.edition.builders import a_key, a_paper


def minisign(*arguments):
    program = shutil.which("minisign")
    assert program, "The program minisign is missing; install it with: apt-get install minisign"
    return subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, timeout=20, check=False)


def test_minisign_itself_accepts_an_edition(tmp_path):
    paper = a_paper(tmp_path / "paper")
    (tmp_path / "key.pub").write_bytes(minisig.public_key_file(paper.signer.public_key))
    said = minisign("-V", "-p", tmp_path / "key.pub", "-m", paper.proof / "edition.json")
    assert said.returncode == 0, said.stderr
    assert "Trusted comment: seq:1 expires:2026-03-04T13:00:00Z" in said.stdout


def test_minisign_refuses_an_edition_that_was_changed(tmp_path):
    paper = a_paper(tmp_path / "paper")
    (tmp_path / "key.pub").write_bytes(minisig.public_key_file(paper.signer.public_key))
    (paper.proof / "edition.json").write_text("{}")
    assert minisign("-V", "-p", tmp_path / "key.pub", "-m", paper.proof / "edition.json").returncode != 0


GOOD = minisig.sign(b"words", trusted_comment="seq:1", signer=a_key(1))
BAD = {
    "another comment": GOOD.replace(b"seq:1", b"seq:2"),
    "nothing in it": b"",
    "no base64": GOOD.replace(b"\n", b"\n!", 1),
    "another key": minisig.sign(b"words", trusted_comment="seq:1", signer=a_key(2)),
    "another file": minisig.sign(b"other words", trusted_comment="seq:1", signer=a_key(1)),
}


def test_a_good_minisig_is_valid():
    assert minisig.is_valid(GOOD, b"words", public_key=a_key(1).public_key)


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_a_minisig_is_not_valid_with(bad):
    assert not minisig.is_valid(bad, b"words", public_key=a_key(1).public_key)
