"""Whose a copy is, and which edition it says it is: roots and pointers, checked before anything that rests on them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from stet.edition import minisig
from stet.edition.errors import EditionBrokenError
from stet.edition.manifest import Tree
from stet.edition.pointer import Pointer, follows, matching_line
from stet.edition.root import Root, SignedRoot, SiteKey, check_chain, check_known
from stet.edition.verify.copies import Copy, read_proof, read_roots
from stet.edition.verify.report import KEPT, Report
from stet.edition.verify.seen import NOTHING, Seen
from stet.kit.clock import write_moment

CLOCK_SLACK = timedelta(minutes=10)
READINGS = 4
"""How often a pointer is read whose signature is of another edition: one may have come in between."""


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What the checker knows before looking at the copy."""

    key: SiteKey | str | None
    """The public site key, the site's id or its fingerprint; None: nothing, and no copy can be called good."""
    now: datetime
    highest_seq_seen: int | None = None
    """What whoever asks says they saw."""
    remembered: Seen = NOTHING
    """What earlier checks saw, or another copy of the site brought."""

    def least_seq(self, roots: Sequence[Root]) -> int | None:
        """The number below which an edition under `roots` was rolled back."""
        numbers = (self.highest_seq_seen, self.remembered.seq_under(roots))
        return max((number for number in numbers if number is not None), default=None)


def checked_roots(copy: Copy | None, known: Known, report: Report) -> tuple[Root, ...]:
    """The site's roots: the copy's, or the known ones where those go further. Raises EditionBrokenError."""
    files = tuple(read_roots(copy)) if copy is not None else known.remembered.roots
    key = known.key
    if key is None:
        if not files:
            raise EditionBrokenError("The edition holds no root/1.json, so nothing says whose it is.")
        key = SignedRoot.from_bytes(files[0]).root.site_id
        report.doubts.append(
            "Nothing was given to compare with. Compare the fingerprint with one that you have from the newsroom "
            "itself, or give its key: --key site.pub."
        )
    roots = check_chain(files, site=key.site if isinstance(key, SiteKey) else key)
    report.name_site(roots[0].site_id)
    if known.remembered.roots and known.remembered.roots[0] == files[0]:
        _refuse_hidden(files, roots, known.remembered.roots)
    if isinstance(key, SiteKey):
        check_known(roots, key)
    report.roots = tuple(files)
    if roots[-1].expires <= known.now:
        expired = (
            f"The site's root {roots[-1].version} expired on {write_moment(roots[-1].expires)}; "
            "the newsroom must sign a new one."
        )
        if report.kind in KEPT:
            report.doubts.append(expired)
        else:
            report.add(expired)
    return roots


def _refuse_hidden(files: Sequence[bytes], roots: tuple[Root, ...], known: Sequence[bytes]) -> None:
    """Raise EditionBrokenError where the copy's roots hide, or contradict, one that was seen."""
    remembered = check_chain(known, site=roots[0].site_id)
    for here, seen in zip(roots, remembered, strict=False):
        if here != seen:
            raise EditionBrokenError(
                f"root/{here.version}.json is not the one that was seen before: two stand signed. "
                "Ask the newsroom before you trust either."
            )
    if len(files) < len(known):
        raise EditionBrokenError(
            f"The copy ends at root {len(files)}, but root {len(known)} was seen before; it is an old copy, or one "
            "that hides a change of keys."
        )


def checked_pointer(copy: Copy, roots: Sequence[Root], known: Known, report: Report) -> Pointer:
    """Which edition the copy is. What is made to be kept may expire, and be older than what was seen."""
    pointer = signed_pointer(copy, roots, "edition.json")
    if pointer is None:
        raise EditionBrokenError("The copy holds no edition.json, so nothing says what belongs in it.")
    report.seq, report.published, report.expires = pointer.seq, pointer.published, pointer.expires
    if pointer.expires <= known.now and report.kind not in KEPT:
        report.add(f"This copy is from {write_moment(pointer.published)} and expired; look for a newer one.")
    if pointer.published > known.now + CLOCK_SLACK:
        report.add("This copy says that it was published in the future; check this machine's clock.")
    least = known.least_seq(roots)
    if least is not None and pointer.seq < least and report.kind not in KEPT:
        report.add(f"This copy is edition {pointer.seq}, but {least} was seen before: it was rolled back.")
    return pointer


def signed_pointer(copy: Copy, roots: Sequence[Root], name: str) -> Pointer | None:
    """edition.json or next.json; None where there is none; raises EditionBrokenError unless this site signed it."""
    file = read_proof(copy, name)
    for _ in range(READINGS):
        if file is None:
            return None
        pointer = Pointer.from_bytes(file)
        if pointer.site != roots[0].site_id:
            raise EditionBrokenError(f"{name} belongs to another site.")
        signatures = read_proof(copy, f"{name}.sig") or b""
        if matching_line(pointer, signatures, roots[-1].edition_keys) is not None:
            return pointer
        before, file = file, read_proof(copy, name)
        if file == before:
            break
    raise EditionBrokenError(f"{name} is not signed by an edition key of this site; do not trust this copy.")


def checked_next(copy: Copy, roots: Sequence[Root], pointer: Pointer) -> Pointer | None:
    """The edition that is being printed; None when none is, or it has become the current one."""
    coming = signed_pointer(copy, roots, "next.json")
    if coming is not None and coming != pointer and not follows(pointer, coming):
        raise EditionBrokenError("next.json does not follow from edition.json; do not trust this copy.")
    return coming


def check_minisig(copy: Copy, roots: Sequence[Root], pointer: Pointer, report: Report) -> None:
    """Between the last steps of a commit the .minisig is still the old one's; next.json stands until then."""
    file = read_proof(copy, "edition.json.minisig")
    if file is None or report.is_printing:
        return
    if not any(minisig.is_valid(file, pointer.to_bytes(), public_key=key) for key in roots[-1].edition_keys):
        report.add("edition.json.minisig does not vouch for edition.json; take both from another copy.")


def tree_of(copy: Copy, pointer: Pointer) -> Tree:
    """The manifest that `pointer` names, as it stands in the copy."""

    def read(name: str) -> bytes:
        body = read_proof(copy, name)
        if body is None:
            raise EditionBrokenError(f"{name} of the manifest is missing; take this part from another copy.")
        return body

    return Tree(pointer.root, pointer.files, read)
