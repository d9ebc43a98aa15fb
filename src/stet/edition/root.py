"""The site's identity: who may change it, and which keys sign its editions.

The rules (they are TUF's for its root role, https://theupdateframework.github.io/specification/ section 5.3):
 * Root 1 names the offline keys, how many of them must sign, and the edition keys. It vouches for itself.
 * The site's id is the digest of root 1. Who knows the id can check everything else.
 * Root N + 1 carries the signatures that root N asks for and those that it asks for itself.
 * A root expires after a year. The newest root decides; no root is ever taken back.
 * A public site key file (`site.pub`) holds what a person needs to check the site: the id and the offline keys of a
   root. A copy of the site that does not know that root, or a later one, is refused.

Nothing here touches the clock; files are read and written for `site.pub` only.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from stet.edition.errors import EditionBrokenError, KeyRefusedError
from stet.edition.keys import PUBLIC_KEY_BYTES, Signer, is_signed, key_id
from stet.kit import canonical
from stet.kit.clock import read_moment, write_moment
from stet.kit.digests import from_base64url, hex_digest, is_hex_digest, tagged, to_base64url

ROOT_TAG = "stet/1 root"
LIFETIME = timedelta(days=365)
FINGERPRINT_DIGITS = 32


class Root(msgspec.Struct, frozen=True, kw_only=True):
    """One version of the site's identity."""

    version: int
    site: str | None
    """The site's id; None in root 1, whose digest is the id."""
    issued: datetime
    expires: datetime
    threshold: int
    """How many of `keys` must sign a root."""
    keys: tuple[bytes, ...]
    """Public keys that are kept offline."""
    edition_keys: tuple[bytes, ...]
    """Public keys that sign editions and pages; the newest first."""

    def to_bytes(self) -> bytes:
        """The canonical bytes that are signed and, in root 1, give the site's id."""
        return canonical.write(
            {
                "v": 1,
                "version": self.version,
                "site": self.site,
                "issued": write_moment(self.issued),
                "expires": write_moment(self.expires),
                "threshold": self.threshold,
                "keys": [to_base64url(key) for key in self.keys],
                "edition_keys": [to_base64url(key) for key in self.edition_keys],
            }
        )

    @property
    def site_id(self) -> str:
        """The id of the site that this root belongs to."""
        return self.site if self.site is not None else hex_digest(ROOT_TAG, self.to_bytes())


