"""The outbox's triggers: every change of a watched row leaves its key, in the change's own transaction.

Triggers and not signals, because `page.save()` in a script, `QuerySet.update()`, a bulk insert and a tree move send no
signal, and a signal's handler writes outside the change's transaction. The press reads what lies here, asks the
database what is true now, and trims nothing: the desk's scheduler does.
"""

from collections.abc import Iterator

from django.db import DEFAULT_DB_ALIAS, connections, models

from stet.newsroom.models.outbox import OutboxEntry

WATCHED: dict[str, tuple[tuple[str, str | None], ...]] = {
    "wagtailcore_page": (("page", "id"),),
    "newsroom_frontpage": (("page", "page_ptr_id"),),
    "newsroom_sectionpage": (("page", "page_ptr_id"),),
    "newsroom_topicpage": (("page", "page_ptr_id"),),
    "newsroom_staticpage": (("page", "page_ptr_id"),),
    "newsroom_articlepage": (("page", "page_ptr_id"),),
    "newsroom_articlebyline": (("page", "page_id"),),
    "newsroom_articlecorrection": (("page", "page_id"),),
    "newsroom_articleupdate": (("page", "page_id"),),
    "newsroom_livecoverage": (("page", "article_id"),),
    "newsroom_liveentry": (("page", "coverage_id"),),
    "newsroom_articletag": (("page", "content_object_id"),),
    "newsroom_articlepage_topics": (("page", "articlepage_id"),),
    "newsroom_readmorepick": (("page", "page_id"),),
    "newsroom_frontplacement": (("page", "page_id"),),
    "newsroom_fronttopic": (("page", "page_id"),),
    "letters_listpage": (("page", "page_ptr_id"),),
    "letters_letterpage": (("page", "page_ptr_id"),),
    "appeals_supportpage": (("page", "page_ptr_id"),),
    "appeals_appeal": (("appeal", "id"),),
    "appeals_appealvariant": (("appeal", "appeal_id"),),
    "appeals_appeal_sections_in": (("appeal", "appeal_id"),),
    "appeals_appeal_sections_out": (("appeal", "appeal_id"),),
    "appeals_appeal_tags_in": (("appeal", "appeal_id"),),
    "appeals_appeal_tags_out": (("appeal", "appeal_id"),),
    "appeals_campaign": (("asking", None),),
    "appeals_silence": (("asking", None),),
    "appeals_silence_locales": (("asking", None),),
    "appeals_silence_tags": (("asking", None),),
    "sourcing_claim": (("claim", "id"), ("question", "question_id")),
    "sourcing_claimtext": (("claim", "claim_id"),),
    "sourcing_record": (("claim", "claim_id"),),
    "sourcing_attribution": (("claim", "claim_id"), ("source", "source_id")),
    "sourcing_claimlink": (("claim", "claim_id"), ("claim", "other_id")),
    "sourcing_source": (("source", "id"),),
    "sourcing_sourcename": (("source", "source_id"),),
    "sourcing_question": (("question", "id"),),
    "sourcing_questiontext": (("question", "question_id"),),
    "sourcing_evidence": (("evidence", "id"),),
    "newsroom_person": (("person", "id"),),
    "newsroom_photo": (("photo", "id"), ("rendered", "file_hash")),
    "newsroom_withdrawal": (("withdrawal", "id"),),
    "taggit_tag": (("tag", "id"),),
    "wagtaildocs_document": (("document", "id"),),
    "wagtailredirects_redirect": (("redirect", "id"),),
    "wagtailcore_locale": (("site", None),),
    "wagtailcore_pageviewrestriction": (("site", None),),
}
"""Table: the keys its rows leave, each as a word and the column that tells which."""

PRINTED_COLUMNS = {
    "wagtailcore_page": (
        "path, slug, title, live, locale_id, translation_key, first_published_at, last_published_at, live_revision_id, "
        "show_in_menus, search_description"
    ),
    "newsroom_photo": (
        "file, file_hash, width, height, description, credit, caption, usable_until, not_in_letters, focal_point_x, "
        "focal_point_y"
    ),
}
"""Where an update of other columns changes nothing printed: a new child counts up its parent's `numchild`."""

_OUTBOX = OutboxEntry._meta.db_table


def install_triggers(*, using: str = DEFAULT_DB_ALIAS, **_signal: object) -> None:
    """Lay all triggers anew on the database `using`. Safe to repeat; tables that do not exist yet are passed over."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    if _OUTBOX not in tables:
        return
    statements = _sqlite_statements if connection.vendor == "sqlite" else _postgresql_statements
    with connection.cursor() as cursor:
        for table, keys in WATCHED.items():
            if table in tables:
                for statement in statements(table, keys):
                    cursor.execute(statement)


def _sqlite_statements(table: str, keys: tuple[tuple[str, str | None], ...]) -> Iterator[str]:
    for event, rows in (("INSERT", ("NEW",)), ("UPDATE", ("OLD", "NEW")), ("DELETE", ("OLD",))):
        name = f"stet_{table}_{event.lower()}"
        inserts = _inserts(keys, rows)
        yield f"DROP TRIGGER IF EXISTS {name}"
        yield f"CREATE TRIGGER {name} AFTER {_event(event, table)} ON {table} BEGIN {inserts} END"


def _postgresql_statements(table: str, keys: tuple[tuple[str, str | None], ...]) -> Iterator[str]:
    for event, rows in (("INSERT", ("NEW",)), ("UPDATE", ("OLD", "NEW")), ("DELETE", ("OLD",))):
        name = f"stet_{table}_{event.lower()}"
        yield f"DROP TRIGGER IF EXISTS {name} ON {table}"
        yield (
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {_inserts(keys, rows)} RETURN NULL; END $$"
        )
        yield f"CREATE TRIGGER {name} AFTER {_event(event, table)} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"


def _event(event: str, table: str) -> str:
    """The event, narrowed to the columns that are printed where they are known."""
    columns = PRINTED_COLUMNS.get(table)
    return f"UPDATE OF {columns}" if columns and event == "UPDATE" else event


def _inserts(keys: tuple[tuple[str, str | None], ...], rows: tuple[str, ...]) -> str:
    """Inserts for one row; an UPDATE leaves the old key too, but only where it differs from the new."""
    parts = []
    for word, column in keys:
        for row in rows:
            if row == "OLD" and len(rows) == 2:
                if column is not None:
                    old, new = f"OLD.{column}", f"NEW.{column}"
                    differs = f"{old} IS NOT NULL AND ({new} IS NULL OR {old} <> {new})"
                    parts.append(f"INSERT INTO {_OUTBOX} (key) SELECT '{word}:' || {old} WHERE {differs};")
            elif column is None:
                parts.append(f"INSERT INTO {_OUTBOX} (key) VALUES ('{word}');")  # noqa: S608 - words, tables and columns are WATCHED's own
            else:
                value = f"{row}.{column}"
                parts.append(f"INSERT INTO {_OUTBOX} (key) SELECT '{word}:' || {value} WHERE {value} IS NOT NULL;")
    return " ".join(parts)


def trim(*, keep: int = 100_000) -> int:
    """Drop all but the newest `keep` entries; answer how many went. A press further behind prints everything anew."""
    newest = OutboxEntry.objects.aggregate(newest=models.Max("id"))["newest"] or 0
    dropped, _ = OutboxEntry.objects.filter(id__lte=newest - keep).delete()
    return dropped
