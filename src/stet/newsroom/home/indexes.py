"""Indexes, most of them on Wagtail's table of pages: what the desk opens with must not depend on the archive's size.

They are laid after every migration and not by one: SQLite drops what a model does not name with a table that it
rebuilds, and this table is Wagtail's.
"""

from collections.abc import Iterator

from django.db import DEFAULT_DB_ALIAS, connections

_PAGES, _ARTICLES = "wagtailcore_page", "newsroom_articlepage"
INDEXES: dict[str, tuple[str, str]] = {
    "stet_page_written": ("latest_revision_created_at", ""),
    "stet_page_published": ("last_published_at", ""),
    "stet_page_first_published": ("first_published_at", ""),
    "stet_page_changing": ("latest_revision_created_at", "has_unpublished_changes"),
    "stet_page_not_live": ("latest_revision_created_at", "NOT live"),
    "stet_page_expires": ("expire_at", "expire_at IS NOT NULL"),
}
"""Name: the column, newest first, and which rows."""
_EMBARGOED = (
    f"CREATE INDEX IF NOT EXISTS stet_article_embargoed ON {_ARTICLES} (embargoed_until) "
    "WHERE embargoed_until IS NOT NULL"
)
_CHILDREN = f"CREATE INDEX IF NOT EXISTS stet_page_children ON {_PAGES} (depth, path)"
"""What stands right below a front, among all that stands below it. Below, the same for Wagtail's own way to ask."""
_CHILDREN_LIKE = f"CREATE INDEX IF NOT EXISTS stet_page_children_like ON {_PAGES} (depth, path COLLATE NOCASE)"
_HEADLINES = f"CREATE INDEX IF NOT EXISTS stet_page_title ON {_PAGES} (title, id)"
_KINDS = f"CREATE INDEX IF NOT EXISTS stet_article_kind ON {_ARTICLES} (kind)"
_SCHEDULED = (
    "CREATE INDEX IF NOT EXISTS stet_revision_scheduled ON wagtailcore_revision (approved_go_live_at) "
    "WHERE approved_go_live_at IS NOT NULL"
)
_TREE = f"CREATE INDEX IF NOT EXISTS stet_page_tree ON {_PAGES} (path COLLATE NOCASE)"
"""Wagtail asks whether a path begins with another wherever it means "below a page". SQLite takes an index for that only
where it compares as LIKE does; PostgreSQL has one that Django made."""


def lay_indexes(*, using: str = DEFAULT_DB_ALIAS, **_signal: object) -> None:
    """Lay what is missing. Safe to repeat; where the tables do not stand yet, nothing is done."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if {_PAGES, _ARTICLES} <= set(connection.introspection.table_names(cursor)):
            for statement in _statements(connection.vendor):
                cursor.execute(statement)


def _statements(vendor: str) -> Iterator[str]:
    # Wagtail sorts with "NULLS LAST": what SQLite does by itself, and PostgreSQL only by an index that says so.
    order = "DESC" if vendor == "sqlite" else "DESC NULLS LAST"
    for name, (column, rows) in INDEXES.items():
        where = f" WHERE {rows}" if rows else ""
        yield f"CREATE INDEX IF NOT EXISTS {name} ON {_PAGES} ({column} {order}, id DESC){where}"
    yield (
        f"CREATE INDEX IF NOT EXISTS stet_page_own_drafts ON {_PAGES} "
        f"(owner_id, latest_revision_created_at {order}, id DESC) WHERE NOT live"
    )
    yield from (_EMBARGOED, _CHILDREN, _SCHEDULED, _HEADLINES, _KINDS)
    if vendor == "sqlite":
        yield from (_TREE, _CHILDREN_LIKE)
