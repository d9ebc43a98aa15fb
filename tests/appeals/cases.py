"""The table of `stet/appeals/cases.json`: what a page prints, what a device holds, and what shows.

A view names its appeal by its code ("spring"), or by code and place ("spring/letter") where no appeal of the case does.
A variant "?" is the one that the salt settles; that it is the same on both sides is what the table is for.
"""

import json
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from stet.appeals import rules
from stet.appeals.rules import Appeal, Device, Page

DAY = 20790
"""The first day of a week: 3 December 2026."""
NEW_SALT = 512
"""What a browser takes whose random numbers are always a half."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One row."""

    name: str
    appeals: tuple[Appeal, ...]
    page: Page
    stored: str | None
    day: int
    is_silent: bool
    has_storage: bool
    shows: dict[str, str]
    refused: dict[str, str]

    @property
    def device(self) -> Device | None:
        """The device that loads the page."""
        return rules.read_device(self.stored, new_salt=NEW_SALT) if self.has_storage else None

    def decide(self) -> rules.Decision:
        """What Python says."""
        return rules.decide(self.appeals, self.page, self.device, self.day, is_silent=self.is_silent)


def all_cases() -> list[Case]:
    """Every row, in order."""
    table = json.loads((files("stet.appeals") / "cases.json").read_text("utf-8"))
    return [_case(name, row) for name, row in table.items()]


def _case(name: str, row: dict[str, Any]) -> Case:
    appeals = tuple(_appeal(fields) for fields in row["appeals"])
    return Case(
        name=name,
        appeals=appeals,
        page=Page(**{"language": "en", **_tuples(row.get("page", {}))}),
        stored=_stored(row, {appeal.code: appeal for appeal in appeals}),
        day=row.get("day", DAY),
        is_silent=row.get("silent", False),
        has_storage=row.get("storage", True),
        shows=row["shows"],
        refused=row.get("refused", {}),
    )


def _appeal(fields: dict[str, Any]) -> Appeal:
    return Appeal(**{"language": "en", **_tuples(fields)})


def _tuples(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}


def _stored(row: dict[str, Any], appeals: dict[str, Appeal]) -> str | None:
    if "device" not in row:
        stored: str | None = row.get("stored")
        return stored
    device = row["device"]
    views = tuple((_mark(code, appeals), day) for code, day in device["views"])
    weeks = tuple((week, count) for week, count in device["weeks"])
    return Device(salt=device["salt"], quiet_until=device["quiet_until"], weeks=weeks, views=views).write()


def _mark(code: str, appeals: dict[str, Appeal]) -> int:
    if code in appeals:
        return rules.mark_of(appeals[code])
    name, _, slot = code.partition("/")
    return rules.mark_of(_appeal({"code": name, "slot": slot or "letter"}))
