"""Checks whether mail of the newsroom's domain is believed: SPF, DKIM, DMARC, names of addresses, MX, TLS.

Each finding says what is so, which provider's rule it touches, with the code of its refusal, and what to do. The rules
are those in force in November 2026: Gmail's since November 2025 (support.google.com/a/answer/81126), Microsoft's since
May 2025 (TechCommunity, "Strengthening Email Ecosystem"), Yahoo's (senders.yahooinc.com), Apple's
(support.apple.com/102322).

Nothing here opens a connection by itself: answers of the DNS and the look at the mail server are brought by the caller.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from stet.office import spf
from stet.office.dns_answers import Answers
from stet.office.mail_findings import Level, MailFinding, MailReport, Record
from stet.office.mail_server_probe import Probe
from stet.office.tagged import dmarc_of, is_testing, key_problem

PIECE_BYTES = 255
"""A string of a TXT record is no longer (RFC 1035 section 3.3.14)."""
MICROSOFT = "Microsoft answers 550 5.7.515 without SPF, DKIM and DMARC (from 5,000 mails a day)."
WHY = {
    "SPF": f"Gmail answers 4.7.27 or 5.7.27 without it, and 5.7.26 to mail with neither SPF nor DKIM. {MICROSOFT}",
    "DKIM": f"Gmail answers 4.7.30 or 5.7.30 without it. Yahoo and Apple ask for it too. {MICROSOFT}",
    "DMARC": f"Gmail answers 4.7.31 without a record, and 4.7.32 where From: fits neither SPF nor DKIM. {MICROSOFT}",
    "PTR": "Gmail answers 4.7.23 or 5.7.25 to an address whose name does not lead back to it; Yahoo, Apple ask for it.",
    "MX": "Answers to letters and bounces must reach somebody; Microsoft and Apple ask that From: can be answered.",
    "TLS": "Gmail answers 4.7.29 or 5.7.29 to mail without TLS; and without it, addresses can be read on the way.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MailDomain:
    """What is checked."""

    sender: str
    """The address that letters come from."""
    bounces: str
    """The address that bounces go to."""
    smtp_host: str
    smtp_security: str
    dkim: Mapping[str, str] = field(default_factory=dict)
    """The right record of each signing key, by its selector."""
    outgoing: tuple[str, ...] = ()
    """The addresses that mail leaves from, where they are not the mail server's."""

    @property
    def domain(self) -> str:
        """The domain of From:, which everything is measured by."""
        return self.sender.rpartition("@")[2].lower()

    @property
    def bounce_domain(self) -> str:
        """The domain of the envelope, which SPF is about."""
        return self.bounces.rpartition("@")[2].lower()


def examine(mail: MailDomain, answers: Answers, probe: Callable[[], Probe], *, now: datetime) -> MailReport:
    """All findings and the records to paste. Raises DnsUnreachableError."""
    outgoing = mail.outgoing or answers.addresses(mail.smtp_host)
    spf_findings, spf_records = _spf(mail, outgoing, answers)
    dkim_findings, dkim_records = _dkim(mail, answers)
    dmarc_findings, dmarc_records = _dmarc(mail, answers)
    rest = (*_ptr(outgoing, answers), *_mx(mail, answers), _tls(mail, probe()))
    return MailReport(
        domain=mail.domain,
        checked=now,
        findings=(*spf_findings, *dkim_findings, *dmarc_findings, *rest),
        records=(*spf_records, *dkim_records, *dmarc_records),
    )


def finding(level: Level, subject: str, what: str, next_step: str = "") -> MailFinding:
    """A finding; why it matters follows from its subject, where something is to be mended."""
    why = WHY.get(subject, "") if level != "ok" else ""
    return MailFinding(level=level, subject=subject, what=what, why=why, next_step=next_step)


def _spf(mail: MailDomain, outgoing: tuple[str, ...], answers: Answers) -> tuple[list[MailFinding], list[Record]]:
    domain, paste = mail.bounce_domain, "Paste the SPF record below."
    if not outgoing:
        what = "The mail server has no address in the DNS, so nobody can say which one mail leaves from."
        return [finding("problem", "SPF", what, "Check mailroom.smtp_host, or name the address with --address.")], []
    try:
        text = spf.record_in(answers.texts(domain))
    except spf.SpfError as error:
        what = f"The SPF record of {domain} counts as none: {error}."
        return [finding("problem", "SPF", what, "Leave one, and delete the others.")], []
    record = Record(name=domain, kind="TXT", value=quoted(spf.with_addresses(text, outgoing)))
    if text is None:
        return [finding("problem", "SPF", f"{domain} has no SPF record.", paste)], [record]
    outcomes = {address: spf.check(domain, address, answers) for address in outgoing}
    wrong = {address: outcome for address, outcome in outcomes.items() if outcome.verdict is not spf.Verdict.PASS}
    if not wrong:
        lookups = max(outcome.lookups for outcome in outcomes.values())
        return [finding("ok", "SPF", f"{domain} lets the mail server send ({lookups} of 10 look-ups used).")], []
    address, outcome = next(iter(wrong.items()))
    if outcome.verdict is spf.Verdict.ERROR:
        what = f"The SPF record of {domain} cannot be used: {outcome.why}."
        return [finding("problem", "SPF", what, "Mend it; ip4 and ip6 need no look-up.")], [record]
    what = f"The SPF record of {domain} says {outcome.verdict} of {address}, which mail leaves from."
    return [finding("problem", "SPF", what, paste)], [record]


