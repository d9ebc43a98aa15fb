"""Old addresses of a WordPress site: which record a link means now, and where the old address itself leads on.

Nothing here touches disk, network, clock or Django.
"""

from collections.abc import Iterable, Iterator
from urllib.parse import parse_qs

from stet.intake import records
from stet.intake.report import LossReport
from stet.intake.web_addresses import split
from stet.intake.wordpress_fields import old_path, title_of
from stet.intake.wordpress_items import Items


class OldAddresses:
    """The addresses that the site at `base` had."""

    def __init__(self, items: Items, *, base: str) -> None:
        self._items = items
        self._base = base
        self._by_path: dict[str, str] = {}
        for kind, placed in items.placed:
            for number, item in placed.items():
                if path := old_path(item.get("link")):
                    self._by_path.setdefault(path, f"{kind}:{number}")

    def link(self, address: str) -> str:
        """A link to the old site's own page becomes a link to the record made of it."""
        is_within = address.startswith("/") and not address.startswith("//")
        absolute = self._base.rstrip("/") + address if is_within else address
        parts = split(absolute)
        if not parts.hostname or parts.hostname != split(self._base).hostname:
            return address
        query = parse_qs(parts.query)
        number = next(iter(query.get("p", []) + query.get("page_id", [])), "")
        for kind, placed in self._items.placed:
            if number in placed:
                return f"{records.RECORD_LINK}{kind}:{number}"
        target = self._by_path.get(old_path(absolute))
        return records.RECORD_LINK + target if target else absolute

    def redirects(
        self, placed: Iterable[records.Article | records.Page], report: LossReport
    ) -> Iterator[records.Redirect]:
        """A redirect for the old address of everything that readers could see; what has none is accounted for."""
        seen: set[str] = set()
        for record in placed:
            if record.status != "live":
                continue
            kind, number = record.source_id.split(":", 1)
            item = dict(self._items.placed)[kind][number]
            link = item.get("link")
            path = old_path(link)
            if path in ("", "/") or path in seen:
                name = link or title_of(item)
                reason = _why_none(link, is_taken=path in seen)
                report.leave_out("old address", f"address:{record.source_id}", name, reason, name)
                continue
            seen.add(path)
            yield records.Redirect(source_id=f"address:{path}", old_path=path, target=record.source_id)


def _why_none(link: str, *, is_taken: bool) -> str:
    if split(link).query:
        return "an address with a question mark cannot lead on in a printed edition"
    if is_taken:
        return "another page had the same address"
    return "the field link is missing, or names the front"
