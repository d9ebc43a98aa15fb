"""A change of the site's identity on its way between the people who sign it, none of whom has to meet the others.

The machine of the press writes the proposal: the root that stands, and the one or two that are to follow. Each keeper
reads on a machine of their own, without a network, what would change, and adds a signature. Signed copies come back
in any order and are merged; when there are as many signatures as both roots ask for, the press gives the roots out.

    {"about": …, "chain": [ROOT FILE, …], "roots": [ROOT, …], "signatures": [{KEY ID: SIGNATURE, …}, …]}

`chain` holds every root so far, so that a keeper can check them against the `site.pub` or fingerprint they know.

A proposal is no secret. Who alters one on its way gets no signature that counts: what is signed are the roots
themselves. The code of a proposal (`Proposal.code`) lets keepers make sure over the telephone that they read the same.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import reduce
from typing import Any

import msgspec

from stet.edition.errors import EditionBrokenError, KeyRefusedError
from stet.edition.keys import Signer, is_signed, key_id
from stet.edition.root import ROOT_TAG, Root, SignedRoot, check_chain, fingerprint, read_root, refuse_impossible
from stet.kit import canonical
from stet.kit.digests import from_base64url, hex_digest, tagged, to_base64url

ABOUT = "A change of a Stet site's identity. Read and sign it with: stet keys sign THIS-FILE --root-key KEY"
CODE_TAG = "stet/1 proposal"
MOST_ROOTS = 2
MOST_BYTES = 100_000


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """One or two roots to follow the last one, with the signatures so far."""

    chain: tuple[bytes, ...]
    """The files root/1.json, root/2.json and so on, up to the last."""
    roots: tuple[Root, ...]
    signatures: tuple[dict[str, bytes], ...]
    """Of each root: signature by key id."""

    @classmethod
    def of(cls, chain: Sequence[bytes], roots: Sequence[Root]) -> "Proposal":
        """A proposal that nobody has signed yet; raises KeyRefusedError where the roots could not stand."""
        for root in roots:
            refuse_impossible(root)
        return cls(chain=tuple(chain), roots=tuple(roots), signatures=tuple({} for _ in roots))

    @property
    def last(self) -> Root:
        """The root that stands."""
        return SignedRoot.from_bytes(self.chain[-1]).root

    def to_bytes(self) -> bytes:
        """What stands in a proposal's file."""
        fields = {
            "about": ABOUT,
            "chain": [json.loads(file) for file in self.chain],
            "roots": [json.loads(root.to_bytes()) for root in self.roots],
            "signatures": [
                {key: to_base64url(signature) for key, signature in sorted(of_root.items())}
                for of_root in self.signatures
            ],
        }
        return json.dumps(fields, indent=1, ensure_ascii=False).encode() + b"\n"

    @classmethod
    def from_bytes(cls, file: bytes) -> "Proposal":
        """What a proposal's file says; raises EditionBrokenError where it is none, or its roots do not follow."""
        try:
            if len(file) > MOST_BYTES:
                raise ValueError("Too long for a proposal.")
            fields = json.loads(file)
            proposal = cls(
                chain=tuple(canonical.write(root) for root in fields["chain"]),
                roots=tuple(read_root(root) for root in fields["roots"]),
                signatures=tuple(
                    {str(key): from_base64url(text) for key, text in of_root.items()}
                    for of_root in fields["signatures"]
                ),
            )
        except (
            canonical.CanonicalError, KeyRefusedError, ValueError, KeyError, TypeError, AttributeError, RecursionError
        ) as error:  # fmt: skip
            raise EditionBrokenError("This file is not a proposal; ask for it to be sent again.") from error
        if not proposal.chain or not proposal._is_in_line():
            raise EditionBrokenError("The roots of this proposal do not follow one another; do not sign it.")
        return proposal

    def known_as(self, site: str) -> tuple[Root, ...]:
        """The roots so far, each vouched for by the one before; `site` is an id or a fingerprint.

        Raises EditionBrokenError where they are another site's or somebody else's.
        """
        return check_chain(self.chain, site=site)

    @property
    def site_id(self) -> str:
        """The site whose identity is to change."""
        return self.last.site_id

    @property
    def code(self) -> str:
        """What keepers read out to each other: the same code says that the same roots are signed."""
        return fingerprint(hex_digest(CODE_TAG, b"\n".join(root.to_bytes() for root in self.roots)))[:19]

    def signed_by(self, signer: Signer) -> "Proposal":
        """The proposal with one more signature; raises KeyRefusedError where that key has no say in it."""
        if not any(signer.public_key in judge.keys for judge in (self.last, *self.roots)):
            raise KeyRefusedError(f"Key {signer.key_id} is none of this site's root keys, and none that it is to get.")
        signatures = tuple(
            {**known, signer.key_id: signer.sign(tagged(ROOT_TAG, root.to_bytes()))}
            for root, known in zip(self.roots, self.signatures, strict=True)
        )
        return msgspec.structs.replace(self, signatures=signatures)

    def merged(self, other: "Proposal") -> "Proposal":
        """This proposal with the signatures of another copy of it; raises KeyRefusedError where that is another."""
        if (self.last, self.roots) != (other.last, other.roots):
            raise KeyRefusedError("These files are not the same proposal; compare their codes.")
        signatures = tuple({**ours, **theirs} for ours, theirs in zip(self.signatures, other.signatures, strict=True))
        return msgspec.structs.replace(self, signatures=signatures)

    def signers(self) -> tuple[str, ...]:
        """The ids of the keys that signed every root of it, as far as their signatures are good."""
        keys = {key_id(key): key for judge in (self.last, *self.roots) for key in judge.keys}
        return tuple(
            name for name, key in keys.items() if all(self._is_signed(at, key) for at in range(len(self.roots)))
        )

    def missing(self) -> tuple[str, ...]:
        """What is missing before it counts, a sentence for each root that asks for more; empty when nothing is."""
        judges = (self.last, *self.roots)
        asked = [*(dict.fromkeys((judges[at], judges[at + 1])) for at in range(len(self.roots)))]
        return tuple(dict.fromkeys(
            f"{lack} more of the keys that root {judge.version} names: {', '.join(unsigned)}."
            for at, of_root in enumerate(asked)
            for judge in of_root
            if (unsigned := [key_id(key) for key in judge.keys if not self._is_signed(at, key)])
            and (lack := judge.threshold - (len(judge.keys) - len(unsigned))) > 0
        ))  # fmt: skip

    def signed_roots(self) -> tuple[SignedRoot, ...]:
        """The roots with the signatures that count; raises KeyRefusedError while there are too few."""
        if missing := self.missing():
            raise KeyRefusedError(f"Not enough keepers have signed. Missing: {' '.join(missing)}")
        judges = (self.last, *self.roots)
        return tuple(
            SignedRoot(root=root, signatures={
                key_id(key): self.signatures[at][key_id(key)]
                for judge in judges[at : at + 2] for key in judge.keys if self._is_signed(at, key)
            })
            for at, root in enumerate(self.roots)
        )  # fmt: skip

    def changes(self) -> tuple[str, ...]:
        """What it would change, in sentences, for those who are to sign it."""
        judges = (self.last, *self.roots)
        return tuple(line for at in range(len(self.roots)) for line in _changes(judges[at], judges[at + 1]))

    def _is_signed(self, at: int, key: bytes) -> bool:
        signature = self.signatures[at].get(key_id(key), b"")
        return is_signed(key, signature, tagged(ROOT_TAG, self.roots[at].to_bytes()))

    def _is_in_line(self) -> bool:
        known = check_chain(self.chain, site=SignedRoot.from_bytes(self.chain[0]).root.site_id)
        numbers = [root.version for root in self.roots]
        follows = numbers == list(range(len(known) + 1, len(known) + 1 + len(numbers)))
        is_one_site = all(root.site_id == known[0].site_id for root in self.roots)
        return follows and is_one_site and len(self.signatures) == len(numbers) and 1 <= len(numbers) <= MOST_ROOTS


