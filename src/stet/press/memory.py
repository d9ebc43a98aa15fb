"""What the press remembers between two prints: a small SQLite file that can be thrown away and rebuilt.

It holds, for every published article, the facts it was last printed with and its places in listings; for every sheet,
the job that sets it and its digest; for every job, the keys it read; the jobs still to be done; and the press's place
in the outbox. Nothing in it is true by itself: truth is the database and the edition's manifest.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from stet.press.errors import MemoryUnreachableError
from stet.press.keys import Read, Touch

FORMAT = 3
"""Counts up when the tables change, or how articles' words are read; a memory of another format is thrown away."""
_STAMP = f"{FORMAT}, snowballstemmer {version('snowballstemmer')}"

_TABLES = """
CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS articles (
    id INTEGER PRIMARY KEY, path TEXT, facts BLOB NOT NULL, listings TEXT NOT NULL, terms BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS world (name TEXT PRIMARY KEY, digest TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS placements (
    listing TEXT, place INTEGER, article INTEGER, PRIMARY KEY (listing, place, article)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS jobs (id INTEGER PRIMARY KEY, name TEXT UNIQUE, due INTEGER);
CREATE TABLE IF NOT EXISTS sheets (
    path TEXT PRIMARY KEY, job INTEGER, digest TEXT, size INTEGER, media_type TEXT, packed INTEGER DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS reads (key TEXT, job INTEGER, since INTEGER, until INTEGER);
CREATE TABLE IF NOT EXISTS queue (name TEXT PRIMARY KEY, priority INTEGER, rank INTEGER) WITHOUT ROWID;
"""
_ARTICLE_INDEXES = """
CREATE INDEX IF NOT EXISTS articles_path ON articles (path);
"""
_JOB_INDEXES = """
CREATE INDEX IF NOT EXISTS sheets_job ON sheets (job);
CREATE INDEX IF NOT EXISTS sheets_packed ON sheets (packed) WHERE packed = 0;
CREATE INDEX IF NOT EXISTS reads_key ON reads (key, until);
CREATE INDEX IF NOT EXISTS reads_job ON reads (job);
CREATE INDEX IF NOT EXISTS jobs_due ON jobs (due) WHERE due IS NOT NULL;
CREATE INDEX IF NOT EXISTS queue_order ON queue (priority, rank);
"""


_SKIP_SCAN = """
WITH RECURSIVE found(listing) AS (
    SELECT min(listing) FROM placements WHERE listing >= ? AND listing < ?
    UNION ALL
    SELECT (SELECT min(listing) FROM placements WHERE listing > found.listing AND listing < ?)
    FROM found WHERE found.listing IS NOT NULL
) SELECT listing FROM found WHERE listing IS NOT NULL
"""
"""The distinct listings, one index look-up each: a DISTINCT would walk every placement."""


def is_damage(error: sqlite3.DatabaseError) -> bool:
    """Whether an error says that the file itself is damaged, so that it has to be made anew."""
    return getattr(error, "sqlite_errorcode", None) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


