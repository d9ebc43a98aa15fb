"""The items of an export, sorted by what they are.

The rules:
 * Posts, pages and attachments are kept, by their numbers.
 * Comments, menus, what was in the bin, and what cannot be read are left out, and accounted for at once.
"""

from dataclasses import dataclass, field

from stet.intake.report import LossReport
from stet.intake.wordpress_fields import identity_of, title_of
from stet.intake.wxr import Element, Unreadable

_BINNED = frozenset({"trash", "auto-draft"})
_LEFT_OUT_TYPES = {
    "nav_menu_item": ("menu item", "the paper's navigation is made from its sections and pages"),
    "revision": ("revision", "earlier versions stay in WordPress"),
    "wp_block": ("reusable block", "blocks kept by themselves are not taken"),
    "custom_css": ("style", "the theme has its own styles"),
    "wp_global_styles": ("style", "the theme has its own styles"),
    "wp_template": ("template", "the theme has its own templates"),
    "wp_template_part": ("template", "the theme has its own templates"),
    "wp_navigation": ("menu item", "the paper's navigation is made from its sections and pages"),
    "oembed_cache": ("cached embed", "a copy that WordPress kept of another site"),
}
"""Types of items that have no place in a printed paper: what they are called, and why not."""


@dataclass(slots=True, kw_only=True)
class Items:
    """What is kept of an export's items, by number, in the order of the export."""

    report: LossReport
    posts: dict[str, Element] = field(default_factory=dict)
    pages: dict[str, Element] = field(default_factory=dict)
    attachments: dict[str, Element] = field(default_factory=dict)

    @property
    def placed(self) -> tuple[tuple[str, dict[str, Element]], ...]:
        """(beginning of the source id, items) of what becomes pages of the paper."""
        return ("article", self.posts), ("page", self.pages)

    def sort(self, item: Element | Unreadable) -> None:
        """Keep an item that can be taken; account for any other at once."""
        if isinstance(item, Unreadable):
            where = f"“{item.title}”, line {item.line}"
            self.report.leave_out("unreadable item", f"line:{item.line}", item.title, item.reason, where)
            return
        self._leave_out_comments(item)
        kind, title, identity = item.get("wp:post_type"), title_of(item), identity_of(item)
        kept = {"post": self.posts, "page": self.pages, "attachment": self.attachments}.get(kind)
        if kept is None:
            self._leave_out(kind, identity, title, item)
        elif item.get("wp:status") in _BINNED:
            self.report.leave_out(kind, identity, title, "in the bin, or never saved", title)
        elif identity in kept:
            where = f"{title}, line {item.line}"
            self.report.leave_out(kind, identity, title, "has the number of an earlier one", where)
        else:
            kept[identity] = item

    def _leave_out_comments(self, item: Element) -> None:
        title = title_of(item)
        for number in range(item.comments):
            source_id = f"comment:{item.get('wp:post_id')}:{number + 1}"
            self.report.leave_out("comment", source_id, title, "readers' comments are not taken", title)

    def _leave_out(self, kind: str, identity: str, title: str, item: Element) -> None:
        where = f"“{title}”, line {item.line}"
        if not kind:
            self.report.leave_out("unreadable item", identity, title, "the field wp:post_type is missing", where)
            return
        name, reason = _LEFT_OUT_TYPES.get(kind, (kind, "a kind of item that only the old site knows"))
        self.report.leave_out(name, identity, title, reason, title)
