"""What `stet doctor mail` makes of records: SPF, DKIM, DMARC, and the whole check over a real name server."""

import dataclasses
import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from stet.mailroom.dkim import record_of
from stet.mailroom.sink import Sink
from stet.office import spf
from stet.office.dns_answers import NameServer
from stet.office.errors import DnsUnreachableError
from stet.office.mail_doctor import MailDomain, examine, quoted
from stet.office.mail_findings import load, store
from stet.office.mail_server_probe import Probe, probe
from stet.office.tagged import Dmarc, dmarc_in, dmarc_of, is_testing, key_problem
from tests.office.name_server import KnownAnswers, SmallNameServer, Zone

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
OURS, OURS_6, OTHER = "192.0.2.7", "2001:db8::7", "198.51.100.9"
DOMAIN = "far-shore.example.org"
PASS, FAIL, SOFT, NEUTRAL, NONE, ERROR = (
    spf.Verdict.PASS, spf.Verdict.FAIL, spf.Verdict.SOFTFAIL, spf.Verdict.NEUTRAL, spf.Verdict.NONE, spf.Verdict.ERROR,
)  # fmt: skip


# --- SPF ---

MANY = {("d.example", "TXT"): (" ".join(["v=spf1", *(f"include:i{n}.example" for n in range(11)), "-all"]),)} | {
    (f"i{n}.example", "TXT"): ("v=spf1 ip4:203.0.113.1 -all",) for n in range(11)
}
SPF: dict[str, tuple[Zone, str, spf.Verdict]] = {
    "an address that is listed": ({("d.example", "TXT"): (f"v=spf1 ip4:{OURS} -all",)}, OURS, PASS),
    "a network that is listed": ({("d.example", "TXT"): ("v=spf1 ip4:192.0.2.0/24 -all",)}, OURS, PASS),
    "an address of the sixth version": ({("d.example", "TXT"): ("v=spf1 ip6:2001:db8::/32 -all",)}, OURS_6, PASS),
    "an address that is not listed": ({("d.example", "TXT"): (f"v=spf1 ip4:{OTHER} -all",)}, OURS, FAIL),
    "a soft ending": ({("d.example", "TXT"): ("v=spf1 ~all",)}, OURS, SOFT),
    "no ending": ({("d.example", "TXT"): (f"v=spf1 ip4:{OTHER}",)}, OURS, NEUTRAL),
    "a sign before the mechanism": ({("d.example", "TXT"): (f"v=spf1 ?ip4:{OURS} -all",)}, OURS, NEUTRAL),
    "letters of any size": ({("d.example", "TXT"): (f"V=SPF1 IP4:{OURS} -ALL",)}, OURS, PASS),
    "the domain's own address": ({("d.example", "TXT"): ("v=spf1 a -all",), ("d.example", "A"): (OURS,)}, OURS, PASS),
    "another name's network": (
        {("d.example", "TXT"): ("v=spf1 a:m.example/24 -all",), ("m.example", "A"): ("192.0.2.200",)}, OURS, PASS,
    ),
    "the server of the domain's mail": (
        {("d.example", "TXT"): ("v=spf1 mx -all",), ("d.example", "MX"): ("m.example",), ("m.example", "A"): (OURS,)},
        OURS, PASS,
    ),
    "an included domain that fits": (
        {("d.example", "TXT"): ("v=spf1 include:i.example -all",), ("i.example", "TXT"): (f"v=spf1 ip4:{OURS} -all",)},
        OURS, PASS,
    ),
    "an included domain that says no decides nothing": (
        {("d.example", "TXT"): ("v=spf1 include:i.example ~all",), ("i.example", "TXT"): ("v=spf1 -all",)}, OURS, SOFT,
    ),
    "an included domain without a record": ({("d.example", "TXT"): ("v=spf1 include:i.example -all",)}, OURS, ERROR),
    "a redirect": (
        {("d.example", "TXT"): ("v=spf1 redirect=r.example",), ("r.example", "TXT"): (f"v=spf1 ip4:{OURS} -all",)},
        OURS, PASS,
    ),
    "a redirect to nothing": ({("d.example", "TXT"): ("v=spf1 redirect=r.example",)}, OURS, ERROR),
    "two records": ({("d.example", "TXT"): ("v=spf1 +all", "v=spf1 -all")}, OURS, ERROR),
    "no record among others": ({("d.example", "TXT"): ("some=thing", "v=spf10 -all")}, OURS, NONE),
    "a word that is none": ({("d.example", "TXT"): ("v=spf1 ipv4:192.0.2.7 -all",)}, OURS, ERROR),
    "an address that is none": ({("d.example", "TXT"): ("v=spf1 ip4:192.0.2.700 -all",)}, OURS, ERROR),
    "a domain that includes itself": ({("d.example", "TXT"): ("v=spf1 include:d.example -all",)}, OURS, ERROR),
    "eleven look-ups": (MANY, OURS, ERROR),
    "three look-ups that find nothing": (
        {("d.example", "TXT"): ("v=spf1 a:x.example a:y.example a:z.example -all",)}, OURS, ERROR,
    ),
    "a macro fits nobody": ({("d.example", "TXT"): ("v=spf1 exists:%{i}.x.example -all",)}, OURS, FAIL),
}  # fmt: skip


