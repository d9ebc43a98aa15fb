"""New roots and new edition keys: who vouches for what, before, between and after."""

import hashlib
import json
import shutil
import subprocess
from base64 import urlsafe_b64decode
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from stet.edition.errors import KeyRefusedError
from stet.edition.folder import EditionFolder, Put
from stet.edition.keys import PrivateKey
from stet.edition.page_signature import sign_page
from stet.edition.root import SiteKey
from stet.edition.sheet import Sheet
from stet.edition.verify import Report, verify_folder
from stet.project import identity
from stet.project.errors import OccupiedError
from stet.project.founding import make_folders, make_keys
from stet.project.settings import Newsroom, Settings
from tests.edition.builders import HOUR, NOW
from tests.folders import copied
from tests.project.conftest import Run


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    """A newsroom with keys and one edition, without databases."""
    made = Newsroom(folder=tmp_path / "paper", settings=Settings())
    made.folder.mkdir()
    make_folders(made)
    make_keys(made, now=NOW)
    printed(made)
    return made


def printed(newsroom: Newsroom) -> None:
    """Print two pages and a style sheet with the edition key of now."""
    signer = PrivateKey.load(newsroom.edition_key)
    with EditionFolder(newsroom.edition) as edition:
        pages = [a_page(path, edition.site_id, signer) for path in ("/one/", "/")]
        style = Put.of(Sheet(path="/style.css", media_type="text/css", body=b"p {}"))
        edition.commit([style, *pages], now=NOW, signer=signer, durable=False)


def a_page(path: str, site: str, signer: PrivateKey) -> Put:
    html = sign_page(b"<!doctype html><html></html>", path=path, revision="1", time=NOW, site=site, signer=signer)
    return Put.of(Sheet(path=path, media_type="text/html", body=html))


def checked(newsroom: Newsroom, *, key: SiteKey | None = None, site: Path | None = None) -> Report:
    """What a reader's check of a copy says."""
    return verify_folder(site or newsroom.site, root=key or SiteKey.load(newsroom.site_key), now=NOW + HOUR)


def rotated(newsroom: Newsroom, **more: Any) -> Any:
    return identity.rotate(newsroom, now=NOW, **more)


def names(newsroom: Newsroom) -> set[str]:
    return {file.name for file in newsroom.keys.iterdir()}


# --- A new key, step by step ---


def test_a_copy_verifies_before_between_and_after_the_steps_of_a_rotation(newsroom: Newsroom) -> None:
    first = SiteKey.load(newsroom.site_key)
    for step in (rotated, printed, identity.retire):
        step(newsroom)
        assert checked(newsroom, key=first).problems == []
        assert checked(newsroom).problems == []
    assert SiteKey.load(newsroom.site_key).version == 3


def test_the_next_edition_is_signed_with_the_new_key_and_the_old_one_is_kept(newsroom: Newsroom) -> None:
    old = PrivateKey.load(newsroom.edition_key)
    root = rotated(newsroom)
    new = PrivateKey.load(newsroom.edition_key)
    assert root.edition_keys == (new.public_key, old.public_key)
    assert PrivateKey.load(newsroom.keys / f"edition-{old.key_id}.pem").public_key == old.public_key
    assert identity.NEXT_KEY not in names(newsroom)
    printed(newsroom)
    signatures = (newsroom.site / ".well-known/stet/edition.json.sig").read_text()
    assert signatures.startswith(new.key_id)


def test_the_root_key_is_needed_once(newsroom: Newsroom) -> None:
    rotated(newsroom)
    newsroom.root_key.unlink()
    printed(newsroom)
    assert len(identity.retire(newsroom).edition_keys) == 1


def test_an_old_key_has_no_word_once_it_is_retired(newsroom: Newsroom, tmp_path: Path) -> None:
    shutil.copytree(newsroom.site, tmp_path / "old-copy")
    rotated(newsroom)
    printed(newsroom)
    identity.retire(newsroom)
    proof = ".well-known/stet/root"
    shutil.copytree(newsroom.site / proof, tmp_path / "old-copy" / proof, dirs_exist_ok=True)
    assert "not signed by an edition key" in checked(newsroom, site=tmp_path / "old-copy").problems[0]


