"""The documents of a Stet archive become articles and static pages, field by field.

Raises ArchiveFileError, with file and line, where a field is missing, unknown, or not what it should be.
Nothing here touches disk, network, clock or Django.
"""

from typing import Any, cast

from stet.intake import records
from stet.intake.stet_blocks import body_of
from stet.intake.stet_files import Fields, Piece
from stet.intake.stet_names import Where

ARTICLE_KINDS = ("news", "feature", "analysis", "opinion", "interview", "explainer", "live")
STATUSES = ("live", "draft", "scheduled")
PAGE_ROLES = {
    "about": "about",
    "contact": "contact",
    "privacy": "privacy",
    "reach-us": "reach",
    "principles": "principles",
    "corrections-policy": "corrections_policy",
}
"""What a page of this slug is for; any other page is an ordinary one."""


def article_of(fields: Fields, pieces: tuple[Piece, ...], where: Where, *, slug: str) -> records.Article:
    """The article that a document holds; its file is called after its slug."""
    status = fields.one_of("status", STATUSES, default="live")
    published, go_live = fields.moment("published"), fields.moment("go_live")
    if status == "live" and published is None:
        raise fields.refuse("published", "a live article says when it was published: published = 2026-11-19T06:30:00Z.")
    if status == "scheduled" and go_live is None:
        raise fields.refuse("go_live", "a scheduled article says when: go_live = 2027-01-15T06:00:00Z.")
    original = fields.string("original")
    article = records.Article(
        source_id=f"article:{where.language}:{slug}",
        key=fields.string("key") or f"{where.language}:{slug}",
        language=where.language,
        slug=slug,
        headline=fields.string("headline", required=True),
        short_headline=fields.string("short_headline"),
        standfirst=fields.string("standfirst"),
        kind=fields.one_of("kind", ARTICLE_KINDS, default="news"),
        section=where.refer(fields, "section", "section", fields.string("section", required=True)),
        bylines=tuple(where.refer(fields, "bylines", "person", name) for name in fields.strings("bylines")),
        dateline=fields.string("dateline"),
        published=published,
        updated=fields.moment("updated"),
        photo=where.media(fields, "photo"),
        photo_caption=where.line_html(fields.string("photo_caption")),
        topics=tuple(where.refer(fields, "topics", "topic", name) for name in fields.strings("topics")),
        tags=fields.strings("tags"),
        original=original if original != where.language else None,
        status=cast(Any, status),
        go_live=go_live,
        picks=tuple(where.refer(fields, "picks", "article", name) for name in fields.strings("picks")),
        source=fields.string("source"),
        source_url=fields.string("source_url"),
        licence=fields.string("licence"),
        corrections=tuple(_correction(entry, where) for entry in fields.tables("corrections")),
        body=tuple(body_of(pieces, where)),
    )
    fields.close()
    return article


def _correction(fields: Fields, where: Where) -> records.Correction:
    day = fields.day("date", required=True)
    assert day is not None
    text = where.html(fields.string("text", required=True))
    fields.close()
    return records.Correction(date=day, text=text)


def page_of(fields: Fields, pieces: tuple[Piece, ...], where: Where, *, slug: str) -> records.Page:
    """The static page that a document holds."""
    role = PAGE_ROLES.get(slug, "")
    page = records.Page(
        source_id=f"page:{where.language}:{slug}",
        key=fields.string("key") or slug,
        language=where.language,
        slug=slug,
        title=fields.string("title", required=True),
        role=role,
        status=cast(Any, fields.one_of("status", ("live", "draft"), default="live")),
        published=fields.moment("published"),
        version=fields.string("version", required=role == "privacy"),
        version_date=fields.day("version_date", required=role == "privacy"),
        body=tuple(body_of(pieces, where)),
    )
    fields.close()
    return page