@pytest.mark.parametrize("case", SPF)
def test_spf_says_what_receivers_make_of(case: str) -> None:
    zone, address, expected = SPF[case]
    outcome = spf.check("d.example", address, KnownAnswers(zone))
    assert (outcome.verdict, bool(outcome.why)) == (expected, expected is ERROR)


def test_ten_look_ups_are_not_too_many() -> None:
    zone = {key: values for key, values in MANY.items() if key[0] != "d.example"}
    words = " ".join(f"include:i{n}.example" for n in range(10))
    outcome = spf.check("d.example", OURS, KnownAnswers({**zone, ("d.example", "TXT"): (f"v=spf1 {words} -all",)}))
    assert (outcome.verdict, outcome.lookups) == (FAIL, 10)


def test_a_record_to_paste_keeps_what_the_old_one_says() -> None:
    old = f"v=spf1 ip4:{OURS} include:_spf.example.net ~all"
    assert spf.with_addresses(old, (OURS, OURS_6)) == f"v=spf1 ip6:{OURS_6} ip4:{OURS} include:_spf.example.net ~all"


# --- DMARC ---

DMARC: dict[str, tuple[tuple[str, ...], tuple[object, ...] | str | None]] = {
    "a policy": (("v=DMARC1; p=none",), ("none", ())),
    "reports": (("v=DMARC1;p=reject;rua=mailto:a@example.org, mailto:b@example.org",),
                ("reject", ("mailto:a@example.org", "mailto:b@example.org"))),
    "blanks and an ending": (("v = DMARC1 ; p = Quarantine ;",), ("quarantine", ())),
    "something else": (("v=spf1 -all",), None),
    "two records": (("v=DMARC1; p=none", "v=DMARC1; p=reject"), "more than one"),
    "no policy": (("v=DMARC1; rua=mailto:a@example.org",), "no policy"),
    "a policy that does not exist": (("v=DMARC1; p=monitor",), "no policy"),
    "a tag twice": (("v=DMARC1; p=none; p=reject",), "not a list of tags"),
    "no tags": (("v=DMARC1; nonsense",), "not a list of tags"),
}  # fmt: skip


@pytest.mark.parametrize("case", DMARC)
def test_dmarc_is_read_from(case: str) -> None:
    texts, expected = DMARC[case]
    found = dmarc_in(texts)
    if isinstance(expected, str):
        assert isinstance(found, str)
        assert expected in found
    else:
        assert (isinstance(found, Dmarc) and (found.policy, found.reports_to)) == (expected or False)