class SignedRoot(msgspec.Struct, frozen=True, kw_only=True):
    """A root with the signatures that vouch for it."""

    root: Root
    signatures: dict[str, bytes]
    """Signature by key id."""

    def to_bytes(self) -> bytes:
        """What stands in root/N.json."""
        signatures = {key: to_base64url(signature) for key, signature in self.signatures.items()}
        return canonical.write({"root": json.loads(self.root.to_bytes()), "signatures": signatures})

    @classmethod
    def from_bytes(cls, file: bytes) -> "SignedRoot":
        """What a root/N.json says, its shape checked but not its signatures; raises EditionBrokenError."""
        try:
            fields = canonical.read(file)
            signed = cls(
                root=read_root(fields["root"]),
                signatures={key: from_base64url(text) for key, text in fields["signatures"].items()},
            )
            is_whole = signed.to_bytes() == file
        except (canonical.CanonicalError, KeyRefusedError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise EditionBrokenError("A root file of the edition is not written as a root.") from error
        if not is_whole:
            raise EditionBrokenError("A root file of the edition says more than a root says.")
        return signed

    def has_signatures_of(self, judge: Root) -> bool:
        """Whether enough of `judge`'s offline keys signed this root."""
        message = tagged(ROOT_TAG, self.root.to_bytes())
        signed_by = (key for key in judge.keys if is_signed(key, self.signatures.get(key_id(key), b""), message))
        return sum(1 for _ in signed_by) >= judge.threshold


class SiteKey(msgspec.Struct, frozen=True, kw_only=True):
    """What a person is given to check the site with; the content of `site.pub`."""

    site: str
    version: int
    """The root these keys stand in; older roots alone are refused."""
    threshold: int
    keys: tuple[bytes, ...]

    @classmethod
    def of(cls, root: Root) -> "SiteKey":
        """The public key of the site as of `root`."""
        return cls(site=root.site_id, version=root.version, threshold=root.threshold, keys=root.keys)

    def save(self, path: Path) -> None:
        """Write `site.pub`."""
        fields = {
            "about": "The public key of a Stet site; `stet verify FOLDER --key THIS-FILE` checks a copy of the site.",
            "fingerprint": fingerprint(self.site),
            "site": self.site,
            "version": self.version,
            "threshold": self.threshold,
            "keys": [to_base64url(key) for key in self.keys],
        }
        try:
            path.write_text(json.dumps(fields, indent=2) + "\n", encoding="utf-8")
        except OSError as error:
            raise KeyRefusedError(f"The public site key cannot be written to {path}: {error.strerror}.") from error

    @classmethod
    def load(cls, path: Path) -> "SiteKey":
        """What stands in `site.pub`; raises KeyRefusedError when it cannot be read."""
        try:
            fields = json.loads(path.read_text(encoding="utf-8"))
            key = cls(
                site=_checked_id(fields["site"]),
                version=_whole(fields["version"], least=1),
                threshold=_whole(fields["threshold"], least=1),
                keys=_read_keys(fields["keys"]),
            )
        except OSError as error:
            raise KeyRefusedError(f"The public site key {path} cannot be read: {error.strerror}.") from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise KeyRefusedError(
                f"The file {path} is not a public site key; ask the newsroom for its site.pub."
            ) from error
        return key


def first_root(
    root_signers: Sequence[Signer], edition_keys: Sequence[bytes], *, now: datetime, threshold: int | None = None
) -> SignedRoot:
    """Root 1 of a new site, signed by all its offline keys; `threshold` of them must sign the next (all, if None)."""
    root = Root(
        version=1,
        site=None,
        issued=_to_second(now),
        expires=_to_second(now) + LIFETIME,
        threshold=len(root_signers) if threshold is None else threshold,
        keys=tuple(signer.public_key for signer in root_signers),
        edition_keys=tuple(edition_keys),
    )
    return sign_root(root, root_signers)


def root_after(
    last: Root,
    *,
    now: datetime,
    keys: Sequence[bytes] | None = None,
    threshold: int | None = None,
    edition_keys: Sequence[bytes] | None = None,
) -> Root:
    """The root after `last`, not signed yet; what is not given stays as it is."""
    return Root(
        version=last.version + 1,
        site=last.site_id,
        issued=_to_second(now),
        expires=_to_second(now) + LIFETIME,
        threshold=last.threshold if threshold is None else threshold,
        keys=last.keys if keys is None else tuple(keys),
        edition_keys=last.edition_keys if edition_keys is None else tuple(edition_keys),
    )


def next_root(
    last: Root,
    signers: Sequence[Signer],
    *,
    now: datetime,
    keys: Sequence[bytes] | None = None,
    threshold: int | None = None,
    edition_keys: Sequence[bytes] | None = None,
) -> SignedRoot:
    """The root after `last`; what is not given stays as it is. Raises KeyRefusedError when `signers` are too few."""
    root = root_after(last, now=now, keys=keys, threshold=threshold, edition_keys=edition_keys)
    signed = sign_root(root, signers)
    if not signed.has_signatures_of(last):
        raise KeyRefusedError(
            f"Root {root.version} needs {last.threshold} signatures by the keys of root {last.version}; bring more."
        )
    return signed


def sign_root(root: Root, signers: Sequence[Signer]) -> SignedRoot:
    """`root` with the signatures of `signers`; raises KeyRefusedError when they are too few for the root itself."""
    refuse_impossible(root)
    message = tagged(ROOT_TAG, root.to_bytes())
    signed = SignedRoot(root=root, signatures={signer.key_id: signer.sign(message) for signer in signers})
    if not signed.has_signatures_of(root):
        raise KeyRefusedError(
            f"Root {root.version} needs {root.threshold} signatures by its own keys; bring more keys."
        )
    return signed


def check_chain(files: Sequence[bytes], *, site: str) -> tuple[Root, ...]:
    """The roots that `files` (root/1.json, root/2.json, …) hold, each vouched for by the one before.

    `site` is the site's id, or a fingerprint of at least 32 digits. Raises EditionBrokenError when the first is not
    that site's, or one does not follow from the last. Expiry is left to the caller.
    """
    if not files:
        raise EditionBrokenError("The edition holds no root/1.json, so nothing says whose it is.")
    signed = [SignedRoot.from_bytes(file) for file in files]
    if not is_site(site, signed[0].root.site_id) or signed[0].root.site is not None:
        raise EditionBrokenError("The edition belongs to another site than the one that was asked for.")
    judge = signed[0].root
    for number, candidate in enumerate(signed, start=1):
        root = candidate.root
        is_in_line = root.version == number and root.site_id == signed[0].root.site_id
        if not (is_in_line and candidate.has_signatures_of(judge) and candidate.has_signatures_of(root)):
            raise EditionBrokenError(
                f"root/{number}.json is not vouched for by the keys it needs; do not trust this copy."
            )
        judge = root
    return tuple(candidate.root for candidate in signed)


def check_known(roots: Sequence[Root], key: SiteKey) -> None:
    """Raise EditionBrokenError unless `roots` reach the root that `key` was made from, and agree with it."""
    if len(roots) < key.version:
        raise EditionBrokenError(
            f"The edition stops at root {len(roots)}, but root {key.version} is known; it is an old copy."
        )
    if SiteKey.of(roots[key.version - 1]) != key:
        raise EditionBrokenError(f"Root {key.version} of the edition names other keys than the public site key does.")


def fingerprint(site_id: str) -> str:
    """The first 32 digits of a site's id in groups of four, for people to read aloud and compare.

    >>> fingerprint("00112233445566778899aabbccddeeff" * 2)
    '0011 2233 4455 6677 8899 aabb ccdd eeff'
    """
    return " ".join(site_id[start : start + 4] for start in range(0, FINGERPRINT_DIGITS, 4))


def spoken(site_id: str) -> str:
    """The same digits in words that can be said and written down by ear: one word for each group of four digits.

    They are proquints (Wilkerson, "A Proposal for Proquints", arXiv:0901.4016): consonants stand for four bits, vowels
    for two.

    >>> spoken("7f000001" + "00" * 28)[:11]
    'lusab-babad'
    """
    return "-".join(_proquint(int(site_id[start : start + 4], 16)) for start in range(0, FINGERPRINT_DIGITS, 4))


def _proquint(number: int) -> str:
    consonants, vowels = "bdfghjklmnprstvz", "aiou"
    return (
        consonants[number >> 12]
        + vowels[number >> 10 & 3]
        + consonants[number >> 6 & 15]
        + vowels[number >> 4 & 3]
        + consonants[number & 15]
    )


def is_site(asked: str, site_id: str) -> bool:
    """Whether `asked`, a whole id or a fingerprint, names this site."""
    digits = "".join(asked.split()).lower()
    return len(digits) >= FINGERPRINT_DIGITS and site_id.startswith(digits)


def read_root(fields: dict[str, Any]) -> Root:
    """The root that the fields of a root file spell; raises ValueError, KeyError, TypeError or KeyRefusedError."""
    root = Root(
        version=_whole(fields["version"], least=1),
        site=None if fields["site"] is None else _checked_id(fields["site"]),
        issued=read_moment(fields["issued"]),
        expires=read_moment(fields["expires"]),
        threshold=_whole(fields["threshold"], least=1),
        keys=_read_keys(fields["keys"]),
        edition_keys=_read_keys(fields["edition_keys"]),
    )
    if (root.site is None) != (root.version == 1):
        raise ValueError("Only root 1 has no site.")
    refuse_impossible(root)
    return root


def refuse_impossible(root: Root) -> None:
    """Raise KeyRefusedError where a root could never be followed, or its keys are the wrong ones."""
    if not 1 <= root.threshold <= len(root.keys):
        raise KeyRefusedError(
            "A root needs at least one offline key, and cannot ask for more signatures than it has keys."
        )
    if not root.edition_keys:
        raise KeyRefusedError("A root needs at least one edition key.")
    if len(set(root.keys)) < len(root.keys) or set(root.keys) & set(root.edition_keys):
        raise KeyRefusedError(
            "Each offline key stands in a root once, and none of them signs editions; make another key."
        )


def _read_keys(texts: list[str]) -> tuple[bytes, ...]:
    keys = tuple(from_base64url(text) for text in texts)
    if any(len(key) != PUBLIC_KEY_BYTES for key in keys):
        raise ValueError("A public key has 32 bytes.")
    return keys


def _whole(number: Any, *, least: int) -> int:
    if not isinstance(number, int) or isinstance(number, bool) or number < least:
        raise ValueError("Not a whole number in range.")
    return number


def _checked_id(text: str) -> str:
    if not is_hex_digest(text):
        raise ValueError("Not a site's id.")
    return text


def _to_second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