def test_a_copy_that_withholds_the_new_roots_is_refused_by_who_has_the_new_site_key(
    newsroom: Newsroom, tmp_path: Path
) -> None:
    shutil.copytree(newsroom.site, tmp_path / "old-copy")
    rotated(newsroom)
    assert "it is an old copy" in checked(newsroom, site=tmp_path / "old-copy").problems[0]


def test_a_stolen_key_loses_its_word_at_once(newsroom: Newsroom) -> None:
    root = rotated(newsroom, is_stolen=True)
    assert root.edition_keys == (PrivateKey.load(newsroom.edition_key).public_key,)
    assert "not signed by an edition key" in checked(newsroom).problems[0]
    printed(newsroom)
    assert checked(newsroom).ok
    with pytest.raises(KeyRefusedError, match="No edition key waits"):
        identity.retire(newsroom)


def test_a_theft_in_the_middle_of_a_rotation_ends_it(newsroom: Newsroom) -> None:
    rotated(newsroom)
    assert len(rotated(newsroom, is_stolen=True).edition_keys) == 1
    assert identity.PREPARED not in names(newsroom)


def test_a_key_is_not_retired_while_pages_rest_on_it(newsroom: Newsroom) -> None:
    rotated(newsroom)
    with pytest.raises(KeyRefusedError, match="3 pages are still signed with the old key: run `stet print --all`"):
        identity.retire(newsroom)
    assert checked(newsroom).ok


def test_a_rotation_does_not_begin_before_the_last_one_has_ended(newsroom: Newsroom) -> None:
    rotated(newsroom)
    for act in (rotated, lambda room: identity.renew(room, now=NOW)):
        with pytest.raises(KeyRefusedError, match="run `stet keys retire` first"):
            act(newsroom)


def test_a_root_is_renewed_for_another_year(newsroom: Newsroom) -> None:
    later = NOW + timedelta(days=300)
    root = identity.renew(newsroom, now=later)
    assert (root.version, root.expires) == (2, later + timedelta(days=365))
    assert checked(newsroom).ok


def test_without_its_root_key_a_site_gets_no_root_and_is_told_what_to_bring(newsroom: Newsroom) -> None:
    newsroom.root_key.unlink()
    with pytest.raises(KeyRefusedError, match="--root-key FILE"):
        rotated(newsroom)
    assert len(EditionFolder(newsroom.edition).roots()) == 1


def test_a_strangers_key_signs_no_root(newsroom: Newsroom) -> None:
    with pytest.raises(KeyRefusedError, match="none of this site's root keys"):
        identity.rotate(newsroom, [PrivateKey.make()], now=NOW)
    assert checked(newsroom).ok


def test_while_the_press_is_at_work_nothing_is_changed(newsroom: Newsroom) -> None:
    with EditionFolder(newsroom.edition), pytest.raises(OccupiedError, match="End `stet up`"):
        rotated(newsroom)
    assert len(EditionFolder(newsroom.edition).roots()) == 1


# --- Cut off, and lost ---


@pytest.mark.parametrize("is_stolen", [False, True])
@pytest.mark.parametrize("number", range(12))
def test_a_rotation_that_was_cut_off_is_finished_by_the_next(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, number: int, is_stolen: bool
) -> None:
    cut_off_at(monkeypatch, number)
    try:
        rotated(newsroom, is_stolen=is_stolen)
    except _CutError:
        monkeypatch.undo()
        rotated(newsroom, is_stolen=is_stolen)
    monkeypatch.undo()
    printed(newsroom)
    assert checked(newsroom).problems == []
    if not is_stolen:
        identity.retire(newsroom)
    roots = EditionFolder(newsroom.edition).roots()
    assert len(roots) == (2 if is_stolen else 3)
    assert roots[-1].edition_keys == (PrivateKey.load(newsroom.edition_key).public_key,)
    assert checked(newsroom).problems == []
    assert len([name for name in names(newsroom) if name.startswith("edition")]) == 2


class _CutError(Exception):
    """The power went."""


