"""The rehearsal: an identity is shared among three keepers, the edition key is stolen, and loses its word everywhere.

As docs/how-to/share-the-root-key.md tells it, with the real commands, each keeper's key on a medium of its own.
"""

import json
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from stet.edition.errors import PageBrokenError
from stet.edition.folder import EditionFolder, Put
from stet.edition.keys import PrivateKey
from stet.edition.page_signature import sign_page, verify_page
from stet.edition.root import SiteKey
from stet.edition.sheet import Sheet
from stet.mirrors.errors import PointerMovedError
from stet.mirrors.places.folder import FolderPlace
from stet.mirrors.sync import Sync
from stet.project.command import app
from tests.folders import copied
from tests.project.conftest import Run

KEEPERS = ("anna", "ivo", "noor")


class Ceremony:
    """The newsroom's machine, and a medium for each of three keepers."""

    def __init__(self, stet: Run, folder: Path) -> None:
        self.stet = stet
        self.paper = folder / "paper"
        self.media = {name: folder / name for name in KEEPERS}
        for medium in self.media.values():
            medium.mkdir()

    @property
    def site(self) -> Path:
        return self.paper / "edition/site"

    def done(self, *arguments: str | Path) -> str:
        """What a command said that must succeed."""
        ran = self.stet(*arguments)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def done_here(self, *arguments: str | Path) -> str:
        """The same, in this process: for what needs no newsroom."""
        ran = CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)
        assert ran.exit_code == 0, ran.output
        return ran.stdout

    def make_keys(self) -> None:
        for name, medium in self.media.items():
            self.done_here("keys", "make", medium / f"{name}.pem")

    def propose(self, *arguments: str | Path) -> Path:
        file = self.paper.parent / "proposal.json"
        file.unlink(missing_ok=True)
        self.done("keys", *arguments, "--propose", file, "-n", self.paper)
        return file

    def sign(self, proposal: Path, name: str, *, site_key: Path) -> Path:
        """A keeper's own copy of the proposal, signed."""
        copy = self.media[name] / "proposal.json"
        shutil.copy(proposal, copy)
        key = self.media[name] / f"{name}.pem"
        self.done_here("keys", "sign", copy, "--root-key", key, "--site", site_key, "--yes")
        return copy

    def verify(self, site: Path, key: Path) -> tuple[int, str]:
        ran = CliRunner().invoke(app, ["verify", str(site), "--key", str(key)])
        return ran.exit_code, ran.output


@pytest.fixture
def ceremony(stet: Run, newsroom_folder: Path, tmp_path: Path) -> Ceremony:
    made = Ceremony(stet, tmp_path)
    copied(newsroom_folder, made.paper)
    made.done("print", "-n", made.paper)
    made.make_keys()
    return made


def forged(ceremony: Ceremony, to: Path, stolen: Path) -> Path:
    """A copy of the site with a page that the newsroom never wrote, signed with its stolen key."""
    thief = PrivateKey.load(stolen)
    shutil.copytree(ceremony.paper / "edition", to)
    with EditionFolder(to) as edition:
        lie = sign_page(
            b"<!doctype html><html></html>", path="/lie/", revision="1", time=datetime.now(UTC),
            site=edition.site_id, signer=thief,
        )  # fmt: skip
        edition.commit(
            [Put.of(Sheet(path="/lie/", media_type="text/html", body=lie))],
            now=datetime.now(UTC), signer=thief, durable=False,
        )  # fmt: skip
        for _ in range(20):  # To stay ahead of what the newsroom prints next.
            edition.resign(now=datetime.now(UTC), signer=thief, durable=False)
    return to / "site"


