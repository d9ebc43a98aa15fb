"""What a checker remembers of each site: the highest edition seen, and its roots.

The rules:
 * The number only grows, and only an edition that the site's newest root vouches for makes it grow. So a mirror that is
   rolled back to an older edition is refused, though everything in it is signed. It begins anew when a root takes an
   edition key away.
 * The longest chain of roots is kept. So a copy that hides a change of keys is refused, and a saved page can be checked
   later, alone.
 * Nothing is noted of what was checked, where it stood or when. The file is its owner's (0600).
 * A file that is damaged is not overwritten: what it held protects its owner.
"""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from stet.edition.disk import read_if_there
from stet.edition.errors import FolderRefusedError, KeyRefusedError
from stet.edition.root import Root, SignedRoot, SiteKey, check_chain, is_site
from stet.kit.digests import is_hex_digest
from stet.kit.errors import StetError


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What is remembered of one site."""

    seq: int | None = None
    roots: tuple[bytes, ...] = ()

    def seq_under(self, roots: Sequence[Root]) -> int | None:
        """The number, while every edition key that could have signed it still counts.

        Who stole a key can sign a number that the newsroom never reaches. A root that takes the key away takes the
        number along; nothing is lost by it, since editions under that key are refused.
        """
        if self.roots and roots:
            then = SignedRoot.from_bytes(self.roots[-1]).root.edition_keys
            if not set(then) <= set(roots[-1].edition_keys):
                return None
        return self.seq


NOTHING = Seen()


def default_file(environment: Mapping[str, str]) -> Path:
    """Where the file stands unless somebody says otherwise (XDG Base Directory Specification, "state")."""
    state = environment.get("XDG_STATE_HOME") or os.path.join(environment.get("HOME") or "~", ".local", "state")
    return Path(state).expanduser() / "stet" / "seen.json"


def load(file: Path) -> dict[str, Seen]:
    """What is remembered, by site; nothing where there is no file. Raises FolderRefusedError where it is damaged."""
    try:
        body = read_if_there(file)
    except OSError as error:
        raise FolderRefusedError(
            f"{file} cannot be read: {error.strerror}. Give another --state, or --no-state."
        ) from (error)
    if body is None:
        return {}
    try:
        fields = json.loads(body)
        return {site: _read(site, values) for site, values in fields["sites"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, StetError) as error:
        raise FolderRefusedError(
            f"{file}, which remembers the editions that were seen, is damaged. Move it away to begin anew, "
            "or give --no-state."
        ) from error


def of(known: Mapping[str, Seen], key: SiteKey | str | None) -> Seen:
    """What is remembered of the site that `key` names."""
    if key is None:
        return Seen()
    asked = key.site if isinstance(key, SiteKey) else key
    return next((seen for site, seen in known.items() if is_site(asked, site)), Seen())


def note(file: Path, site: str, *, seq: int | None, roots: tuple[bytes, ...]) -> None:
    """Remember an edition and roots that were checked. What was remembered meanwhile by another check stays."""
    known = load(file)
    old = known.get(site, Seen())
    newest = [SignedRoot.from_bytes(root).root for root in roots[-1:]]
    seqs = [number for number in (old.seq_under(newest), seq) if number is not None]
    new = Seen(seq=max(seqs, default=None), roots=max(old.roots, roots, key=len))
    if new != old:
        _write(file, known | {site: new})


def _write(file: Path, known: Mapping[str, Seen]) -> None:
    sites = {
        site: {"seq": seen.seq, "roots": [root.decode("utf-8") for root in seen.roots]} for site, seen in known.items()
    }
    text = json.dumps({"v": 1, "sites": sites}, indent=1, ensure_ascii=False) + "\n"
    temporary = file.with_name(f".{file.name}-{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        os.replace(temporary, file)
    except OSError as error:
        raise FolderRefusedError(
            f"{file} cannot be written: {error.strerror}. Give another --state, or --no-state."
        ) from error


def _read(site: str, values: Any) -> Seen:
    roots = tuple(text.encode("utf-8") for text in values["roots"])
    seq = values["seq"]
    if not is_hex_digest(site) or not (seq is None or type(seq) is int):
        raise KeyRefusedError("Not what is written here.")
    if roots:
        check_chain(roots, site=site)
    return Seen(seq=seq, roots=roots)