def merged(proposals: Iterable[Proposal]) -> Proposal:
    """Copies of one proposal as one, with the signatures of all."""
    return reduce(Proposal.merged, proposals)


def _changes(before: Root, after: Root) -> Iterable[str]:
    yield f"Root {after.version} follows root {before.version} and is good until {_day(after.expires)}."
    for what, old, new in (
        ("root key", before.keys, after.keys),
        ("edition key", before.edition_keys, after.edition_keys),
    ):
        yield from (f"  It names a NEW {what}: {key_id(key)}." for key in new if key not in old)
        yield from (f"  It leaves out {what} {key_id(key)}." for key in old if key not in new)
        if set(old) == set(new):
            yield f"  The {what}s stay: {', '.join(key_id(key) for key in new)}."
    if (before.threshold, len(before.keys)) != (after.threshold, len(after.keys)):
        yield (
            f"  From then on {after.threshold} of {len(after.keys)} root keys must sign, "
            f"not {before.threshold} of {len(before.keys)}."
        )


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"


def public_key_file(public_key: bytes) -> bytes:
    """What stands in a keeper's public file: the key and its id, for the machine that writes proposals."""
    fields: dict[str, Any] = {
        "about": "The public half of a root key of a Stet site. It may be shown to anybody.",
        "id": key_id(public_key),
        "key": to_base64url(public_key),
    }
    return json.dumps(fields, indent=1).encode() + b"\n"


def read_public_key(file: bytes) -> bytes:
    """The key in a keeper's public file; raises KeyRefusedError where there is none."""
    try:
        fields = json.loads(file)
        key = from_base64url(fields["key"])
        is_whole = key_id(key) == fields["id"] and len(key) == 32
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise KeyRefusedError("This is not the public half of a root key; it is the file that ends in .pub.") from error
    if not is_whole:
        raise KeyRefusedError("The id in this public key is not the key's: it was cut off or altered on its way.")
    return key