def test_a_stolen_edition_key_loses_its_word_with_every_verifier(ceremony: Ceremony, tmp_path: Path) -> None:
    # Three keepers take over from the one key that the newsroom was made with.
    old_root = shutil.move(ceremony.paper / "keys/root.pem", tmp_path / "root.pem")
    first_key = Path(shutil.copy(ceremony.paper / "site.pub", tmp_path / "first.pub"))
    public = [medium / f"{name}.pub" for name, medium in ceremony.media.items()]
    proposal = ceremony.propose("keepers", *public, "--threshold", "2")
    ceremony.done_here("keys", "sign", proposal, "--root-key", old_root, "--yes")
    early = ceremony.stet("keys", "adopt", proposal, "-n", ceremony.paper)
    assert (early.returncode, "Not enough keepers have signed" in early.stderr) == (2, True)
    signed = [ceremony.sign(proposal, name, site_key=first_key) for name in ("anna", "ivo")]
    ceremony.done("keys", "adopt", proposal, *signed, "-n", ceremony.paper)
    shown = json.loads(ceremony.done_here("keys", "show", "--json", "-n", ceremony.paper))
    assert (shown["root"], shown["threshold"], len(shown["root_keys"])) == (2, 2, 3)
    for key in (first_key, ceremony.paper / "site.pub"):
        assert ceremony.verify(ceremony.site, key)[0] == 0

    # A thief signs a lie, and everybody believes it.
    stolen = Path(shutil.copy(ceremony.paper / "keys/edition.pem", tmp_path / "stolen.pem"))
    lie = forged(ceremony, tmp_path / "forged", stolen)
    assert ceremony.verify(lie, ceremony.paper / "site.pub")[0] == 0

    # The machine alone, and a keeper alone, can do nothing about it; two keepers can.
    refused = ceremony.stet("keys", "rotate", "--stolen", "-n", ceremony.paper)
    assert (refused.returncode, "--propose FILE" in refused.stderr) == (2, True)
    proposal = ceremony.propose("rotate", "--stolen")
    from_ivo = ceremony.sign(proposal, "ivo", site_key=ceremony.paper / "site.pub")
    assert ceremony.stet("keys", "adopt", from_ivo, "-n", ceremony.paper).returncode == 2
    from_noor = ceremony.sign(proposal, "noor", site_key=ceremony.paper / "site.pub")
    ceremony.done("keys", "adopt", from_ivo, from_noor, "-n", ceremony.paper)

    # What is honest verifies, whichever site.pub somebody has.
    new_key = ceremony.paper / "site.pub"
    for key in (first_key, new_key):
        assert ceremony.verify(ceremony.site, key)[0] == 0

    # The lie is refused: as it stood, by who has the new site.pub; with the new roots beside it, by everybody.
    assert "it is an old copy" in ceremony.verify(lie, new_key)[1]
    roots = ".well-known/stet/root"
    shutil.copytree(ceremony.site / roots, lie / roots, dirs_exist_ok=True)
    for key in (first_key, new_key):
        code, said = ceremony.verify(lie, key)
        assert (code, "not signed by an edition key" in said) == (1, True), said

    # minisign with the key that counts now.
    ((_name, line),) = json.loads(ceremony.done_here("keys", "show", "--json", "-n", ceremony.paper))[
        "edition_keys"
    ].items()
    for site, expected in ((ceremony.site, 0), (lie, 1)):
        checked = subprocess.run(
            ["minisign", "-V", "-q", "-P", line, "-m", site / ".well-known/stet/edition.json"],
            capture_output=True, timeout=20,
        )  # fmt: skip
        assert checked.returncode == expected

    # One page, and a mirror that holds the lie.
    edition = EditionFolder(ceremony.paper / "edition")
    with pytest.raises(PageBrokenError):
        verify_page(
            (lie / "lie/index.html").read_bytes(), site=edition.site_id, edition_keys=edition.roots()[-1].edition_keys,
            path="/lie/index.html",
        )  # fmt: skip
    key = SiteKey.load(new_key)
    mirror = {"site": ceremony.site, "place": FolderPlace(lie), "folder": tmp_path / "held", "key": key}
    with pytest.raises(PointerMovedError):
        Sync(**mirror).run()
    Sync(**mirror, is_anew=True).run()
    assert not (lie / "lie").exists()
    assert ceremony.verify(lie, new_key)[0] == 0
