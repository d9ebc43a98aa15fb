"""Runs the `git` command for a mirror: in a repository of its own, with nothing of this user's settings.

The promises:
 * What lets us in stands in no argument, no environment and no error: it lies in files that only this user can read, in
   memory where the system has such a place, until `close`. ssh is told where they are, git asks a small script.
 * The other side's key or certificate has to be the one that was named. Nobody is asked anything.
 * Every command ends: in its time, or it is ended with all that it started.
 * What git says is not repeated. It is read for what it means, and ours is said.
"""

import os
import re
import shlex
import shutil
import signal
import subprocess  # git has no library that is kept as well as the command
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from stet.kit.errors import StetError
from stet.mirrors.errors import MirrorRefusedError, MirrorUnreachableError, PointerMovedError

SECRETS: Mapping[str, str] = {
    "key": "The private key that lets us in over ssh: what a file such as id_ed25519 holds, without a passphrase.",
    "known_hosts": "The lines that `ssh-keyscan` gives for the host, compared with what the host says of itself.",
    "user": 'The name that goes with the token over https; "git" where it is left out.',
    "token": "The token that lets us in over https.",
    "certificate": "The authority behind the host's certificate, where it is none that this machine knows.",
}

LOCAL_SECONDS = 600
REACH_SECONDS = 3_600
"""For sending a whole edition over a slow line; a line on which nothing moves is given up after a minute."""
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it, readable by its owner alone

ASKED = """#!/bin/sh
case "$1" in
    Username*) cat "{folder}/user" ;;
    *) cat "{folder}/token" ;;
esac
"""

MEANINGS: tuple[tuple[str, type[StetError], str], ...] = (
    (r"stale info|fetch first|cannot lock ref|failed to update ref|non-fast-forward", PointerMovedError,
     "Somebody else changed this mirror meanwhile. Start again."),
    (r"remote rejected", MirrorRefusedError,
     "The mirror's host did not take the branch. See whether it is protected there, or the host has no more room."),
    (r"Host key verification failed|no matching host key|No \w+ host key is known", MirrorRefusedError,
     "The mirror's host shows another key than `known_hosts` among its secrets. Do not go on before you know why."),
    (r"certificate|SSL|TLS", MirrorRefusedError, "The certificate of the mirror's host is not valid."),
    (r"Permission denied|Authentication failed|could not read (Username|Password)|invalid credentials|"
     r"returned error: 40[13]", MirrorRefusedError,
     "The mirror's host does not let us in. See whether its secrets are right and may write."),
    (r"Load key .*(error|invalid)|invalid format|error in libcrypto", MirrorRefusedError,
     "`key` among the mirror's secrets is no private key, or has a passphrase."),
    (r"not appear to be a git repository|[Rr]epository .*not found|does not exist|returned error: 404|"
     r"dubious ownership", MirrorRefusedError,
     "There is no repository at the mirror's address that we may use. Make an empty one there first."),
)  # fmt: skip
"""What git's words mean, the first that fits."""


