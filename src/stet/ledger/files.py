"""Files that others read while they are written: each is there whole, or as it was."""

import os
import tempfile
from pathlib import Path

import msgspec


def put_json(file: Path, content: msgspec.Struct) -> None:
    """Put `content` there as JSON that everybody may read; at every moment the file is the old one or the new."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "wb") as opened:
            os.fchmod(handle, 0o644)
            opened.write(msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n")
            opened.flush()
            os.fsync(handle)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
