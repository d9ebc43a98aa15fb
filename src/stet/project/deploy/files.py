"""Writes configuration files, and leaves alone what somebody has changed by hand.

Each file begins with a line that holds the digest of the rest. Where that no longer fits, a person was at work, and the
file stands until it is asked for by `--force`.
"""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from stet.project.errors import ChangedByHandError

_MARK = re.compile(r"# Written by `stet deploy`, and unchanged since while this fits: ([0-9a-f]{16})\n")


def marked(text: str) -> str:
    r"""A file's text below the line that holds its digest.

    >>> marked("a\n")
    '# Written by `stet deploy`, and unchanged since while this fits: 87428fc522803d31\na\n'
    """
    return f"# Written by `stet deploy`, and unchanged since while this fits: {_digest(text)}\n{text}"


def is_ours(text: str) -> bool:
    r"""Whether a file is as it was written here.

    >>> is_ours(marked("a\n")), is_ours(marked("a\n") + "b\n"), is_ours("a\n")
    (True, False, False)
    """
    match = _MARK.match(text)
    return match is not None and match[1] == _digest(text[match.end() :])


def write_all(folder: Path, files: Mapping[str, str], *, is_forced: bool) -> list[Path]:
    """Write all files, or none where one was changed by hand; answer those that are new or differ now.

    Raises ChangedByHandError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    differing = {}
    for name, text in files.items():
        file = folder / name
        stands = file.read_text(encoding="utf-8", errors="replace") if file.exists() else None
        if stands == marked(text):
            continue
        if stands is not None and not is_forced and not is_ours(stands):
            raise ChangedByHandError(
                f"{file} was changed by hand, so nothing was written. Write elsewhere with --out and compare, or "
                " overwrite it with --force."
            )
        differing[file] = marked(text)
    for file, text in differing.items():
        file.write_text(text, encoding="utf-8")
    return list(differing)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
