"""What the practice provider knows, in one SQLite file: it survives a restart and a kill.

Each request is one transaction. Objects are kept as Stripe's JSON, each with the place in the order of their making.
"""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

_TABLES = """
CREATE TABLE IF NOT EXISTS objects (
  place INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE NOT NULL, kind TEXT NOT NULL, created INTEGER NOT NULL,
  body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS objects_of_a_kind ON objects (kind, place);
CREATE INDEX IF NOT EXISTS objects_of_an_invoice ON objects (kind, json_extract(body, '$.invoice'));
CREATE INDEX IF NOT EXISTS objects_of_a_payment ON objects (kind, json_extract(body, '$.payment.payment_intent'));
CREATE INDEX IF NOT EXISTS objects_of_an_intent ON objects (kind, json_extract(body, '$.payment_intent'));
CREATE INDEX IF NOT EXISTS objects_of_a_customer ON objects (kind, json_extract(body, '$.customer'));
CREATE INDEX IF NOT EXISTS objects_of_a_charge ON objects (kind, json_extract(body, '$.charge'));
CREATE INDEX IF NOT EXISTS objects_of_a_plan
  ON objects (kind, json_extract(body, '$.parent.subscription_details.subscription'));
CREATE TABLE IF NOT EXISTS orders (
  key TEXT PRIMARY KEY, what BLOB NOT NULL, status INTEGER NOT NULL, body BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS deliveries (
  place INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL, endpoint TEXT NOT NULL, tries INTEGER NOT NULL,
  due REAL NOT NULL
);
"""
Thing = dict[str, Any]


class Store:
    """The file. One thread at a time, within `changing`."""

    def __init__(self, file: Path | None = None) -> None:
        """`file`: None for one in memory."""
        if file is not None:
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._database = sqlite3.connect(file or ":memory:", check_same_thread=False, isolation_level=None)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = NORMAL")
        self._database.executescript(_TABLES)
        self._lock = threading.RLock()
        self._depth = 0

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._database.close()

    @contextmanager
    def changing(self) -> Iterator[None]:
        """All or nothing of what is done in here, alone."""
        with self._lock:
            self._depth += 1
            if self._depth == 1:
                self._database.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException as error:
                if self._depth == 1:
                    self._database.execute("COMMIT" if getattr(error, "keeps", False) else "ROLLBACK")
                raise
            else:
                if self._depth == 1:
                    self._database.execute("COMMIT")
            finally:
                self._depth -= 1

    def put(self, thing: Thing) -> Thing:
        """Keep an object, or what became of it."""
        self._database.execute(
            "INSERT INTO objects (id, kind, created, body) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (id) DO UPDATE SET body = excluded.body",
            (thing["id"], thing["object"], thing.get("created", 0), msgspec.json.encode(thing).decode()),
        )
        return thing

    def get(self, number: str) -> Thing | None:
        """An object by its number."""
        row = self._database.execute("SELECT body FROM objects WHERE id = ?", (number,)).fetchone()
        return msgspec.json.decode(row[0]) if row else None

    def place_of(self, number: str) -> int | None:
        """Where an object stands in the order of their making."""
        row = self._database.execute("SELECT place FROM objects WHERE id = ?", (number,)).fetchone()
        return row[0] if row else None

    def all(
        self,
        kind: str,
        *,
        before: int | None = None,
        after: int | None = None,
        created: tuple[tuple[str, int], ...] = (),
        many: int = -1,
        without: tuple[tuple[str, str], ...] = (),
        **fields: Any,
    ) -> list[Thing]:
        """Objects of a kind, the newest first; `fields` are told by name, a path within written with two underscores.

        `before` and `after` are places; `after` finds the next newer ones. `created`: comparisons, such as (">=", 5).
        `without`: fields that are not to have a value.
        """
        where: list[str] = ["kind = ?"]
        values: list[Any] = [kind]
        for sign, moment in created:
            where.append(f"created {sign} ?")
            values.append(moment)
        for name, value in fields.items():
            where.append(f"json_extract(body, '$.{name.replace('__', '.')}') = ?")
            values.append(value)
        for name, value in without:
            where.append(f"json_extract(body, '$.{name}') != ?")
            values.append(value)
        if before is not None:
            where.append("place < ?")
            values.append(before)
        if after is not None:
            where.append("place > ?")
            values.append(after)
        order = "ASC" if after is not None else "DESC"
        rows = self._database.execute(
            f"SELECT body FROM objects WHERE {' AND '.join(where)} ORDER BY place {order} LIMIT ?",  # noqa: S608 - names of ours
            (*values, many),
        ).fetchall()
        things = [msgspec.json.decode(row[0]) for row in rows]
        return things[::-1] if after is not None else things

    def note(self, name: str, default: str = "") -> str:
        """A small thing that is kept by name."""
        row = self._database.execute("SELECT value FROM notes WHERE name = ?", (name,)).fetchone()
        return row[0] if row else default

    def set_note(self, name: str, value: str) -> None:
        """Keep a small thing."""
        self._database.execute("INSERT OR REPLACE INTO notes VALUES (?, ?)", (name, value))

    def now(self) -> int:
        """The time here: the machine's, and by how much it was moved on."""
        return int(time.time()) + int(self.note("ahead", "0"))

    def order(self, key: str) -> tuple[bytes, int, bytes] | None:
        """What was asked and answered under an idempotency key."""
        row = self._database.execute("SELECT what, status, body FROM orders WHERE key = ?", (key,)).fetchone()
        return (bytes(row[0]), row[1], bytes(row[2])) if row else None

    def keep_order(self, key: str, what: bytes, status: int, body: bytes) -> None:
        """Keep what was answered."""
        self._database.execute("INSERT OR REPLACE INTO orders VALUES (?, ?, ?, ?)", (key, what, status, body))

    def owe(self, event: str, endpoint: str, *, due: float, tries: int = 0) -> None:
        """Owe a delivery."""
        self._database.execute(
            "INSERT INTO deliveries (event, endpoint, tries, due) VALUES (?, ?, ?, ?)", (event, endpoint, tries, due)
        )

    def owed(self) -> list[tuple[int, str, str, int, float]]:
        """All deliveries that are owed: place, event, endpoint, tries, when."""
        return self._database.execute(
            "SELECT place, event, endpoint, tries, due FROM deliveries ORDER BY due, place"
        ).fetchall()

    def put_off(self, place: int, *, due: float) -> None:
        """Owe it later, after one more try."""
        self._database.execute("UPDATE deliveries SET tries = tries + 1, due = ? WHERE place = ?", (due, place))

    def delivered(self, place: int) -> None:
        """Owe it no more."""
        self._database.execute("DELETE FROM deliveries WHERE place = ?", (place,))
