"""The comments of block markup, `<!-- wp:gallery {"ids":[1]} -->`: they tell of a block what its HTML does not."""

import re
from dataclasses import dataclass

import msgspec

from stet.intake.web_addresses import web_address

_BLOCK_COMMENT = re.compile(
    r"\s*(?P<end>/)?wp:(?P<name>[a-z][a-z0-9-]*(?:/[a-z][a-z0-9-]*)?)\s*(?P<json>\{.*\})?\s*(?P<void>/)?\s*", re.DOTALL
)
_QUIET_BLOCKS = frozenset({"spacer", "more", "nextpage", "separator", "paragraph", "block"})
_MADE_BY_SITE = frozenset({
    "archives", "calendar", "categories", "comments", "comment-template", "latest-comments", "latest-posts",
    "loginout", "navigation", "page-list", "post-author", "post-author-biography", "post-author-name",
    "post-comments", "post-comments-form", "post-content", "post-date", "post-excerpt", "post-featured-image",
    "post-navigation-link", "post-template", "post-terms", "post-title", "query", "query-title", "read-more", "rss",
    "search", "site-logo", "site-tagline", "site-title", "social-links", "tag-cloud", "term-description", "avatar",
    "template-part", "widget-area",
})  # fmt: skip
"""Blocks that a WordPress site makes anew for each visitor; a printed paper has its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockComment:
    """One comment of block markup."""

    name: str
    """Without "core/"; another maker's has a slash in it."""
    is_end: bool
    is_void: bool
    """Whether the block has no content of its own."""
    url: str = ""
    """The address among its attributes."""

    @property
    def is_made_by_site(self) -> bool:
        """Whether the old site made its content anew for each visitor."""
        return self.name in _MADE_BY_SITE or (self.is_void and not self.is_foreign and self.name not in _QUIET_BLOCKS)

    @property
    def is_foreign(self) -> bool:
        """Whether it comes from a plugin."""
        return "/" in self.name and not self.name.startswith("core-embed/")


def block_comment(text: str) -> BlockComment | None:
    """The comment's meaning; None where it is no block markup."""
    match = _BLOCK_COMMENT.fullmatch(text)
    if match is None:
        return None
    return BlockComment(
        name=match["name"].removeprefix("core/"),
        is_end=bool(match["end"]),
        is_void=bool(match["void"]),
        url=_url_of(match["json"]),
    )


def _url_of(json: str | None) -> str:
    """The address among a block's attributes; nothing where there is none or they can't be read."""
    try:
        attributes = msgspec.json.decode(json or "{}", type=dict[str, object])
    except msgspec.MsgspecError:
        return ""
    return web_address(str(attributes.get("url") or ""))
