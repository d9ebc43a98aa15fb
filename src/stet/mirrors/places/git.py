"""A mirror on a branch of a git repository, for hosts that serve one: "Pages" of all kinds.

The rules:
 * What is put is gathered in a repository on this machine and shown by `finish`, all at once: one commit is pushed if
   the branch is still what it was when we began. So the mirror is one edition or the next, never between them.
 * The commit has no parent. What was withdrawn is not in the branch's past either; nor does the branch grow.
 * Nothing is checked out: bodies go into the repository as they come, and a commit rewrites the folders it touches.
 * A branch that holds something else than an edition is refused: pushing would remove its past.
 * What stands here of the repository may be lost; then the branch is fetched once more.
"""

import hashlib
import re
import shutil
import subprocess  # only to name the type of a running git
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import RLock

from stet.mirrors.base import Capabilities, Headers, Keeping
from stet.mirrors.errors import MirrorRefusedError, MirrorUnreachableError, PointerMovedError
from stet.mirrors.places.git_running import SECRETS as SECRETS
from stet.mirrors.places.git_running import Git, GitFailedError, end

NEXT, THERE = "refs/stet/next", "refs/stet/there"
NO_JEKYLL = "/.nojekyll"
"""Tells GitHub to serve files as they are; without it, folders that begin with a dot are left out."""
NO_HEADERS = Headers(media_type="text/plain", keeping=Keeping.PAGE)
POINTER = "/.well-known/stet/edition.json"
HARMLESS = re.compile(r"/(README|LICENSE|LICENCE|CNAME|\.nojekyll|\.gitignore|\.domains)[^/]*", re.IGNORECASE)
"""What hosts put into a new repository, or take settings from."""
TARGET = re.compile(
    r"git\+(?P<address>(ssh|https)://([A-Za-z0-9._~-]+@)?[A-Za-z0-9\[][A-Za-z0-9.:\[\]-]*/[^\s#?:]+|file:///[^\s#?]+)"
    r"#(?P<branch>[A-Za-z0-9_](?:[A-Za-z0-9._/-]*[A-Za-z0-9_-])?)"
)
COMMITTER = "Stet <> 946684800 +0000"
"""The same always: when an edition was made, its pointer says; who sent it, nobody needs to know."""


def open_place(target: str, secrets: Mapping[str, str], *, folder: Path | None = None) -> "GitPlace":
    """The place at "git+ssh://git@host/paper.git#pages"; the repository of this machine is kept in `folder`."""
    found = TARGET.fullmatch(target)
    if found is None or ".." in found["branch"] or "//" in found["branch"] or ".lock" in found["branch"]:
        raise MirrorRefusedError(
            "Name a repository and its branch, without a password: git+ssh://git@host/paper.git#pages."
        )
    return GitPlace(found["address"], found["branch"], secrets, folder=folder)


