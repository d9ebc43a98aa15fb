"""What a check of the mail domain found, as it is stored between the command that checks and the page that shows."""

from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec

Level = Literal["ok", "note", "problem"]


class MailFinding(msgspec.Struct, frozen=True, kw_only=True):
    """One finding: what is so, why it matters and to whom, and what to do."""

    level: Level
    subject: str
    """What was looked at, such as "SPF"."""
    what: str
    why: str = ""
    next_step: str = ""


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """A DNS record to paste."""

    name: str
    kind: str
    value: str


class MailReport(msgspec.Struct, frozen=True, kw_only=True):
    """All that one check found."""

    domain: str
    checked: datetime
    findings: tuple[MailFinding, ...]
    records: tuple[Record, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing has to be mended."""
        return all(finding.level != "problem" for finding in self.findings)


def store(file: Path, report: MailReport) -> None:
    """Keep the report for the office."""
    aside = file.with_suffix(".new")
    aside.write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=1))
    aside.replace(file)


def load(file: Path) -> MailReport | None:
    """The report that was kept last; None where there is none, or one of another version."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=MailReport)
    except (OSError, msgspec.MsgspecError):
        return None
