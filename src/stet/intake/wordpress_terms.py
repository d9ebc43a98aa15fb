"""The categories and tags of an export become sections and tags.

The rules:
 * A category that is some post's first is a section. Any other category that a post has is a tag.
 * A category or tag that no post has is left out, and accounted for.

Nothing here touches disk, network, clock or Django.
"""

from collections.abc import Iterator
from html import escape, unescape
from urllib.parse import unquote

from stet.intake import records
from stet.intake.records import Loss
from stet.intake.report import LossReport
from stet.intake.slugs import clean_slug
from stet.intake.web_markup import plain_text
from stet.intake.wordpress_fields import categories_of, tags_of
from stet.intake.wordpress_items import Items
from stet.intake.wxr import Element


class Terms:
    """The categories and tags of an export, and the posts that have them."""

    def __init__(self, items: Items, categories: tuple[Element, ...], tags: tuple[Element, ...]) -> None:
        self._categories = categories
        self._tags = tags
        posts = items.posts.values()
        self._tagged = dict(tag for item in posts for tag in tags_of(item))
        self._used = dict(category for item in posts for category in categories_of(item))
        self._firsts: dict[str, str] = {}
        """Slug → name of the categories that are some post's first."""
        for item in posts:
            for slug, name in categories_of(item)[:1]:
                self._firsts.setdefault(slug, name)

    def sections(self, *, language: str) -> Iterator[records.Section]:
        """The sections, with what the export says of them."""
        known = {unquote(category.get("wp:category_nicename")): category for category in reversed(self._categories)}
        for slug, name in self._firsts.items():
            found = known.get(slug)
            description = plain_text(found.get("wp:category_description")) if found else ""
            yield records.Section(
                source_id=f"section:{slug}",
                key=slug,
                language=language,
                slug=clean_slug(slug, instead=name),
                title=(unescape(found.get("wp:cat_name")) if found else "") or name,
                intro=f"<p>{escape(description, quote=False)}</p>" if description else "",
                losses=_parent_loss(found.get("wp:category_parent") if found else "", name),
            )

    def tags(self, report: LossReport) -> Iterator[records.Tag]:
        """The tags: the export's own, then the categories that became some."""
        for tag in self._tags:
            slug = unquote(tag.get("wp:tag_slug"))
            if slug in self._tagged:
                yield records.Tag(source_id=f"tag:{slug}", name=self._tagged[slug])
            else:
                name = unescape(tag.get("wp:tag_name")) or slug
                report.leave_out("tag", f"tag:{slug}", name, "no post has it", name)
        yield from self._categories_as_tags(report)

    def _categories_as_tags(self, report: LossReport) -> Iterator[records.Tag]:
        """Categories that are nowhere first; those that are nowhere at all are accounted for here."""
        known: set[str] = set()
        for category in self._categories:
            slug = unquote(category.get("wp:category_nicename"))
            name = self._used.get(slug) or unescape(category.get("wp:cat_name")) or slug
            if slug in known:
                report.leave_out("category", f"section:{slug}", name, "named twice", name)
            elif slug not in self._used:
                report.leave_out("category", f"section:{slug}", name, "no post is in it", name)
            elif slug not in self._firsts:
                loss = Loss(reason="no post's first category: it became a tag", detail=name)
                yield records.Tag(source_id=f"section:{slug}", name=name, kind="category", losses=(loss,))
            known.add(slug)


def _parent_loss(parent: str, name: str) -> tuple[Loss, ...]:
    if not parent:
        return ()
    reason = "stood below another category: sections stand beside each other"
    return (Loss(reason=reason, detail=f"{parent} / {name}"),)