class GitPlace:
    """Files on a branch. Nothing is asked of the host before the first file is read or put."""

    capabilities = Capabilities(is_conditional=True, is_atomic=True, has_headers=False, connections=1, gathers=True)

    def __init__(self, address: str, branch: str, secrets: Mapping[str, str], *, folder: Path | None) -> None:
        self._temporary = None if folder else tempfile.TemporaryDirectory(prefix="stet-mirror-")
        kept = folder or Path(self._temporary.name if self._temporary else "")
        self._folder = kept / "git"
        self._branch = f"refs/heads/{branch}"
        self._git = Git(self._folder, address, secrets)
        self._lock = RLock()
        self._tip: str | None = None
        """The commit that stood on the branch when we began; "" where there was no branch, None before we looked."""
        self._standing: dict[str, str] = {}
        """The files of that commit, by path, each with its object."""
        self._staged: dict[str, str | None] = {}
        """What is put (a mark) and removed (None) since."""
        self._import: subprocess.Popen[bytes] | None = None
        self._marks = 0

    def read(self, path: str, *, most_bytes: int) -> bytes | None:
        """The file's bytes, `most_bytes` of them at most; None where there is none."""
        with self._at_work():
            mark = self._staged.get(path, "")
            if mark:
                return self._staged_bytes(mark)[:most_bytes]
            name = self._standing.get(path)
            if mark is None or name is None:
                return None
            reading = self._git.start("cat-file", "blob", name)
            try:
                return (reading.stdout.read(most_bytes) if reading.stdout else b"") or self._checked_empty(name)
            finally:
                end(reading)

    def put(self, path: str, body: bytes, headers: Headers) -> None:  # noqa: ARG002 - the host tells headers
        """Put a file, whatever stood there."""
        if not path.startswith("/") or ".." in path.split("/") or "\n" in path or "\0" in path:
            raise ValueError("Not a path of the manifest.")
        with self._at_work():
            if self._standing.get(path) == blob_name(body):
                self._staged.pop(path, None)
                return
            self._marks += 1
            self._tell(b"blob\nmark :%d\ndata %d\n%b\n" % (self._marks, len(body), body))
            self._staged[path] = f":{self._marks}"

    def put_new(self, path: str, body: bytes, headers: Headers) -> None:
        """Put a file that never changes; where one stands already, leave it: git keeps no half of a file."""
        with self._at_work():
            if not self._staged.get(path, self._standing.get(path)):
                self.put(path, body, headers)

    def swap(self, path: str, body: bytes, headers: Headers, *, before: bytes | None) -> None:
        """Replace a file that is still `before`; the push holds to it that nothing else moved either."""
        if self.read(path, most_bytes=len(before or b"") + 1) != before:
            raise PointerMovedError("Somebody else changed this mirror meanwhile. Start again.")
        self.put(path, body, headers)

    def delete(self, path: str) -> None:
        """Remove a file."""
        with self._at_work():
            if path in self._standing:
                self._staged[path] = None
            else:
                self._staged.pop(path, None)

    def finish(self) -> None:
        """Push what was put and removed as one commit."""
        with self._at_work():
            if not self._staged:
                return
            self.put(NO_JEKYLL, b"", NO_HEADERS)
            commit = self._commit()
            tip, self._tip = self._tip, None  # Whatever happens now, the next one looks again.
            if commit != tip:
                # A "+" before the commit would force it whatever stands there.
                lease = f"--force-with-lease={self._branch}:{tip}"
                self._git.reach("push", "--porcelain", "--no-verify", lease, f"{commit}:{self._branch}")
            self._git.run("update-ref", THERE, commit)
            self._stand(commit)
            self._git.run("-c", "gc.auto=1000", "-c", "gc.autoPackLimit=20", "gc", "--auto", "--quiet")

    def close(self) -> None:
        """Let go of what was gathered and not shown, and of what lets us in."""
        if self._import is not None:
            end(self._import)
        self._git.close()
        if self._temporary is not None:
            self._temporary.cleanup()

    # --- The repository on this machine ---

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        """One at a time, after the branch was looked at. A damaged repository on this machine is thrown away."""
        with self._lock:
            try:
                if self._tip is None:
                    self._begin()
                yield
            except (GitFailedError, OSError):
                if self._import is not None:
                    end(self._import)
                    self._import = None
                shutil.rmtree(self._folder, ignore_errors=True)
                self._tip = None
                raise MirrorUnreachableError(
                    "The repository that is kept on this machine for the mirror was damaged, or there is no room. "
                    "It was removed; the next attempt makes it anew."
                ) from None

    def _begin(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        if not (self._folder / "HEAD").exists():
            self._git.run("init", "--bare", "--quiet", "--initial-branch=none", ".")
        for left in (*self._folder.rglob("*.lock"), *self._folder.glob("fast_import_crash_*")):
            left.unlink(missing_ok=True)  # of a process that was killed
        tip = self._git.reach("ls-remote", self._branch).partition(b"\t")[0].decode("ascii")
        if tip and tip not in self._git.run("for-each-ref", "--format=%(objectname)").decode("ascii").split():
            self._git.reach("fetch", "--depth=1", "--no-tags", "--no-write-fetch-head", f"+{self._branch}:{THERE}")
            tip = self._git.run("rev-parse", THERE).decode("ascii").strip()
        self._stand(tip)
        if POINTER not in self._standing and any(not HARMLESS.fullmatch(path) for path in self._standing):
            self._tip = None
            raise MirrorRefusedError(
                "This branch holds something else than an edition, which would be lost. Name a branch of its own."
            )

    def _stand(self, tip: str) -> None:
        listing = self._git.run("ls-tree", "-r", "-z", "--full-tree", tip) if tip else b""
        rows = (row.partition("\t") for row in listing.decode("utf-8", "surrogateescape").split("\0") if row)
        self._standing = {f"/{path}": about.split(" ")[2] for about, _tab, path in rows}
        self._staged = {}
        self._tip = tip
        # Only for a shallow repository does a push look at all that the branch's old commit holds. Else it would send
        # every file again, because the new commit is no child of the old one.
        (self._folder / "shallow").write_text(f"{tip}\n" if tip else "", encoding="ascii")

    def _commit(self) -> str:
        """Write what is staged upon what stands there, as a commit without a parent."""
        lines = [f"reset {NEXT}\n\ncommit {NEXT}\ncommitter {COMMITTER}\ndata 8\nEdition\n\n"]
        if self._tip:
            tree = self._git.run("rev-parse", f"{self._tip}^{{tree}}").decode("ascii").strip()
            lines.append(f'M 040000 {tree} ""\n')
        lines += [f"D {quoted(path)}\n" for path, mark in self._staged.items() if mark is None]
        lines += [f"M 100644 {mark} {quoted(path)}\n" for path, mark in self._staged.items() if mark]
        self._tell("".join(lines).encode() + b"done\n")
        importing, self._import = self._import, None
        if importing is None or importing.stdin is None:
            raise GitFailedError
        importing.stdin.close()
        if importing.wait():
            raise GitFailedError
        end(importing)
        return self._git.run("rev-parse", NEXT).decode("ascii").strip()

    def _tell(self, lines: bytes) -> None:
        if self._import is None:
            self._import = self._git.start("fast-import", "--quiet", "--done", "--force", "--date-format=raw")
        if self._import.stdin is None:
            raise GitFailedError
        self._import.stdin.write(lines)

    def _staged_bytes(self, mark: str) -> bytes:
        self._tell(f"cat-blob {mark}\n".encode())
        if self._import is None or self._import.stdin is None or self._import.stdout is None:
            raise GitFailedError
        self._import.stdin.flush()
        size = self._import.stdout.readline().split(b" ")[-1]
        if not size.strip().isdigit():
            raise GitFailedError
        return self._import.stdout.read(int(size) + 1)[:-1]

    def _checked_empty(self, name: str) -> bytes:
        """No bytes: right for the empty file, and for no other."""
        if name != blob_name(b""):
            raise GitFailedError
        return b""


def blob_name(body: bytes) -> str:
    """What git calls a file with these bytes.

    >>> blob_name(b"")
    'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391'
    """
    return hashlib.sha1(b"blob %d\0" % len(body) + body, usedforsecurity=False).hexdigest()


def quoted(path: str) -> str:
    r"""A file's path as `git fast-import` reads it.

    >>> quoted('/a "b"/index.html')
    '"a \\"b\\"/index.html"'
    """
    return '"' + path[1:].replace("\\", "\\\\").replace('"', '\\"') + '"'