def test_a_domain_falls_under_the_record_above_it() -> None:
    answers = KnownAnswers({("_dmarc.example.org", "TXT"): ("v=DMARC1; p=reject; aspf=s",)})
    place, found = dmarc_of("news.far-shore.example.org", answers)
    assert place == "example.org"
    assert isinstance(found, Dmarc)
    assert (found.policy, found.is_strict_spf, found.is_strict_dkim) == ("reject", True, False)
    assert dmarc_of("far-shore.example.net", answers)[1] is None


# --- DKIM ---

RSA_KEY = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
RIGHT, OTHER_KEY = record_of(RSA_KEY), record_of(ed25519.Ed25519PrivateKey.generate())
KEYS: dict[str, tuple[tuple[str, ...], str | None]] = {
    "the right record": ((RIGHT,), None),
    "without its version and kind, which may be left out": ((RIGHT.replace("v=DKIM1; k=rsa; ", ""),), None),
    "broken by blanks, as panels do": ((RIGHT[:80] + " " + RIGHT[80:],), None),
    "none": ((), "no record"),
    "another key": ((record_of(rsa.generate_private_key(public_exponent=65_537, key_size=2_048)),), "another key"),
    "another kind": ((OTHER_KEY,), "another kind"),
    "cut short": ((RIGHT[:200],), "another key"),
    "taken back": (("v=DKIM1; p=",), "taken back"),
    "two": ((RIGHT, RIGHT), "more than one"),
    "no key in it": (("v=DKIM1; k=rsa",), "not a list of tags with a key"),
    "not for mail": ((RIGHT + "; s=tlsrpt",), "not for mail"),
    "another version": ((RIGHT.replace("DKIM1", "DKIM2"),), "not DKIM1"),
}  # fmt: skip


@pytest.mark.parametrize("case", KEYS)
def test_a_key_in_the_dns_is(case: str) -> None:
    texts, expected = KEYS[case]
    problem = key_problem(texts, RIGHT)
    assert problem is None if expected is None else expected in (problem or "")


def test_a_key_that_is_only_tried_out_is_seen() -> None:
    assert is_testing((RIGHT + "; t=y",))
    assert not is_testing((RIGHT + "; t=s",))


# --- The whole check ---

GOOD: Zone = {
    (DOMAIN, "TXT"): (f'"v=spf1 ip4:{OURS} -all"', '"another=thing"'),
    (DOMAIN, "MX"): ("10 mx.example.org.",),
    ("mx.example.org", "A"): (OURS,),
    (f"stet._domainkey.{DOMAIN}", "TXT"): (quoted(RIGHT),),
    (f"_dmarc.{DOMAIN}", "TXT"): ('"v=DMARC1; p=quarantine; rua=mailto:reports@example.org"',),
    ("mail.example.org", "A"): (OURS,),
    ("7.2.0.192.in-addr.arpa", "PTR"): ("mail.example.org.",),
}
MAIL = MailDomain(
    sender=f"letters@{DOMAIN}", bounces=f"bounces@{DOMAIN}", smtp_host="mail.example.org", smtp_security="starttls",
    dkim={"stet": RIGHT},
)  # fmt: skip


def levels(zone: Zone, *, mail: MailDomain = MAIL, seen: Probe | None = None) -> dict[str, str]:
    """What the check comes to, by subject; the worst of each."""
    with SmallNameServer(zone) as server:
        report = examine(mail, NameServer(server.at), lambda: seen or Probe(answers=True, is_encrypted=True), now=NOW)
    order = ["ok", "note", "problem"]
    found: dict[str, str] = {}
    for finding in report.findings:
        assert finding.level == "ok" or finding.why, finding
        assert finding.level == "ok" or finding.next_step, finding
        found[finding.subject] = max(found.get(finding.subject, "ok"), finding.level, key=order.index)
    return found