@contextmanager
def memory_explained() -> Iterator[None]:
    """Say in our words that the memory's disk failed. Damage passes: who owns the memory makes it anew."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if is_damage(error):
            raise
        raise MemoryUnreachableError(
            f"The press's memory could not be written or read ({error}). Make room on the disk of the newsroom's data "
            "folder, or mend its permissions, then print again; what was printed stands."
        ) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberedSheet:
    """A sheet as it was last printed."""

    path: str
    digest: str
    size: int
    media_type: str


class Memory:
    """The press's memory. One writer; readers in other processes open it with `readonly`."""

    def __init__(self, path: Path | str, *, readonly: bool = False, bulk: bool = False) -> None:
        """Open or make the file. `bulk`: it is built from nothing, fast, and indexed by the two `finish_…`."""
        self.path = Path(path)
        uri = f"file:{self.path}?mode=ro" if readonly else f"file:{self.path}"
        self.db = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=20)
        self.db.execute("PRAGMA mmap_size=268435456")
        if readonly:
            return
        self.db.execute(f"PRAGMA journal_mode={'OFF' if bulk else 'WAL'}")
        self.db.execute(f"PRAGMA synchronous={'OFF' if bulk else 'NORMAL'}")
        self.db.executescript(_TABLES)
        if not bulk:
            self.db.executescript(_ARTICLE_INDEXES + _JOB_INDEXES)
            if self.state("format") not in (None, _STAMP):
                self.forget()
        self.set_state("format", _STAMP)

    def close(self) -> None:
        """Let the file go."""
        self.db.close()

    def finish_articles(self) -> None:
        """Index what was inserted of articles, and let others read while the jobs are written."""
        self.db.execute("COMMIT") if self.db.in_transaction else None
        self.db.executescript(_ARTICLE_INDEXES)
        self.db.execute("PRAGMA journal_mode=WAL")

    def finish_jobs(self) -> None:
        """Index what was inserted of jobs."""
        self.db.executescript(_JOB_INDEXES)

    def forget(self) -> None:
        """Empty all tables."""
        for table in ("state", "world", "articles", "placements", "jobs", "sheets", "reads", "queue"):
            self.db.execute(f"DELETE FROM {table}")  # noqa: S608 - the names stand above

    # --- State ---

    def state(self, name: str) -> str | None:
        """A remembered word, or None."""
        row = self.db.execute("SELECT value FROM state WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None

    def set_state(self, name: str, value: str) -> None:
        """Remember a word."""
        self.db.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (name, value))

    # --- Articles and listings ---

    def facts(self, article: int) -> bytes | None:
        """The encoded facts an article was last placed with; None if it is not published."""
        row = self.db.execute("SELECT facts FROM articles WHERE id = ?", (article,)).fetchone()
        return row[0] if row else None

    def article_at(self, path: str) -> int | None:
        """The article printed at a path."""
        row = self.db.execute("SELECT id FROM articles WHERE path = ?", (path,)).fetchone()
        return row[0] if row else None

    def put_articles(self, rows: Iterable[tuple[int, str, bytes, str, bytes]]) -> None:
        """Remember articles: (id, path, facts, its listings joined by blanks, what it can be found by)."""
        self.db.executemany("INSERT OR REPLACE INTO articles VALUES (?, ?, ?, ?, ?)", rows)

    def terms(self, articles: Iterable[int]) -> dict[int, bytes]:
        """What articles can be found by, by their ids."""
        sql = "SELECT terms FROM articles WHERE id = ?"
        return {article: self.db.execute(sql, (article,)).fetchone()[0] for article in articles}

    def listings_of(self, article: int) -> tuple[str, ...]:
        """The listings an article was last placed in."""
        row = self.db.execute("SELECT listings FROM articles WHERE id = ?", (article,)).fetchone()
        return tuple(row[0].split(" ")) if row else ()

    def world(self) -> dict[str, str]:
        """The digests of the small tables' rows, by name."""
        return dict(self.db.execute("SELECT name, digest FROM world").fetchall())

    def set_world(self, digests: dict[str, str]) -> None:
        """Replace the digests of the small tables' rows."""
        self.db.execute("DELETE FROM world")
        self.db.executemany("INSERT INTO world VALUES (?, ?)", digests.items())

    def drop_article(self, article: int) -> None:
        """Forget an article that is no longer published."""
        self.db.execute("DELETE FROM articles WHERE id = ?", (article,))

    def article_ids(self) -> list[int]:
        """All published articles, ascending."""
        return [row[0] for row in self.db.execute("SELECT id FROM articles ORDER BY id")]

    def add_placements(self, placements: Iterable[tuple[str, int, int]]) -> None:
        """Put articles into listings: (listing, place, article)."""
        self.db.executemany("INSERT OR IGNORE INTO placements VALUES (?, ?, ?)", placements)

    def drop_placements(self, placements: Iterable[tuple[str, int, int]]) -> None:
        """Take articles out of listings."""
        self.db.executemany("DELETE FROM placements WHERE listing = ? AND place = ? AND article = ?", placements)

    def count(self, listing: str) -> int:
        """How many articles stand in a listing."""
        return int(self.db.execute("SELECT count(*) FROM placements WHERE listing = ?", (listing,)).fetchone()[0])

    def newest(self, listing: str, limit: int, *, before: int | None = None) -> list[tuple[int, int]]:
        """(place, article) of the newest articles, newest first; with `before`, of those at earlier places."""
        if before is None:
            sql = "SELECT place, article FROM placements WHERE listing = ? ORDER BY place DESC, article DESC LIMIT ?"
            return self.db.execute(sql, (listing, limit)).fetchall()
        sql = (
            "SELECT place, article FROM placements WHERE listing = ? AND place < ? "
            "ORDER BY place DESC, article DESC LIMIT ?"
        )
        return self.db.execute(sql, (listing, before, limit)).fetchall()

    def between(self, listing: str, since: int, until: int) -> list[tuple[int, int]]:
        """(place, article) from a place up to another, not with it, oldest first."""
        sql = (
            "SELECT place, article FROM placements WHERE listing = ? AND place >= ? AND place < ? "
            "ORDER BY place, article"
        )
        return self.db.execute(sql, (listing, since, until)).fetchall()

    def count_between(self, listing: str, since: int, until: int) -> int:
        """How many articles stand from a place up to another."""
        sql = "SELECT count(*) FROM placements WHERE listing = ? AND place >= ? AND place < ?"
        return int(self.db.execute(sql, (listing, since, until)).fetchone()[0])

    def slice(self, listing: str, start: int, length: int) -> list[tuple[int, int]]:
        """(place, article) by rank from the oldest, oldest first."""
        sql = "SELECT place, article FROM placements WHERE listing = ? ORDER BY place, article LIMIT ? OFFSET ?"
        return self.db.execute(sql, (listing, length, start)).fetchall()

    def all_in(self, listing: str) -> list[int]:
        """The articles of a listing, oldest first."""
        sql = "SELECT article FROM placements WHERE listing = ? ORDER BY place, article"
        return [row[0] for row in self.db.execute(sql, (listing,))]

    def listings(self, prefix: str) -> list[str]:
        """The listings whose names begin so."""
        end = prefix + "\uffff"
        return [row[0] for row in self.db.execute(_SKIP_SCAN, (prefix, end, end))]

    def stands(self, listing: str) -> bool:
        """Whether a listing has any article."""
        return self.db.execute("SELECT 1 FROM placements WHERE listing = ? LIMIT 1", (listing,)).fetchone() is not None

    # --- Jobs, their sheets and what they read ---

    def job_id(self, name: str) -> int:
        """A job's number; a new job gets one."""
        row = self.db.execute("SELECT id FROM jobs WHERE name = ?", (name,)).fetchone()
        if row:
            return int(row[0])
        return int(self.db.execute("INSERT INTO jobs (name) VALUES (?)", (name,)).lastrowid or 0)

    def job_names(self, prefix: str = "") -> Iterator[str]:
        """All jobs that have printed something, by name."""
        sql = "SELECT name FROM jobs WHERE name >= ? AND name < ? ORDER BY name"
        return (row[0] for row in self.db.execute(sql, (prefix, prefix + "\uffff")).fetchall())

    def readers(self, touch: Touch) -> list[str]:
        """The jobs that read what was touched."""
        sql = (
            "SELECT DISTINCT jobs.name FROM reads JOIN jobs ON jobs.id = reads.job "
            "WHERE reads.key = ? AND reads.until >= ? AND reads.since <= ?"
        )
        return [row[0] for row in self.db.execute(sql, (touch.key, touch.since, touch.until))]

    def known_jobs(self, names: Iterable[str]) -> set[str]:
        """Those of these jobs that have printed something."""
        sql = "SELECT 1 FROM jobs WHERE name = ?"
        return {name for name in names if self.db.execute(sql, (name,)).fetchone() is not None}

    def count_jobs(self, prefix: str) -> int:
        """How many jobs' names begin so."""
        sql = "SELECT count(*) FROM jobs WHERE name >= ? AND name < ?"
        return int(self.db.execute(sql, (prefix, prefix + "\uffff")).fetchone()[0])

    def is_read(self, key: str) -> bool:
        """Whether any job reads this key."""
        return self.db.execute("SELECT 1 FROM reads WHERE key = ? LIMIT 1", (key,)).fetchone() is not None

    def reads_of(self, job: int) -> list[str]:
        """The keys a job read."""
        return [row[0] for row in self.db.execute("SELECT key FROM reads WHERE job = ?", (job,))]

    def set_reads(self, job: int, reads: Iterable[Read]) -> None:
        """Replace what a job read."""
        self.db.execute("DELETE FROM reads WHERE job = ?", (job,))
        self.db.executemany("INSERT INTO reads VALUES (?, ?, ?, ?)", ((r.key, job, r.since, r.until) for r in reads))

    def add_jobs(self, jobs: Iterable[tuple[int, str, int | None]], reads: Iterable[tuple[str, int, int, int]]) -> None:
        """Remember jobs that nothing is remembered of, (id, name, due), and what they read: (key, id, since, until)."""
        self.db.executemany("INSERT INTO jobs VALUES (?, ?, ?)", jobs)
        self.db.executemany("INSERT INTO reads VALUES (?, ?, ?, ?)", reads)

    def set_due(self, job: int, due: int | None) -> None:
        """Remember when a job's sheets change by the clock alone."""
        self.db.execute("UPDATE jobs SET due = ? WHERE id = ? AND due IS NOT ?", (due, job, due))

    def due(self, now: int) -> list[str]:
        """Jobs whose moment has come."""
        return [r[0] for r in self.db.execute("SELECT name FROM jobs WHERE due IS NOT NULL AND due <= ?", (now,))]

    def next_due(self) -> int | None:
        """The next moment at which a job becomes stale by the clock."""
        row = self.db.execute("SELECT min(due) FROM jobs WHERE due IS NOT NULL").fetchone()
        return row[0] if row else None

    def sheets_of(self, job: int) -> list[RememberedSheet]:
        """The sheets that a job set."""
        sql = "SELECT path, digest, size, media_type FROM sheets WHERE job = ?"
        return [RememberedSheet(path=p, digest=d, size=s, media_type=m) for p, d, s, m in self.db.execute(sql, (job,))]

    def sheet(self, path: str) -> tuple[int, str] | None:
        """(job, digest) of a sheet."""
        row = self.db.execute("SELECT job, digest FROM sheets WHERE path = ?", (path,)).fetchone()
        return (row[0], row[1]) if row else None

    def put_sheets(self, rows: Iterable[tuple[str, int, str, int, str]]) -> None:
        """Remember printed sheets: (path, job, digest, size, media type); they are not packed yet."""
        self.db.executemany(
            "INSERT OR REPLACE INTO sheets (path, job, digest, size, media_type, packed) VALUES (?, ?, ?, ?, ?, 0)",
            rows,
        )

    def own_sheets(self, rows: Iterable[tuple[int, str]]) -> None:
        """Say which job sets a sheet whose bytes did not change: (job, path)."""
        self.db.executemany("UPDATE sheets SET job = ? WHERE path = ?", rows)

    def paths_of(self, job: int) -> list[str]:
        """The paths of a job's sheets; of job 0, those that no job owns."""
        return [row[0] for row in self.db.execute("SELECT path FROM sheets WHERE job = ? ORDER BY path", (job,))]

    def owners(self) -> dict[str, int]:
        """The job of every sheet, by path."""
        return dict(self.db.execute("SELECT path, job FROM sheets").fetchall())

    def drop_sheets(self, paths: Iterable[str]) -> None:
        """Forget sheets."""
        self.db.executemany("DELETE FROM sheets WHERE path = ?", ((path,) for path in paths))

    def drop_job(self, job: int) -> None:
        """Forget a job that prints nothing any more."""
        self.db.execute("DELETE FROM reads WHERE job = ?", (job,))
        self.db.execute("DELETE FROM jobs WHERE id = ?", (job,))

    # --- Packing: .br and .gz beside each sheet ---

    def unpacked(self, limit: int) -> list[tuple[str, str, str]]:
        """(path, digest, media type) of sheets that have no compressed files yet."""
        sql = "SELECT path, digest, media_type FROM sheets WHERE packed = 0 LIMIT ?"
        return self.db.execute(sql, (limit,)).fetchall()

    def count_unpacked(self) -> int:
        """How many sheets have no compressed files yet."""
        return int(self.db.execute("SELECT count(*) FROM sheets WHERE packed = 0").fetchone()[0])

    def heavier_than(self, limit_bytes: int) -> list[tuple[str, int]]:
        """(path, bytes in brotli) of pages above a budget, the heaviest first.

        A letter's mail is no page, and verify.html is a program that is handed on as a file.
        """
        sql = (
            "SELECT path, packed FROM sheets WHERE packed > ? AND media_type = 'text/html' "
            "AND path NOT LIKE '%/mail.html' AND path != '/verify.html' ORDER BY packed DESC, path"
        )
        return self.db.execute(sql, (limit_bytes,)).fetchall()

    def set_packed(self, rows: Sequence[tuple[int, str, str]]) -> None:
        """Remember sizes in brotli: (bytes, path, digest); a sheet printed anew meanwhile stays unpacked."""
        self.db.executemany("UPDATE sheets SET packed = ? WHERE path = ? AND digest = ?", rows)

    # --- The queue ---

    def enqueue(self, rows: Iterable[tuple[str, int, int]]) -> None:
        """Put jobs into the queue: (name, priority, rank); a job keeps its better priority."""
        self.db.executemany(
            "INSERT INTO queue VALUES (?, ?, ?)"
            " ON CONFLICT (name) DO UPDATE SET priority = min(priority, excluded.priority)",
            rows,
        )

    def best_priority(self) -> int | None:
        """The best priority of the jobs that wait; None where none waits."""
        best: int | None = self.db.execute("SELECT min(priority) FROM queue").fetchone()[0]
        return best

    def next_jobs(self, priority: int, limit: int | None = None) -> list[str]:
        """The jobs of a priority, in the order in which sheets link to each other; at most `limit` of them."""
        sql = "SELECT name FROM queue WHERE priority = ? ORDER BY rank, name LIMIT ?"
        return [row[0] for row in self.db.execute(sql, (priority, -1 if limit is None else limit))]

    def queue_length(self) -> int:
        """How many jobs wait."""
        return int(self.db.execute("SELECT count(*) FROM queue").fetchone()[0])

    def dequeue(self, names: Iterable[str]) -> None:
        """Take finished jobs out."""
        self.db.executemany("DELETE FROM queue WHERE name = ?", ((name,) for name in names))