def cut_off_at(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Fail at the step with this number of all that write something."""
    steps = iter(range(1000))

    def counted(act: Any) -> Any:
        def step(*arguments: Any, **named: Any) -> Any:
            if next(steps) == number:
                raise _CutError
            return act(*arguments, **named)

        return step

    monkeypatch.setattr(identity, "_write", counted(identity._write))
    monkeypatch.setattr(PrivateKey, "save", counted(PrivateKey.save))
    monkeypatch.setattr(EditionFolder, "put_root", counted(EditionFolder.put_root))
    monkeypatch.setattr(SiteKey, "save", counted(SiteKey.save))
    monkeypatch.setattr(identity.os, "link", counted(identity.os.link))
    monkeypatch.setattr(identity.os, "replace", counted(identity.os.replace))


def test_an_edition_that_is_made_anew_gets_all_roots(newsroom: Newsroom) -> None:
    rotated(newsroom)
    shutil.rmtree(newsroom.edition)
    make_folders(newsroom)
    make_keys(newsroom, now=NOW)
    printed(newsroom)
    assert checked(newsroom).ok
    assert len(EditionFolder(newsroom.edition).roots()) == 2


# --- Checked without Stet ---


def test_each_root_is_signed_as_the_format_says(newsroom: Newsroom) -> None:
    """Read from docs/edition-format.md, with nothing of Stet's."""
    rotated(newsroom)
    printed(newsroom)
    identity.retire(newsroom)
    site = json.loads(newsroom.site_key.read_text())["site"]
    judge: dict[str, Any] | None = None
    for number in (1, 2, 3):
        signed = json.loads((newsroom.site / f".well-known/stet/root/{number}.json").read_bytes())
        root = signed["root"]
        message = (
            b"stet/1 root\0" + json.dumps(root, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        )
        assert (root["version"], root["site"]) == (number, None if number == 1 else site)
        if number == 1:
            assert hashlib.sha256(message).hexdigest() == site
        for one in (judge or root, root):
            assert sum(vouches(key, signed["signatures"], message) for key in one["keys"]) >= one["threshold"]
        judge = root


def vouches(key: str, signatures: dict[str, str], message: bytes) -> bool:
    """Whether this key's signature is among them and good; an exception otherwise."""
    public = urlsafe_b64decode(key + "=")
    name = hashlib.sha256(b"stet/1 key\0" + public).hexdigest()[:16]
    Ed25519PublicKey.from_public_bytes(public).verify(urlsafe_b64decode(signatures[name] + "=="), message)
    return True


def test_the_command_changes_the_key_and_minisign_agrees(stet: Run, newsroom_folder: Path, tmp_path: Path) -> None:
    paper = tmp_path / "paper"
    copied(newsroom_folder, paper)
    assert stet("print", "-n", paper).returncode == 0
    safe = tmp_path / "root.pem"
    shutil.move(paper / "keys/root.pem", safe)
    refused = stet("keys", "rotate", "-n", paper)
    assert refused.returncode == 2
    assert "--root-key FILE" in refused.stderr
    turned = stet("keys", "rotate", "-n", paper, "--root-key", safe, "--json")
    assert turned.returncode == 0, turned.stderr
    assert json.loads(turned.stdout)["root"] == 2
    assert "run `stet keys retire`" in stet("keys", "rotate", "-n", paper, "--root-key", safe).stderr
    assert stet("print", "--check", "-n", paper).returncode == 0
    retired = stet("keys", "retire", "-n", paper)
    assert (retired.returncode, "leaves the old edition key out" in retired.stdout) == (0, True), retired.stderr
    assert stet("verify", paper / "edition/site", "--key", newsroom_folder / "site.pub").returncode == 0
    (line,) = json.loads(stet("keys", "show", "-n", paper, "--json").stdout)["edition_keys"].values()
    said = subprocess.run(
        ["minisign", "-V", "-P", line, "-m", paper / "edition/site/.well-known/stet/edition.json"],
        capture_output=True, text=True, timeout=20,
    )  # fmt: skip
    assert said.returncode == 0, said.stderr
