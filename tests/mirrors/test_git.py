"""A mirror on a branch: it is one edition or the next, keeps nothing of what was withdrawn, and tells no secret."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from stet.edition.verify import verify_folder
from stet.mirrors.base import Headers, Keeping, OnStep, no_step
from stet.mirrors.errors import MirrorRefusedError, MirrorUnreachableError, PointerMovedError
from stet.mirrors.places import git_running, open_place
from stet.mirrors.places.git import GitPlace
from stet.mirrors.sync import Outcome, Sync
from tests.edition.builders import Paper, a_paper, a_put
from tests.mirrors.gathering_cuts import cut
from tests.mirrors.git_hosts import a_key, a_repository, an_https_host, an_ssh_host, git, shown

TEXT = Headers(media_type="text/plain", keeping=Keeping.PAGE)


class Branch:
    """A mirror on the branch "pages" of a repository."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.paper: Paper = a_paper(folder / "paper")
        self.repository = a_repository(folder / "host.git")
        self.target = f"git+file://{self.repository}#pages"
        self.looks = 0

    def sync(self, *, on_step: OnStep = no_step, state: str = "state") -> Outcome:
        with opened(self.target, folder=self.folder / state) as place:
            return Sync(site=self.paper.site, place=place, folder=self.folder / state, on_step=on_step).run()

    def shown(self) -> Path:
        self.looks += 1
        return shown(self.repository, self.folder / f"shown-{self.looks}")

    def problems(self) -> list[str]:
        return verify_folder(self.shown(), root=self.paper.key, now=self.paper.now).problems

    def tip(self) -> str:
        return git(self.repository, "rev-parse", "pages").strip()


@contextmanager
def opened(
    target: str, secrets: dict[str, str] | None = None, *, folder: Path | None = None
) -> Iterator[GitPlace]:  # fmt: skip
    place = open_place(target, secrets or {}, folder=folder)
    assert isinstance(place, GitPlace)
    try:
        yield place
    finally:
        place.close()


@pytest.fixture
def branch(tmp_path: Path) -> Branch:
    return Branch(tmp_path)


def test_the_branch_holds_the_edition_in_one_commit_after_each_sync(branch: Branch) -> None:
    branch.sync()
    assert branch.problems() == []
    branch.paper.commit(branch.paper.a_page("/one/", "The dam broke"), removes=("/two/",))
    branch.sync()
    assert branch.problems() == []
    assert (branch.shown() / "one/index.html").read_text() == branch.paper.texts()["/one/index.html"]
    assert git(branch.repository, "rev-list", "--count", "pages").strip() == "1"


def test_what_was_withdrawn_is_nowhere_in_the_branch(branch: Branch) -> None:
    branch.paper.commit(a_put("/secret/", "words that must go"))
    branch.sync()
    branch.paper.commit(removes=("/secret/",))
    branch.sync()
    names = git(branch.repository, "rev-list", "--objects", "--all")
    assert "secret" not in names
    assert "Stet <>" in git(branch.repository, "log", "--format=%an <%ae>", "pages")


def test_the_host_is_told_to_serve_files_as_they_are_and_its_own_files_stay(branch: Branch) -> None:
    with opened(branch.target) as place:
        place.put("/CNAME", b"paper.example.org\n", TEXT)
        place.finish()
    branch.sync()
    names = git(branch.repository, "ls-tree", "--name-only", "pages").split()
    assert {"CNAME", ".nojekyll", ".well-known", "index.html"} <= set(names)


def test_an_update_sends_what_changed_and_not_the_rest_again(branch: Branch) -> None:
    noise = "".join(chr(33 + os.urandom(1)[0] % 90) for _ in range(200_000))
    branch.paper.commit(a_put("/noise", noise.replace("%", "")))
    branch.sync()
    before = _size(branch.repository)
    branch.paper.commit(branch.paper.a_page("/one/", "The dam broke"))
    branch.sync()
    assert _size(branch.repository) - before < 50_000