def _dkim(mail: MailDomain, answers: Answers) -> tuple[list[MailFinding], list[Record]]:
    if not mail.dkim:
        what = "Letters are not signed: there is no key."
        return [finding("problem", "DKIM", what, "Run `stet init` on the newsroom, which makes keys/dkim-rsa.pem.")], []
    found, records = [], []
    for selector, right in mail.dkim.items():
        name = f"{selector}._domainkey.{mail.domain}"
        texts = answers.texts(name)
        problem = key_problem(texts, right)
        if problem:
            found.append(finding("problem", "DKIM", f"{name}: {problem}", "Paste the DKIM record below."))
            records.append(Record(name=name, kind="TXT", value=quoted(right)))
        elif is_testing(texts):
            what = f"{name} asks receivers not to count it yet (t=y)."
            found.append(finding("problem", "DKIM", what, "Take t=y out of the record."))
        else:
            found.append(finding("ok", "DKIM", f"{name} holds the key that signs letters."))
    return found, records


def _dmarc(mail: MailDomain, answers: Answers) -> tuple[list[MailFinding], list[Record]]:
    place, dmarc = dmarc_of(mail.domain, answers)
    if dmarc is None or isinstance(dmarc, str):
        what = dmarc or f"{mail.domain} has no DMARC record."
        value = quoted(f"v=DMARC1; p=none; rua=mailto:postmaster@{mail.domain}")
        record = Record(name=f"_dmarc.{mail.domain}", kind="TXT", value=value)
        return [finding("problem", "DMARC", what, "Paste the DMARC record below.")], [record]
    found = [finding("ok", "DMARC", f"{place} has a DMARC record, with the policy {dmarc.policy}.")]
    if dmarc.is_strict_spf and mail.bounce_domain != mail.domain:
        what = "The record asks that return addresses are of the very domain of From: (aspf=s), and they are not."
        found.append(finding("note", "DMARC", what, "DKIM fits and is enough; or set mailroom.bounces to that domain."))
    if not dmarc.reports_to:
        what = "Nobody gets reports of what receivers saw (rua)."
        found.append(finding("note", "DMARC", what, f"Add rua=mailto: with an address of yours at {mail.domain}."))
    if dmarc.policy == "none":
        what = "The policy asks receivers to do nothing about mail that others send in your name."
        found.append(finding("note", "DMARC", what, "When reports show only your own mail, set p=quarantine."))
    return found, []


def _ptr(outgoing: tuple[str, ...], answers: Answers) -> Iterator[MailFinding]:
    for address in outgoing:
        names = answers.names_of(address)
        if not names:
            what = f"{address} has no name (PTR)."
            yield finding("problem", "PTR", what, "Whoever gives you the address can set it.")
        elif not any(address in answers.addresses(name) for name in names):
            what = f"{address} is called {names[0]}, and that name does not lead back to it."
            yield finding("problem", "PTR", what, f"Give {names[0]} the address {address}, or change the PTR record.")
        else:
            yield finding("ok", "PTR", f"{address} has a name that leads back to it.")


def _mx(mail: MailDomain, answers: Answers) -> Iterator[MailFinding]:
    for domain in dict.fromkeys((mail.domain, mail.bounce_domain)):
        exchanges = answers.exchanges(domain)
        if exchanges == (".",):
            yield finding("problem", "MX", f"{domain} says that it takes no mail.", "Give it an MX record.")
        elif exchanges and any(answers.addresses(one) for one in exchanges):
            yield finding("ok", "MX", f"{domain} takes mail.")
        elif exchanges:
            yield finding("problem", "MX", f"The MX records of {domain} name hosts without address.", "Mend them.")
        else:
            what = f"{domain} has no MX record: answers and bounces reach nobody for sure."
            yield finding("problem", "MX", what, "Add one that names the server where its mail comes in.")


def _tls(mail: MailDomain, probe: Probe) -> MailFinding:
    if not probe.answers or probe.problem:
        what = f"The mail server {mail.smtp_host}: {probe.problem}"
        return finding("problem", "TLS", what, "Check smtp_host, smtp_port and smtp_security, and its certificate.")
    if probe.is_encrypted:
        return finding("ok", "TLS", "The mail server is reached over TLS, with a certificate that is to be trusted.")
    if mail.smtp_security == "starttls":
        what = "The mail server does not offer STARTTLS, so the mailroom hands nothing over."
        return finding("problem", "TLS", what, 'Switch it on there, or use port 465 with smtp_security = "tls".')
    what = 'Letters go to the mail server in the clear (smtp_security is "none").'
    return finding("note", "TLS", what, "Do so only where it is on this machine; it has to use TLS from there on.")


def quoted(text: str) -> str:
    """A TXT record's value as zone files have it: in quotes, in pieces of 255 bytes.

    >>> quoted("v=spf1 -all")
    '"v=spf1 -all"'
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return " ".join(f'"{escaped[start : start + PIECE_BYTES]}"' for start in range(0, len(escaped), PIECE_BYTES))
