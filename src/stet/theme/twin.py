"""The JSON twin of an article: everything it says, for programs, at an address beside it.

The rules:
 * A twin holds the whole article, also where the pages are split, and nothing of the page around it.
 * `format` and `version` say how to read it. A field may be added within a version; a new version may change one.
 * A field is absent where there is none. `FIELDS` names all of them.
 * A body block is an object whose `kind` names it; its other fields are those of the copy contract, with these changes:
   a `path` is an absolute `url`, links inside HTML are absolute, and a photo carries its files and no embedded image.
 * The bytes are canonical (keys sorted, no blanks, UTF-8): the same article always gives the same twin.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from stet.kit.clock import write_moment
from stet.theme.addresses import absolute, absolute_html
from stet.theme.copy import (
    Article,
    Block,
    Byline,
    ClaimNote,
    Correction,
    Link,
    Live,
    LiveEntry,
    Site,
    Text,
    Translation,
    UpdateNote,
)

FORMAT = "stet-article"
VERSION = 1

FIELDS = {
    "format": 'Always "stet-article".',
    "version": "The version of this format, an integer.",
    "id": "The article's number in its newsroom; it never changes.",
    "revision": "Names this state of the article; changes with every publication.",
    "url": "The article's page, its first one where it has several.",
    "parts": "The addresses of all pages of a long read, in order.",
    "paper": "The paper: `name`, `url` of the front in the article's language, `publisher`.",
    "language": "BCP 47 code.",
    "direction": '"ltr" or "rtl".',
    "kind": "One of news, feature, analysis, opinion, interview, explainer, live.",
    "headline": "Plain text.",
    "short_headline": "Plain text, where it differs from the headline.",
    "standfirst": "Plain text.",
    "section": "`label` and `url`.",
    "bylines": "In order: `name`, `kind` (name, pen_name, withheld), `url` of the person's page, `role`.",
    "dateline": "Where it was written.",
    "published": "RFC 3339, UTC.",
    "updated": "RFC 3339, UTC; only where the editors say that it was updated.",
    "modified": "RFC 3339, UTC; the last publication of any change.",
    "photo": "The lead photo, as in a `photo` block.",
    "body": "All blocks, in order.",
    "word_count": "Words of the whole text.",
    "reading_minutes": "As printed on the page.",
    "tags": "Each with `label` and `url`.",
    "topics": "Running stories it belongs to, each with `label` and `url`.",
    "corrections": "Each with `date` and `text_html`.",
    "updates": "What was added since it was published, each with `date` and `text_html`.",
    "translations": "The same article in other languages: `language`, `headline`, `url`.",
    "original": "On a translation: `label` and `url` of the article it was made from.",
    "is_behind_original": "True where the original changed after the translation was last looked at.",
    "source": "Where a republished article first appeared.",
    "source_url": "Its address there.",
    "licence": "The licence of a republished article.",
    "live": "Live coverage: `started`, `ended` where it has, and `entries`, newest first, each with `number`, `url`, "
    "`posted`, `headline`, `text_html`, and `corrected` and `correction` where it was corrected.",
    "claims": "What is marked in the text, each with `number`, `id`, `claim`, `status`, `status_day` and `stands`. "
    'Marked words are `<a class="claim" href="#s3">`, 3 being the number.',
    "claims_url": "Everything about these claims, as JSON-LD.",
    "info_sources": "Who is behind the claims, each once: `name` and `role`, with `uri` of its page; of an unnamed "
    "source `literal`, its description. As infoSources of IPTC's ninjs 3.0, without ways to reach anybody.",
}
"""Every field at the top of a twin and what it holds."""


def article_twin(
    article: Article, body: Iterable[Block], claims: Sequence[ClaimNote] = (), entries: Sequence[LiveEntry] = ()
) -> bytes:
    """The twin of an article. `body` is the whole text, in one piece also where `article` is one part of it.

    `entries` are all of its live coverage, where its page shows the newest.
    """
    site = article.site
    fields = {
        "format": FORMAT,
        "version": VERSION,
        "id": article.article_id,
        "revision": article.revision,
        "url": _url(site, article.parts[0].path if article.parts else article.path),
        "parts": [_url(site, part.path) for part in article.parts],
        "paper": _paper(site),
        "language": site.language.code,
        "direction": site.language.direction,
        "kind": article.kind,
        "headline": article.headline,
        "short_headline": article.short_headline if article.short_headline != article.headline else "",
        "standfirst": article.standfirst,
        "section": _link(site, article.section),
        "bylines": [_byline(site, byline) for byline in article.bylines],
        "dateline": article.dateline,
        "published": write_moment(article.published),
        "updated": write_moment(article.updated) if article.updated else None,
        "modified": write_moment(article.modified),
        "photo": _printed(article.photo, site.base_url),
        "body": [_printed(block, site.base_url) for block in body],
        "word_count": article.word_count,
        "reading_minutes": article.reading_minutes,
        "tags": [_link(site, tag) for tag in article.tags],
        "topics": [_link(site, topic) for topic in article.topics],
        "corrections": [_dated(site, correction) for correction in article.corrections],
        "updates": [_dated(site, note) for note in article.updates],
        "translations": [_translation(site, other) for other in article.translations],
        "original": _link(site, article.original),
        "is_behind_original": article.is_behind_original or None,
        "source": article.source,
        "source_url": article.source_url,
        "licence": article.licence,
        "live": _live(site, article.live, entries) if article.live else None,
        "claims": [_claim(note) for note in claims],
        "claims_url": _url(site, article.claims_path) if claims else "",
        "info_sources": _info_sources(site, claims),
    }
    return msgspec.json.encode(_present(fields), order="sorted")


def _url(site: Site, path: str) -> str:
    return absolute(site.base_url, path)


def _paper(site: Site) -> dict[str, Any]:
    return {"name": site.name, "url": _url(site, site.language.front_path), "publisher": site.publisher}


def _link(site: Site, link: Link | None) -> dict[str, Any] | None:
    return {"label": link.label, "url": _url(site, link.path)} if link else None


def _byline(site: Site, byline: Byline) -> dict[str, Any]:
    url = _url(site, byline.path) if byline.path else None
    return _present({"name": byline.name, "kind": byline.kind, "url": url, "role": byline.role})


def _dated(site: Site, note: Correction | UpdateNote) -> dict[str, Any]:
    return {"date": note.date, "text_html": absolute_html(site.base_url, note.text_html)}


def _live(site: Site, live: Live, entries: Sequence[LiveEntry]) -> dict[str, Any]:
    ended = write_moment(live.ended) if live.ended else None
    return _present(
        {"started": write_moment(live.started), "ended": ended, "entries": [_live_entry(site, one) for one in entries]}
    )


def _live_entry(site: Site, entry: LiveEntry) -> dict[str, Any]:
    return _present(
        {
            "number": entry.number,
            "url": _url(site, entry.path),
            "posted": write_moment(entry.posted),
            "headline": entry.headline,
            "text_html": absolute_html(site.base_url, entry.text_html),
            "corrected": entry.corrected,
            "correction": entry.correction,
        }
    )


def _claim(note: ClaimNote) -> dict[str, Any]:
    last = note.history[-1] if note.history else None
    return {
        "number": note.number,
        "id": note.id,
        "claim": note.sentence,
        "status": last.status if last else "reported",
        "status_day": str(last.date if last else note.made),
        "stands": note.stands,
    }


def _info_sources(site: Site, claims: Sequence[ClaimNote]) -> list[dict[str, Any]]:
    """The sources of all chains, in the order in which they are met."""
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for link in (link for note in claims for link in note.chain):
        name = "name" if link.id else "literal"
        uri = _url(site, link.path) if link.path else ""
        found.setdefault((link.id, link.name, link.role), _present({name: link.name, "role": link.role, "uri": uri}))
    return list(found.values())


def _translation(site: Site, other: Translation) -> dict[str, Any]:
    return {"language": other.language.code, "headline": other.headline, "url": _url(site, other.path)}


def _printed(copy: Any, base_url: str) -> Any:
    """A copy value, or what it holds, in plain values as a twin prints them."""
    if type(copy) is Text:  # Most of a body, and most of the work.
        return {"kind": "text", "html": absolute_html(base_url, copy.html)}
    return _converted(msgspec.to_builtins(copy), base_url)


def _converted(value: Any, base_url: str) -> Any:
    if isinstance(value, dict):
        return {
            "url" if name == "path" else name: _field(name, inner, base_url)
            for name, inner in value.items()
            if (inner or inner == 0) and not name.endswith("_data_uri")
        }
    if isinstance(value, list | tuple):
        return [_converted(inner, base_url) for inner in value]
    return value


def _field(name: str, value: Any, base_url: str) -> Any:
    if not isinstance(value, str):
        return _converted(value, base_url) if isinstance(value, dict | list | tuple) else value
    if name == "path":
        return absolute(base_url, value)
    return absolute_html(base_url, value) if name == "html" or name.endswith("_html") else value


def _present(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if _is_something(value)}


def _is_something(value: Any) -> bool:
    """Whether there is one; False and 0 are something."""
    return bool(value) or value == 0