def _size(repository: Path) -> int:
    return sum(file.stat().st_size for file in (repository / "objects").rglob("*") if file.is_file())


def test_a_sync_without_a_change_pushes_nothing(branch: Branch) -> None:
    branch.sync()
    tip = branch.tip()
    branch.sync()
    assert branch.tip() == tip


def test_what_is_kept_here_may_be_lost(branch: Branch) -> None:
    branch.sync(state="one")
    branch.paper.commit(a_put("/news/", "new"))
    branch.sync(state="another")
    assert branch.problems() == []
    branch.paper.commit(a_put("/news/", "newer"))
    branch.sync(state="one")
    assert branch.problems() == []


def test_a_damaged_repository_of_this_machine_is_made_anew(branch: Branch) -> None:
    branch.sync()
    for file in (branch.folder / "state/git/objects").rglob("*"):
        if file.is_file():
            file.chmod(0o644)
            file.write_bytes(b"damaged")
    branch.paper.commit(a_put("/news/", "new"))
    with pytest.raises(MirrorUnreachableError, match="was damaged"):
        branch.sync()
    branch.sync()
    assert branch.problems() == []


def test_somebody_elses_push_meanwhile_is_not_undone(branch: Branch) -> None:
    branch.sync()
    moved: list[str] = []

    def push_meanwhile(step: str) -> None:
        if step == "finish":
            branch.paper.commit(a_put("/news/", "newer"))
            branch.sync(state="another")
            moved.append(branch.tip())

    branch.paper.commit(a_put("/news/", "new"))
    with pytest.raises(PointerMovedError):
        branch.sync(on_step=push_meanwhile)
    assert [branch.tip()] == moved
    branch.sync()
    assert branch.problems() == []


def test_a_branch_that_holds_something_else_is_left_alone(branch: Branch) -> None:
    with opened(branch.target) as place:
        place.put("/src/program.py", b"print()\n", TEXT)
        place.finish()
    tip = branch.tip()
    with pytest.raises(MirrorRefusedError, match="holds something else"):
        branch.sync()
    assert branch.tip() == tip


def test_files_and_folders_take_each_others_place(branch: Branch) -> None:
    with opened(branch.target, folder=branch.folder / "state") as place:
        place.put("/a", b"file", TEXT)
        place.put("/b/index.html", b"in a folder", TEXT)
        place.put('/c "quoted" ю', b"odd", TEXT)
        place.put("/.well-known/stet/edition.json", b"{}", TEXT)
        place.finish()
    with opened(branch.target, folder=branch.folder / "state") as place:
        place.delete("/a")
        place.put("/a/index.html", b"in a folder", TEXT)
        place.delete("/b/index.html")
        place.put("/b", b"file", TEXT)
        assert place.read("/b", most_bytes=2) == b"fi"
        assert place.read("/b/index.html", most_bytes=9) is None
        assert place.read('/c "quoted" ю', most_bytes=9) == b"odd"
        place.finish()
        assert place.read("/a/index.html", most_bytes=99) == b"in a folder"
    assert git(branch.repository, "-c", "core.quotePath=false", "ls-tree", "-r", "-z", "--name-only", "pages").split(
        "\0"
    ) == [".nojekyll", ".well-known/stet/edition.json", "a/index.html", "b", 'c "quoted" ю', ""]


TARGETS = [
    "git+ssh://git@host/paper.git",
    "git+ssh://git:password@host/paper.git#pages",
    "git+https://host/paper.git#-pages",
    "git+https://host/paper.git#a..b",
    "git+file://paper.git#pages",
    "git+ssh://-oProxyCommand=x/paper.git#pages",
]


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_without_a_branch_or_with_a_password_is_refused(target: str) -> None:
    with pytest.raises(MirrorRefusedError, match="without a password"):
        open_place(target, {})


