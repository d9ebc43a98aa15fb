"""What `stet doctor` finds of giving."""

import json
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from stet.ledger.printed import Support
from stet.project.doctor import check_giving
from stet.project.settings import open_newsroom
from tests.ledger.providers.test_setup import FILES

NOW = datetime(2026, 11, 25, tzinfo=UTC)


def found(folder: Path, lines: str = "", mode: int = 0o600, **files: object) -> list[tuple[str, str]]:
    (folder / "keys").mkdir()
    (folder / "stet.toml").write_text(lines)
    for name, values in files.items():
        file = folder / "keys" / f"{name}.json"
        file.write_text(json.dumps(values))
        file.chmod(mode)
    return [(one.level, one.what) for one in check_giving(open_newsroom(folder), NOW)]


def test_nothing_is_said_where_nothing_is_taken(tmp_path: Path) -> None:
    assert found(tmp_path) == []


def test_all_is_well(tmp_path: Path) -> None:
    lines = '[ledger]\ndescriptor = "FAR SHORE TRUST"\n[frontdesk]\nbase_url = "https://desk.example.org"\n'
    assert found(tmp_path, lines, **FILES) == [("ok", "Contributions are taken by: stripe, paypal, btcpay, bank.")]


def test_a_name_that_is_told_and_is_not_on_statements_is_noted(tmp_path: Path) -> None:
    lines = '[ledger]\ndescriptor = "FAR SHORE TRUST"\n[frontdesk]\nbase_url = "https://desk.example.org"\n'
    printed = tmp_path / "edition/site/support/support.json"
    printed.parent.mkdir(parents=True)
    told = Support(version=1, label="FAR SHORE COOP", refused_countries=(), languages={}, campaigns=())
    printed.write_bytes(msgspec.json.encode(told))
    assert [level for level, _what in found(tmp_path, lines, **FILES)] == ["ok", "note"]


def test_what_is_open_or_missing_is_told(tmp_path: Path) -> None:
    keys = {"key": "sk_live_CANARY", "webhook_secret": "whsec_CANARY"}
    levels = found(tmp_path, '[ledger]\npractice = "http://127.0.0.1:8005"\n', 0o644, stripe=keys, paypal={"CANARY": 1})
    assert [level for level, _what in levels] == ["problem", "note", "problem", "note", "ok", "note", "note"]
    assert "CANARY" not in repr(levels)
