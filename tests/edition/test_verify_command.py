"""The command that checks, run as on a machine where nothing of Stet but `edition` and `kit` is installed."""

import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from stet.edition.errors import FolderRefusedError
from stet.edition.root import SiteKey, next_root, spoken
from stet.edition.verify import seen as memory
from tests.edition.builders import NOW, a_key, a_paper
from tests.edition.copies import bundle_of, zipped

SOURCE = Path(__file__).parents[2] / "src"
ALONE = """
import importlib.abc, sys

class Blocked(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        rooms = ("stet", "stet.edition", "stet.kit")
        is_ours = name in rooms or name.startswith(("stet.edition.", "stet.kit."))
        if (top == "stet" and not is_ours) or top not in {*sys.stdlib_module_names, "stet", "cryptography", "msgspec",
                                                          "_cffi_backend", "cffi", "__main__"}:
            raise ModuleNotFoundError(f"{name} is not installed here", name=name)

sys.meta_path.insert(0, Blocked())
import runpy
sys.argv = ["stet.edition", *sys.argv[1:]]
runpy.run_module("stet.edition", run_name="__main__")
"""


@pytest.fixture(scope="module")
def paper(tmp_path_factory):
    """A paper of today: the command has no clock but the machine's."""
    paper = a_paper(tmp_path_factory.mktemp("command") / "paper")
    paper.folder.put_root(next_root(paper.root.root, [a_key(11), a_key(12)], now=datetime.now(UTC)))
    paper.now = datetime.now(UTC)
    paper.folder.resign(now=paper.now, signer=paper.signer, durable=False)
    paper.key.save(paper.folder.path / "site.pub")
    return paper