def test_a_repository_that_is_not_there_is_said_without_its_address(tmp_path: Path) -> None:
    with (
        opened(f"git+file://{tmp_path}/nowhere.git#pages") as place,
        pytest.raises(MirrorRefusedError, match="no repository") as caught,
    ):
        place.read("/index.html", most_bytes=9)
    assert "nowhere" not in str(caught.value)


def test_a_host_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git_running, "REACH_SECONDS", 0.05)
    monkeypatch.setattr(git_running, "ssh_command", lambda **_files: "sleep 60;")
    with (
        opened("git+ssh://git@host/paper.git#pages") as place,
        pytest.raises(MirrorUnreachableError, match="too slow"),
    ):
        place.read("/index.html", most_bytes=9)


# --- Hosts over ssh and https ---


def test_over_ssh_a_key_lets_in_and_the_hosts_key_has_to_be_the_known_one(branch: Branch) -> None:
    private, public = a_key()
    with an_ssh_host(public) as (port, known):
        target = f"git+ssh://git@127.0.0.1:{port}{branch.repository}#pages"
        secrets = {"key": private, "known_hosts": known}
        with opened(target, secrets, folder=branch.folder / "state") as place:
            Sync(site=branch.paper.site, place=place, folder=branch.folder / "state").run()
        assert branch.problems() == []
        with an_ssh_host(public) as (_port, other):
            wrong = f"[127.0.0.1]:{port} {other.partition(' ')[2]}"
            for known_hosts in (wrong, ""):
                with (
                    opened(target, {**secrets, "known_hosts": known_hosts}) as place,
                    pytest.raises(MirrorRefusedError, match="shows another key"),
                ):
                    place.read("/index.html", most_bytes=9)
        with (
            opened(target, {**secrets, "key": a_key()[0]}) as place,
            pytest.raises(MirrorRefusedError, match="does not let us in"),
        ):
            place.read("/index.html", most_bytes=9)


def test_over_https_a_token_lets_in_and_the_certificate_has_to_be_valid(branch: Branch) -> None:
    git(branch.repository, "config", "http.receivepack", "true")
    token = "a-token-of-this-test"
    with an_https_host(branch.folder, branch.folder, token) as (port, certificate):
        target = f"git+https://127.0.0.1:{port}/host.git#pages"
        secrets = {"token": token, "certificate": certificate}
        with opened(target, secrets, folder=branch.folder / "state") as place:
            Sync(site=branch.paper.site, place=place, folder=branch.folder / "state").run()
        assert branch.problems() == []
        with (
            opened(target, {"token": token}) as place,
            pytest.raises(MirrorRefusedError, match="certificate"),
        ):
            place.read("/index.html", most_bytes=9)
        with (
            opened(target, {**secrets, "token": "wrong"}) as place,
            pytest.raises(MirrorRefusedError, match="does not let us in") as caught,
        ):
            place.read("/index.html", most_bytes=9)
    assert "127.0.0.1" not in str(caught.value)


def test_what_lets_in_stands_in_files_of_this_user_alone_and_goes_with_the_place(tmp_path: Path) -> None:
    secrets = {"key": "a private key", "known_hosts": "host key", "token": "a token", "certificate": "an authority"}
    with opened("git+ssh://git@host/paper.git#pages", secrets, folder=tmp_path) as place:
        running = place._git
        told = " ".join([*running._command(("push",)), *(f"{k}={v}" for k, v in running.environment.items())])
        assert not any(secret in told for secret in secrets.values())
        private = Path(running.environment["HOME"])
        assert stat.S_IMODE(private.stat().st_mode) == 0o700
        assert {stat.S_IMODE(file.stat().st_mode) & 0o077 for file in private.iterdir()} == {0}
        assert (private / "token").read_text() == "a token"
    assert not private.exists()
    assert not any("a private key" in file.read_text("utf-8", "replace") for file in tmp_path.rglob("*"))


def test_ended_anywhere_the_branch_is_one_edition_or_the_next(tmp_path: Path) -> None:
    counts = cut("git", tmp_path, 4)
    assert counts["cuts"] == 4