class Git:
    """The command, for the repository in `folder` and one address."""

    def __init__(self, folder: Path, address: str, secrets: Mapping[str, str]) -> None:
        if shutil.which("git") is None:
            raise MirrorRefusedError("This kind of mirror needs the `git` command. Install it: apt install git.")
        self.folder = folder
        self._address = address
        in_memory = MEMORY if os.access(MEMORY, os.W_OK) else None
        self._private = tempfile.TemporaryDirectory(prefix="stet-git-", dir=in_memory)
        self.environment = self._environment(Path(self._private.name), secrets)

    def run(self, *arguments: str) -> bytes:
        """What a command gives that stays on this machine. Raises GitFailedError."""
        code, output, _words = self._run(arguments, seconds=LOCAL_SECONDS)
        if code:
            raise GitFailedError
        return output

    def reach(self, command: str, *arguments: str) -> bytes:
        """What a command gives that goes to the address."""
        at_last = [one for one in arguments if not one.startswith("-")]
        options = [one for one in arguments if one.startswith("-")]
        code, output, words = self._run((command, *options, self._address, *at_last), seconds=REACH_SECONDS)
        if code:
            raise meaning(words)
        return output

    def start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        """A command that is written to and read from."""
        return subprocess.Popen(  # noqa: S603 - git, with arguments made here
            self._command(arguments), env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip

    def close(self) -> None:
        """Remove what lets us in."""
        self._private.cleanup()

    def _run(self, arguments: tuple[str, ...], *, seconds: float) -> tuple[int, bytes, str]:
        process = subprocess.Popen(  # noqa: S603 - git, with arguments made here
            self._command(arguments), env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        try:
            output, words = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise MirrorUnreachableError("The mirror's host was too slow.") from None
        finally:
            end(process)
        return process.returncode, output, (output + words).decode("utf-8", "replace")

    def _command(self, arguments: tuple[str, ...]) -> list[str]:
        return ["git", "-C", str(self.folder), *arguments]

    def _environment(self, private: Path, secrets: Mapping[str, str]) -> dict[str, str]:
        def keep(name: str, text: str, mode: int = 0o600) -> Path:
            file = private / name
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as stream:
                stream.write(text)
            return file

        keep("user", secrets.get("user") or "git")
        keep("token", secrets.get("token", ""))
        environment = {
            **SETTINGS,
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(private),
            "GIT_ALLOW_PROTOCOL": self._address.partition(":")[0],
            "GIT_ASKPASS": str(keep("ask", ASKED.format(folder=private), 0o700)),
            "GIT_SSH_COMMAND": ssh_command(
                key=keep("key", secrets.get("key", "").rstrip() + "\n"),
                known_hosts=keep("known_hosts", secrets.get("known_hosts", "").rstrip() + "\n"),
            ),
        }
        if secrets.get("certificate"):
            environment["GIT_SSL_CAINFO"] = str(keep("certificate", secrets["certificate"]))
        return environment


class GitFailedError(Exception):
    """A command on the repository of this machine failed: it is damaged, or there is no room."""


CONFIG = {
    "core.hooksPath": "/dev/null",
    "core.fsync": "all",
    "core.quotePath": "false",
    "fetch.fsckObjects": "true",
    "gc.autoDetach": "false",
    "gc.pruneExpire": "now",
    "http.followRedirects": "false",
    "http.lowSpeedLimit": "100",
    "http.lowSpeedTime": "60",
    "maintenance.auto": "false",
}
SETTINGS = {
    "LC_ALL": "C",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_SSH_VARIANT": "ssh",
    "GIT_CONFIG_COUNT": str(len(CONFIG)),
    **{f"GIT_CONFIG_KEY_{number}": key for number, key in enumerate(CONFIG)},
    **{f"GIT_CONFIG_VALUE_{number}": value for number, value in enumerate(CONFIG.values())},
}


def ssh_command(*, key: Path, known_hosts: Path) -> str:
    """How ssh is called: with this key alone, for a host that these lines name."""
    options = {
        "BatchMode": "yes",
        "ConnectTimeout": "30",
        "GlobalKnownHostsFile": "/dev/null",
        "IdentitiesOnly": "yes",
        "IdentityFile": str(key),
        "ServerAliveCountMax": "4",
        "ServerAliveInterval": "15",
        "StrictHostKeyChecking": "yes",
        "UpdateHostKeys": "no",
        "UserKnownHostsFile": str(known_hosts),
    }
    return shlex.join(["ssh", "-F", "/dev/null", *(f"-o{name}={value}" for name, value in options.items())])


def meaning(words: str) -> StetError:
    """What git's words mean, as an error of ours.

    >>> meaning("fatal: Authentication failed for 'https://git.example.org/x'")
    MirrorRefusedError("The mirror's host does not let us in. See whether its secrets are right and may write.")
    """
    for pattern, error, sentence in MEANINGS:
        if re.search(pattern, words):
            return error(sentence)
    return MirrorUnreachableError("The mirror's host cannot be reached, or broke off.")


def end(process: "subprocess.Popen[bytes]") -> None:
    """End a command and what it started, if it still runs, and let go of its pipes."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
    process.wait()
