"""Wagtail's search in SQLite, for an archive of 100,000 articles.

Wagtail asks for the rank of each hit by a question of its own, which finds all hits again; and it lets SQLite go
through all that is indexed to look each up among the hits. With each page that is saved it reads every title there is.
Here the hits are found once, and the rest is looked up from there.

The rules:
 * What is found is what Wagtail finds, up to the newest `MOST_FOUND` of those: whoever looks for a letter that begins
   most titles writes a second one.
 * Ranks are asked of the newest `MOST_READ` of them. The best of those come first; then all others, the newest first.
 * Nothing ranks by how long a title is beside all others, so that is not kept.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import F, TextField, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Concat, NullIf, StrIndex
from modelsearch.backends.database.sqlite.query import MatchExpression
from modelsearch.backends.database.sqlite.sqlite import (
    SQLiteAutocompleteQueryCompiler,
    SQLiteIndex,
    SQLiteSearchBackend,
    SQLiteSearchQueryCompiler,
)
from wagtail.search.models import IndexEntry, SQLiteFTSIndexEntry
from wagtail.search.query import Phrase, PlainText
from wagtail.search.utils import get_descendants_content_types_pks

MOST_FOUND, MOST_READ, MOST_RANKED = 5_000, 2_000, 200
"""Of the things that hold the words: how many are found, how many of those are ranked, how many best come first."""

_FTS, _ENTRIES = SQLiteFTSIndexEntry._meta.db_table, IndexEntry._meta.db_table
# "CROSS JOIN" has SQLite begin with the words: left to itself it begins with what kinds of things are asked for.
# Put together from names of tables and numbers alone; what is looked for is handed over beside it.
_NEWEST = (
    f"SELECT entry.object_id AS number{{score}} "  # noqa: S608
    f"FROM {_FTS} CROSS JOIN {_ENTRIES} entry ON entry.id = {_FTS}.rowid "
    f"WHERE {_FTS} MATCH %s AND entry.content_type_id IN ({{kinds}}) ORDER BY {_FTS}.rowid DESC LIMIT {{most}}"
)
_HITS = _NEWEST.replace("{score}", "").replace("{most}", str(MOST_FOUND))
_RANKED = _NEWEST.replace("{score}", f", bm25({_FTS}) AS score").replace("{most}", str(MOST_READ))
_BEST = (
    f"SELECT group_concat(number, ' ') FROM (SELECT number FROM ({_RANKED}) "  # noqa: S608
    f"ORDER BY score, CAST(number AS integer) DESC LIMIT {MOST_RANKED})"
)


_NO_ENDS = str.maketrans('"\x00', "  ")
"""FTS5 takes a quotation mark in a word for its end, and a zero for the end of all."""


class _Once:
    """What both ways of looking share: whole words, and beginnings of words in titles."""

    queryset: Any
    query: Any
    fields: Any
    order_by_relevance: bool
    FTS_TABLE_FIELDS: list[str]

    def search(self, config: Any, start: int | None, stop: int | None, score_field: str | None = None) -> Any:
        """The rows that hold the words, from `start` up to `stop`."""
        if isinstance(self.query, PlainText | Phrase):
            self.query.query_string = self.query.query_string.translate(_NO_ENDS)
        if not isinstance(self.query, PlainText) or score_field is not None:
            return super().search(config, start, stop, score_field)  # type: ignore[misc]
        asked = self.build_search_query(self.query, config=config)  # type: ignore[attr-defined]
        if asked is None:
            return self.queryset.none()
        found = self._found(asked)
        return found[start:stop]

    def _found(self, asked: Any) -> Any:
        kinds = list(get_descendants_content_types_pks(self.queryset.model))
        match = MatchExpression(self.fields or self.FTS_TABLE_FIELDS, asked)
        words = match.as_sql(SQLiteFTSIndexEntry.objects.all().query.get_compiler("default"), None)[1]
        found = self.queryset.filter(pk__in=_told(_HITS, words, kinds))
        if self.order_by_relevance:
            return found.order_by(_place(_told(_BEST, words, kinds)).asc(nulls_last=True), "-pk")
        return found if found.query.order_by else found.order_by("-pk")


def _told(statement: str, words: Iterable[str], kinds: list[int]) -> RawSQL:
    return RawSQL(statement.format(kinds=", ".join("%s" for _ in kinds)), [*words, *kinds], TextField())  # noqa: S611


def _place(best: RawSQL) -> Any:
    """Where a row stands among the best; nowhere for those that are not."""
    spaced = Concat(Value(" "), best, Value(" "))
    own = Concat(Value(" "), Cast(F("pk"), TextField()), Value(" "))
    return NullIf(StrIndex(spaced, own), Value(0))


class _Words(_Once, SQLiteSearchQueryCompiler):
    pass


class _Beginnings(_Once, SQLiteAutocompleteQueryCompiler):
    pass


class _Index(SQLiteIndex):
    def _refresh_title_norms(self, full: bool = False) -> None:  # noqa: FBT001, FBT002 - its signature
        """Leave them: they take a look at every title with each page that is saved, and nothing ranks by them here."""


class SQLiteBackend(SQLiteSearchBackend):
    """Wagtail's, asked as above."""

    query_compiler_class = _Words
    autocomplete_query_compiler_class = _Beginnings
    index_class = _Index