@pytest.fixture
def run(tmp_path):
    def run(*arguments):
        return subprocess.run(
            [sys.executable, "-c", ALONE, *map(str, arguments)],
            env={"PYTHONPATH": str(SOURCE), "XDG_STATE_HOME": str(tmp_path / "state"), "PATH": ""},
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    return run


def test_a_folder_is_good_and_whose_it_is_is_said_in_words(paper, run, tmp_path):
    done = run(paper.folder.path, "--key", paper.folder.path / "site.pub")
    assert (done.returncode, done.stderr) == (0, "")
    assert "This copy is what the newsroom signed: edition 2, 4 sheets" in done.stdout
    assert f"In words: {spoken(paper.key.site)}" in done.stdout
    seen = json.loads((tmp_path / "state/stet/seen.json").read_text())["sites"][paper.key.site]
    assert (seen["seq"], len(seen["roots"])) == (2, 2)
    assert (tmp_path / "state/stet/seen.json").stat().st_mode & 0o777 == 0o600


def test_a_copy_older_than_one_that_was_seen_is_refused(paper, run, tmp_path):
    state = tmp_path / "seen.json"
    memory.note(state, paper.key.site, seq=9, roots=())
    done = run(paper.site, "--key", paper.key.site, "--state", state, "--json")
    assert done.returncode == 1
    assert "9 was seen before: it was rolled back" in json.loads(done.stdout)["problems"][0]
    assert run(paper.site, "--key", paper.key.site, "--no-state").returncode == 0


def test_without_a_key_it_could_not_be_checked(paper, run, tmp_path):
    done = run(paper.site)
    assert done.returncode == 4
    assert "Compare the fingerprint" in done.stdout
    assert not (tmp_path / "state").exists()


def test_a_saved_page_is_checked_by_what_is_known_of_the_site(paper, run, tmp_path):
    saved = tmp_path / "story.html"
    saved.write_bytes((paper.site / "one/index.html").read_bytes())
    by_key = ("--key", paper.folder.path / "site.pub")
    assert run(saved, *by_key).returncode == 4
    given = run(saved, *by_key, "--roots", paper.site)
    assert given.returncode == 0, given.stdout
    assert "/one/index.html, as of 2026-03-01 12:00 UTC" in given.stdout
    assert run(paper.site, *by_key).returncode == 0
    assert run(saved, *by_key).returncode == 0
    assert run(saved, *by_key, "--path", "/two/").returncode == 1


def test_verify_html_is_written_and_is_itself_a_key(paper, run, tmp_path):
    page = tmp_path / "verify.html"
    assert run(paper.site, "--key", paper.key.site, "--page", page).returncode == 0
    assert run(paper.site, "--key", "0" * 64, "--page", tmp_path / "other.html").returncode == 2
    assert not (tmp_path / "other.html").exists()
    saved = tmp_path / "story.html"
    saved.write_bytes((paper.site / "one/index.html").read_bytes())
    assert run(saved, "--key", page, "--no-state").returncode == 0
    assert run(saved, "--key", saved).returncode == 2


def test_where_brotli_is_not_installed_its_copies_are_said_to_be_left_out(paper, run, tmp_path):
    shutil.copytree(paper.site, tmp_path / "site")
    (tmp_path / "site/style.css.br").write_bytes(b"anything")
    done = run(tmp_path / "site", "--key", paper.key.site)
    assert done.returncode == 0
    assert "Compressed copies in .br were not looked at" in done.stdout


def test_a_zip_is_checked(paper, run, tmp_path):
    done = run(zipped(tmp_path / "week.zip", bundle_of(paper)), "--key", paper.key.site, "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["kind"], told["verdict"], told["pages_signed"]) == (0, "bundle", "good", 1)


USAGE = {
    "no such copy": (("nowhere",), "nowhere cannot be read"),
    "no copy": ((), "required: COPY"),
    "a key that is none": ((".", "--key", "nowhere.pub"), "cannot be read"),
    "a proxy of another kind": (("http://example.org/", "--proxy", "socks5://127.0.0.1:9"), "Only an HTTP proxy"),
}


@pytest.mark.parametrize(("arguments", "sentence"), USAGE.values(), ids=USAGE.keys())
def test_a_command_that_cannot_be_carried_out_says_why(run, arguments, sentence):
    done = run(*arguments)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_what_was_seen_only_grows(paper, tmp_path):
    state = tmp_path / "seen.json"
    roots = tuple(paper.folder.root_files())
    memory.note(state, paper.key.site, seq=7, roots=roots)
    memory.note(state, paper.key.site, seq=5, roots=roots[:1])
    memory.note(state, "ab" * 32, seq=1, roots=())
    known = memory.load(state)
    assert memory.of(known, paper.key) == memory.Seen(seq=7, roots=roots)
    assert memory.of(known, SiteKey.of(paper.root.root)).seq == 7
    assert memory.of(known, None) == memory.Seen()


def test_a_number_that_a_stolen_key_signed_goes_with_the_key(paper, tmp_path):
    state, new = tmp_path / "seen.json", a_key(88)
    first, second = paper.folder.root_files()
    third = next_root(paper.folder.roots()[-1], [a_key(11), a_key(12)], now=NOW, edition_keys=[new.public_key])
    roots = (*paper.folder.roots(), third.root)
    memory.note(state, paper.key.site, seq=999_999, roots=(first, second))
    seen = memory.of(memory.load(state), paper.key)
    assert (seen.seq_under(roots[:2]), seen.seq_under(roots)) == (999_999, None)
    memory.note(state, paper.key.site, seq=12, roots=(first, second, third.to_bytes()))
    assert memory.of(memory.load(state), paper.key).seq == 12


def test_roots_that_a_site_key_contradicts_are_not_remembered(paper, run, tmp_path):
    fork = SiteKey(site=paper.key.site, version=1, threshold=1, keys=(a_key(11).public_key,))
    fork.save(tmp_path / "other.pub")
    assert run(paper.site, "--key", tmp_path / "other.pub").returncode == 1
    assert not (tmp_path / "state/stet/seen.json").exists()


@pytest.mark.parametrize(
    "text", ["", "[]", '{"sites":{"x":{}}}', '{"sites":{"' + "0" * 64 + '":{"seq":"1","roots":[]}}}']
)
def test_a_memory_that_is_damaged_is_neither_believed_nor_overwritten(tmp_path, text):
    state = tmp_path / "seen.json"
    state.write_text(text)
    with pytest.raises(FolderRefusedError, match="is damaged"):
        memory.load(state)
    with pytest.raises(FolderRefusedError, match="is damaged"):
        memory.note(state, "ab" * 32, seq=1, roots=())
    assert state.read_text() == text


def test_the_words_of_a_fingerprint_are_as_its_digits(paper):
    assert spoken("7f000001" + "3f54dcc1" + "00" * 24).startswith("lusab-babad-gutih-tugad-")
    assert len({spoken(f"{n:064x}"[::-1]) for n in range(256)}) == 256
    assert paper.now > NOW
