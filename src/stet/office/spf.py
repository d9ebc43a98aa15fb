"""SPF: who may send for a domain, as its record says (RFC 7208).

The rules:
 * A domain has one record that begins with "v=spf1"; two are an error that receivers count as none.
 * Mechanisms are looked at from left to right; the first that fits decides. Where none does, `redirect` goes on.
 * include, a, mx, ptr, exists and redirect ask the DNS: ten such terms in all, and the check ends in an error (4.6.4).
   So do more than two that find nothing.
 * `ptr` fits nobody here: RFC 7208 section 5.5 asks not to use it. A macro (%{…}) is not expanded: it fits nobody
   either.
"""

import ipaddress
import re
from dataclasses import dataclass, field
from enum import StrEnum

from stet.office.dns_answers import Answers

MOST_LOOKUPS = 10
MOST_VOID = 2
_TERM = re.compile(r"(?P<sign>[+?~-]?)(?P<name>[A-Za-z][A-Za-z0-9._-]*)(?P<rest>[:/=].*)?")
_MECHANISMS = {"all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists"}
_ASKING = {"include", "a", "mx", "ptr", "exists"}


class Verdict(StrEnum):
    """What SPF says of an address."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    FAIL = "fail"
    SOFTFAIL = "softfail"
    NEUTRAL = "neutral"
    NONE = "none"
    ERROR = "permerror"


SIGNS = {"": Verdict.PASS, "+": Verdict.PASS, "-": Verdict.FAIL, "~": Verdict.SOFTFAIL, "?": Verdict.NEUTRAL}


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One mechanism of a record."""

    verdict: Verdict
    name: str
    value: str
    """What stands behind the colon, with a prefix length if there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A record, read."""

    terms: tuple[Term, ...]
    redirect: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a check came to, and how much it asked."""

    verdict: Verdict
    lookups: int = 0
    why: str = ""


class SpfError(Exception):
    """The record cannot be used; receivers answer with permerror."""


@dataclass(slots=True)
class _Count:
    lookups: int = 0
    void: int = 0
    inside: list[str] = field(default_factory=list)

    def look_up(self) -> None:
        self.lookups += 1
        if self.lookups > MOST_LOOKUPS:
            raise SpfError(f"it takes more than {MOST_LOOKUPS} look-ups")

    def found(self, answers: tuple[str, ...]) -> tuple[str, ...]:
        self.void += not answers
        if self.void > MOST_VOID:
            raise SpfError(f"more than {MOST_VOID} of its look-ups find nothing")
        return answers


def record_in(texts: tuple[str, ...]) -> str | None:
    """The SPF record among a domain's TXT records; None for none. Raises SpfError where there are several."""
    found = [text for text in texts if re.match(r"v=spf1(?: |$)", text, re.IGNORECASE)]
    if len(found) > 1:
        raise SpfError("there is more than one")
    return found[0] if found else None


def read(text: str) -> Record:
    """The record in `text`, which begins with v=spf1. Raises SpfError."""
    terms, redirect = [], ""
    for word in text.split()[1:]:
        found = _TERM.fullmatch(word)
        if found is None:
            raise SpfError(f"it has a word that is none of SPF's, {word[:40]!r}")
        name, rest = found["name"].lower(), found["rest"] or ""
        if rest.startswith("="):
            redirect = rest[1:] if name == "redirect" else redirect
        elif name in _MECHANISMS:
            value = rest[1:] if rest.startswith(":") else rest
            if name in ("ip4", "ip6"):
                _network(value, name)
            terms.append(Term(verdict=SIGNS[found["sign"]], name=name, value=value))
        else:
            raise SpfError(f"it has a word that is none of SPF's, {word[:40]!r}")
    return Record(terms=tuple(terms), redirect=redirect)


def check(domain: str, address: str, answers: Answers) -> Outcome:
    """Whether `domain` lets the IP address send. Raises DnsUnreachableError."""
    count = _Count()
    try:
        verdict = _check(domain, ipaddress.ip_address(address), answers, count)
    except SpfError as error:
        return Outcome(verdict=Verdict.ERROR, lookups=count.lookups, why=str(error))
    return Outcome(verdict=verdict, lookups=count.lookups)


Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _check(domain: str, address: Address, answers: Answers, count: _Count) -> Verdict:
    if domain.lower() in count.inside:
        raise SpfError("it includes itself")
    count.inside.append(domain.lower())
    text = record_in(answers.texts(domain))
    if text is None:
        count.inside.pop()
        return Verdict.NONE
    record = read(text)
    for term in record.terms:
        if term.name in _ASKING:
            count.look_up()
        if _fits(term, domain, address, answers, count):
            count.inside.pop()
            return term.verdict
    if record.redirect:
        count.look_up()
        verdict = _check(record.redirect, address, answers, count)
        if verdict is Verdict.NONE:
            raise SpfError("it redirects to a domain without a record")
    else:
        verdict = Verdict.NEUTRAL
    count.inside.pop()
    return verdict


def _fits(term: Term, domain: str, address: Address, answers: Answers, count: _Count) -> bool:
    if "%" in term.value:
        return False
    match term.name:
        case "all":
            return True
        case "ip4" | "ip6":
            return address in _network(term.value, term.name)
        case "include":
            verdict = _check(term.value, address, answers, count)
            if verdict is Verdict.NONE:
                raise SpfError("it includes a domain without a record")
            return verdict is Verdict.PASS
        case "a" | "mx":
            name, lengths = _place(term.value, domain)
            hosts = (name,) if term.name == "a" else count.found(answers.exchanges(name))[:MOST_LOOKUPS]
            found = count.found(tuple(one for host in hosts if host != "." for one in answers.addresses(host)))
            return any(address in _around(one, lengths) for one in found)
    return False


def _place(value: str, domain: str) -> tuple[str, tuple[str, str]]:
    name, _, lengths = value.partition("/")
    four, _, six = lengths.partition("//") if "//" in value else (lengths, "", "")
    return name or domain, (four.strip("/"), six)


def _around(address: str, lengths: tuple[str, str]) -> Network:
    is_four = ":" not in address
    length = (lengths[0] or "32") if is_four else (lengths[1] or "128")
    return _network(f"{address}/{length}", "ip4" if is_four else "ip6")


def _network(value: str, name: str) -> Network:
    try:
        if name == "ip4":
            return ipaddress.IPv4Network(value, strict=False)
        return ipaddress.IPv6Network(value, strict=False)
    except ValueError:
        raise SpfError(f"it has an address that is none, {value[:40]!r}") from None


def with_addresses(text: str | None, addresses: tuple[str, ...]) -> str:
    """A record that lets these addresses send too: the old one, or a new one, with what is missing.

    >>> with_addresses("v=spf1 include:_spf.example.org -all", ("192.0.2.7",))
    'v=spf1 ip4:192.0.2.7 include:_spf.example.org -all'
    >>> with_addresses(None, ("2001:db8::7",))
    'v=spf1 ip6:2001:db8::7 ~all'
    """
    words = text.split()[1:] if text else ["~all"]
    new = [f"ip{6 if ':' in one else 4}:{one}" for one in addresses]
    return " ".join(["v=spf1", *(one for one in new if one not in words), *words])
