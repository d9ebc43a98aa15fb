"""The desk's search in the database: Wagtail's, which on SQLite takes a quotation mark inside a word for its end.

FTS5 reads a word in quotation marks as it is, with a quotation mark in it doubled (https://www.sqlite.org/fts5.html,
3.1). Without that, whoever looks for `6" of snow` is told that the desk broke.
"""

from functools import cache
from typing import Any

from modelsearch.backends import database
from modelsearch.query import Phrase, PlainText


def SearchBackend(params: dict[str, Any]) -> Any:  # noqa: N802 - the name Wagtail asks for
    """Wagtail's backend for the newsroom's database; on SQLite with words that are quoted."""
    backend = database.SearchBackend(params)
    for name in ("query_compiler_class", "autocomplete_query_compiler_class"):
        if type(backend).__name__ == "SQLiteSearchBackend":
            setattr(backend, name, _with_quoted_words(getattr(backend, name)))
    return backend


@cache
def _with_quoted_words(compiler: Any) -> Any:
    """The same compiler of queries, with quotation marks doubled."""

    class Quoted(compiler):
        def build_search_query_content(self, query: Any, config: Any = None) -> Any:
            words = getattr(query, "query_string", "").replace('"', '""')
            if isinstance(query, PlainText):
                query = PlainText(words, operator=query.operator, boost=query.boost)
            elif isinstance(query, Phrase):
                query = Phrase(words)
            return super().build_search_query_content(query, config=config)

    return Quoted
