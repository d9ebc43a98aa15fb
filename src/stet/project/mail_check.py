"""`stet doctor mail`: puts the check of the mail domain together from settings, keys and the network."""

import dataclasses
from datetime import datetime
from functools import partial
from typing import Any

import msgspec

from stet.mailroom.dkim import load_key, record_of
from stet.office.dns_answers import NameServer
from stet.office.errors import MailSettingError
from stet.office.mail_doctor import MailDomain, examine
from stet.office.mail_findings import MailFinding, MailReport, store
from stet.office.mail_server_probe import probe
from stet.project.settings import Newsroom


def check(newsroom: Newsroom, addresses: tuple[str, ...], *, resolver: str | None, now: datetime) -> MailReport:
    """Look, and keep what was found for the office."""
    mail = newsroom.settings.mailroom
    if mail.transport == "anymail":
        raise MailSettingError(
            "Letters leave through a provider's API, which signs them: it says which records to paste."
        )
    if not mail.sender or not mail.smtp_host:
        raise MailSettingError("Set `sender` and `smtp_host` under [mailroom] in stet.toml first.")
    domain = MailDomain(
        sender=mail.sender,
        bounces=mail.bounce_address,
        smtp_host=mail.smtp_host,
        smtp_security=mail.smtp_security,
        dkim=signing_records(newsroom),
        outgoing=addresses,
    )
    look = partial(probe, mail.smtp_host, mail.smtp_port, mail.smtp_security)
    report = examine(domain, NameServer(resolver), look, now=now)
    report = msgspec.structs.replace(report, findings=(*report.findings, leaving(newsroom)))
    store(newsroom.mail_findings, report)
    return report


def leaving(newsroom: Newsroom) -> MailFinding:
    """Whether readers can leave a list with one click."""
    if newsroom.frontdesk_url.startswith("https://"):
        return MailFinding(level="ok", subject="LEAVE", what="Readers can leave with one click, over https.")
    return MailFinding(
        level="problem",
        subject="LEAVE",
        what=f"List-Unsubscribe leads to {newsroom.frontdesk_url}, which is no address over https.",
        why="One click works over https alone (RFC 8058 section 3.1); Gmail and Yahoo ask for it.",
        next_step="Set `base_url` under [frontdesk] to the address that readers reach, with https.",
    )


def signing_records(newsroom: Newsroom) -> dict[str, str]:
    """The right record of each key that signs letters, by its selector; the mailroom names them the same way."""
    selector = newsroom.settings.mailroom.dkim_selector
    files = {selector: newsroom.dkim_rsa_key, f"{selector}-ed": newsroom.dkim_ed25519_key}
    return {name: record_of(load_key(file)) for name, file in files.items() if file.exists()}


def told(report: MailReport, newsroom: Newsroom) -> dict[str, Any]:
    """The report and the pace of each lane, for a machine."""
    values: dict[str, Any] = msgspec.to_builtins(report)
    return {"ok": report.ok, **values, "lanes": dataclasses.asdict(newsroom.settings.lanes)}


def lines_of_lanes(newsroom: Newsroom) -> list[str]:
    """The pace of each lane, for a person."""
    lanes, quiet = newsroom.settings.lanes, newsroom.settings.mailroom.quiet_hours
    lines = [f"{'lane':<9} {'connections':>11} {'an hour':>9} {'warm-up, days':>13}"]
    for declared in dataclasses.fields(lanes):
        pace = getattr(lanes, declared.name)
        rate = f"{pace.per_hour:,}" if pace.per_hour else "-"
        lines.append(f"{declared.name:<9} {pace.connections:>11} {rate:>9} {pace.warm_up_days or '-':>13}")
    return [*lines, f"Late letters wait in the reader's night: {quiet}." if quiet else "Late letters go at any hour."]
