"""Records that are lists of tags, "v=DMARC1; p=none": DMARC's (RFC 7489) and those of DKIM keys (RFC 6376)."""

import re
from base64 import b64decode
from binascii import Error as Base64Error
from dataclasses import dataclass
from typing import Literal, cast

from stet.office.dns_answers import Answers

Policy = Literal["none", "quarantine", "reject"]
POLICIES = ("none", "quarantine", "reject")


def tags_of(text: str) -> dict[str, str] | None:
    """The tags, in their order; None where the text is no list of tags, or names one twice.

    >>> tags_of("v=DMARC1; p = none;")
    {'v': 'DMARC1', 'p': 'none'}
    """
    tags: dict[str, str] = {}
    for part in text.split(";"):
        if not part.strip():
            continue
        name, equals, value = part.partition("=")
        name = name.strip()
        if not equals or not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name) or name in tags:
            return None
        tags[name] = value.strip()
    return tags


# --- DMARC ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Dmarc:
    """A DMARC record that receivers can use."""

    policy: Policy
    reports_to: tuple[str, ...]
    is_strict_dkim: bool
    is_strict_spf: bool


def dmarc_in(texts: tuple[str, ...]) -> Dmarc | str | None:
    """The DMARC record among TXT records; a sentence where it cannot be used; None where there is none."""
    found = [text for text in texts if re.match(r"\s*v\s*=\s*DMARC1\s*(;|$)", text)]
    if len(found) > 1:
        return "There is more than one DMARC record, which counts as none."
    if not found:
        return None
    tags = tags_of(found[0])
    if tags is None:
        return "The DMARC record is not a list of tags as RFC 7489 has it."
    policy = tags.get("p", "").lower()
    if policy not in POLICIES:
        return "The DMARC record has no policy: p must be none, quarantine or reject."
    return Dmarc(
        policy=cast("Policy", policy),
        reports_to=tuple(uri.strip() for uri in tags.get("rua", "").split(",") if uri.strip()),
        is_strict_dkim=tags.get("adkim", "r").lower() == "s",
        is_strict_spf=tags.get("aspf", "r").lower() == "s",
    )


def dmarc_of(domain: str, answers: Answers) -> tuple[str, Dmarc | str | None]:
    """The record that counts for a domain, and where it stands: at the domain, or at one above it.

    Receivers look for the organisation's domain; going up to the last name but one finds it where it exists.
    """
    labels = domain.split(".")
    for start in range(max(len(labels) - 1, 1)):
        place = ".".join(labels[start:])
        found = dmarc_in(answers.texts(f"_dmarc.{place}"))
        if found is not None:
            return place, found
    return domain, None


# --- Keys of DKIM ---


def key_problem(texts: tuple[str, ...], wanted: str) -> str | None:
    """Why signatures do not verify with what stands in the DNS; None where they do. `wanted` is the right record."""
    if not texts:
        return "There is no record."
    records = [tags for text in texts if (tags := tags_of(text)) is not None and "p" in tags]
    if len(texts) > 1:
        return "There is more than one record at this name."
    if not records:
        return "The record is not a list of tags with a key in it (p=)."
    tags, right = records[0], tags_of(wanted) or {}
    if tags.get("v", "DKIM1") != "DKIM1":
        return "The record's version is not DKIM1."
    if not tags["p"]:
        return "The record says that this key was taken back (p= is empty)."
    if tags.get("k", "rsa") != right.get("k", "rsa"):
        return f"The record is for a key of another kind ({tags.get('k', 'rsa')[:20]})."
    if _bytes(tags["p"]) != _bytes(right["p"]):
        return "The record holds another key than the one that signs."
    if "s" in tags and not {"*", "email"} & {one.strip() for one in tags["s"].split(":")}:
        return "The record says that its key is not for mail (s=)."
    return None


def is_testing(texts: tuple[str, ...]) -> bool:
    """Whether the record asks receivers not to count it yet (t=y)."""
    return any("y" in (tags_of(text) or {}).get("t", "").split(":") for text in texts)


def _bytes(text: str) -> bytes | None:
    try:
        return b64decode(re.sub(r"\s", "", text), validate=True)
    except (Base64Error, ValueError):
        return None