def test_a_domain_where_all_is_well_has_nothing_to_mend() -> None:
    assert levels(GOOD) == dict.fromkeys(("SPF", "DKIM", "DMARC", "PTR", "MX", "TLS"), "ok")


WITHOUT = {
    "SPF": (DOMAIN, "TXT"),
    "DKIM": (f"stet._domainkey.{DOMAIN}", "TXT"),
    "DMARC": (f"_dmarc.{DOMAIN}", "TXT"),
    "PTR": ("7.2.0.192.in-addr.arpa", "PTR"),
    "MX": (DOMAIN, "MX"),
}


@pytest.mark.parametrize("subject", WITHOUT)
def test_a_record_that_is_missing_is_a_problem(subject: str) -> None:
    found = levels({key: values for key, values in GOOD.items() if key != WITHOUT[subject]})
    assert {name for name, level in found.items() if level == "problem"} == {subject}


def test_a_name_that_leads_elsewhere_is_a_problem() -> None:
    assert levels({**GOOD, ("7.2.0.192.in-addr.arpa", "PTR"): ("mx2.example.org.",)})["PTR"] == "problem"


def test_another_outgoing_address_is_what_counts() -> None:
    found = levels(GOOD, mail=dataclasses.replace(MAIL, outgoing=(OTHER,)))
    assert (found["SPF"], found["PTR"]) == ("problem", "problem")


TLS = {
    "encrypted": (Probe(answers=True, is_encrypted=True), "starttls", "ok"),
    "no STARTTLS": (Probe(answers=True), "starttls", "problem"),
    "a bad certificate": (Probe(answers=True, problem="Its certificate is not to be trusted."), "tls", "problem"),
    "no answer": (Probe(answers=False, problem="It does not answer (ConnectionRefusedError)."), "tls", "problem"),
    "in the clear on purpose": (Probe(answers=True), "none", "note"),
}


@pytest.mark.parametrize("case", TLS)
def test_the_mail_servers_encryption_is(case: str) -> None:
    seen, security, expected = TLS[case]
    assert levels(GOOD, mail=dataclasses.replace(MAIL, smtp_security=security), seen=seen)["TLS"] == expected


def test_the_records_to_paste_make_all_well() -> None:
    """What the check says is pasted as it is, and the check is content."""
    bare = {key: values for key, values in GOOD.items() if key[1] != "TXT"}
    with SmallNameServer(bare) as server:
        report = examine(MAIL, NameServer(server.at), lambda: Probe(answers=True, is_encrypted=True), now=NOW)
    assert len(report.records) == 3
    pasted = {(record.name, record.kind): (record.value,) for record in report.records}
    assert set(levels({**bare, **pasted}).values()) <= {"ok", "note"}


def test_a_name_server_that_fails_is_no_finding() -> None:
    with SmallNameServer(GOOD, fails=True) as server, pytest.raises(DnsUnreachableError, match="--resolver"):
        NameServer(server.at).texts(DOMAIN)


def test_a_long_record_is_cut_into_pieces_of_255() -> None:
    pieces = quoted(RIGHT).split('" "')
    assert len(pieces) == 2
    assert "".join(pieces).strip('"') == RIGHT


def test_a_report_is_kept_for_the_office(tmp_path: Path) -> None:
    with SmallNameServer(GOOD) as server:
        report = examine(MAIL, NameServer(server.at), lambda: Probe(answers=True, is_encrypted=True), now=NOW)
    store(tmp_path / "found.json", report)
    assert load(tmp_path / "found.json") == report
    assert load(tmp_path / "nothing.json") is None


# --- The mail server, for real ---


def test_a_server_without_starttls_is_seen() -> None:
    with Sink() as sink:
        assert probe("127.0.0.1", sink.port, "starttls") == Probe(answers=True)


def test_a_server_that_is_not_there_is_said() -> None:
    with Sink() as sink:
        port = sink.port
    assert probe("127.0.0.1", port, "starttls", context=ssl.create_default_context()).answers is False
