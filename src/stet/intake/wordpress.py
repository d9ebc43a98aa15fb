"""A WordPress export becomes records, and whatever does not is accounted for.

The rules:
 * Posts become articles, pages static pages, authors people, attachments photos or files; old addresses lead there.
 * The first category of a post is its section. Its other categories become tags.
 * What was private, behind a password, damaged or without a date becomes a draft: an editor decides about it.
 * Comments, menus, and what was in the bin are left out, and counted.
 * Of authors only the names are taken that the old site showed: no e-mail address, no login.

It reads files and touches neither the database nor the clock.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import escape, unescape
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs, unquote

from stet.intake import records
from stet.intake.media_folder import MediaFolder, is_photo_name, original_name
from stet.intake.records import Loss
from stet.intake.report import LossReport
from stet.intake.slugs import clean_slug, free_slug
from stet.intake.web_addresses import file_name, split
from stet.intake.web_markup import plain_text
from stet.intake.web_text import Sources, blocks_of
from stet.intake.wxr import Element, Unreadable, open_wxr

KINDS = (
    ("article", "post"),
    ("photo", "attachment"),
    ("file", "attachment"),
    ("person", "author"),
    ("section", "category"),
)
"""The report uses WordPress's words."""

Status = Literal["live", "draft", "scheduled"]

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
_CREDIT = re.compile(
    r"(?:\bphotos?|\bimage|\bpicture|\bfoto|фото|عکس)\s*(?:by\b|credit\b)?\s*[:—–-]?\s+([^.;()\n]{2,100})",
    re.IGNORECASE,
)
_LICENCE = re.compile(r"public domain|creative commons|\bCC[ -](?:BY|0)|licen[cs]|лицензи|©", re.IGNORECASE)
_LONGEST_LICENCE = 255
_UNTITLED_WORDS = 8


def read_wordpress(
    path: Path, *, media: Path | None, language: str, languages: tuple[str, ...], now: datetime, report: LossReport
) -> records.Archive:
    """Everything in an export, and in the report whatever is left out of it.

    `language` is the one to place everything in; where it is empty, the export's own is taken if the paper has it.
    Raises ArchiveError where the file is no export or is unsafe.
    """
    wxr = open_wxr(path)
    channel = wxr.channel.fields
    reading = _Reading(
        report=report,
        folder=MediaFolder(media),
        now=now,
        base=channel.get("link", "").strip(),
        name=plain_text(channel.get("title", "")),
    )
    reading.language = language or _language(channel.get("language", ""), languages, report)
    if wxr.channel.damage:
        report.note(
            f"What stands before the first item is damaged: {wxr.channel.damage}. What could be read was taken."
        )
    for item in wxr.items:
        reading.sort(item)
    for note in wxr.notes:
        report.note(note)
    return reading.archive(wxr.channel.authors, wxr.channel.categories, wxr.channel.tags)


def _language(declared: str, languages: tuple[str, ...], report: LossReport) -> str:
    primary = declared.strip().replace("_", "-").split("-")[0].lower()
    found = next((language for language in languages if language.split("-")[0].lower() == primary), None)
    if found is None:
        told = f"in “{declared.strip()}”" if primary else "in no language it names"
        report.note(
            f"The export is {told}, which the paper does not print in: everything was placed in “{languages[0]}”."
        )
    return found or languages[0]


@dataclass(slots=True, kw_only=True)
class _Reading:
    """One export: its items by what they are, and how they refer to each other."""

    report: LossReport
    folder: MediaFolder
    now: datetime
    base: str
    name: str
    language: str = ""
    posts: dict[str, Element] = field(default_factory=dict)
    pages: dict[str, Element] = field(default_factory=dict)
    attachments: dict[str, Element] = field(default_factory=dict)
    media: dict[str, records.Media] = field(default_factory=dict)
    authors: dict[str, str] = field(default_factory=dict)
    """Login → name as it was shown."""
    by_name: dict[str, str] = field(default_factory=dict)
    by_path: dict[str, str] = field(default_factory=dict)

    # --- Sorting ---

    def sort(self, item: Element | Unreadable) -> None:
        """Keep an item that can be taken; account for any other at once."""
        if isinstance(item, Unreadable):
            where = f"“{item.title}”, line {item.line}"
            self.report.leave_out("unreadable item", f"line:{item.line}", item.title, item.reason, where)
            return
        kind, title = item.get("wp:post_type"), _title_of(item)
        for number in range(item.comments):
            source_id = f"comment:{item.get('wp:post_id')}:{number + 1}"
            self.report.leave_out("comment", source_id, title, "readers' comments are not taken", title)
        keep = {"post": self.posts, "page": self.pages, "attachment": self.attachments}.get(kind)
        identity = _identity(item)
        if keep is None:
            self._leave_out(kind, identity, title, item)
        elif item.get("wp:status") in _BINNED:
            self.report.leave_out(kind, identity, title, "in the bin, or never saved", title)
        elif identity in keep:
            self.report.leave_out(
                kind, identity, title, "has the number of an earlier one", f"{title}, line {item.line}"
            )
        else:
            keep[identity] = item

    def _leave_out(self, kind: str, identity: str, title: str, item: Element) -> None:
        where = f"“{title}”, line {item.line}"
        if not kind:
            self.report.leave_out("unreadable item", identity, title, "the field wp:post_type is missing", where)
            return
        name, reason = _LEFT_OUT_TYPES.get(kind, (kind, "a kind of item that only the old site knows"))
        self.report.leave_out(name, identity, title, reason, title)

    def archive(
        self, authors: tuple[Element, ...], categories: tuple[Element, ...], tags: tuple[Element, ...]
    ) -> records.Archive:
        """The records, once all items are sorted."""
        self._index()
        self._know_authors(authors)
        sections = self._first_categories()
        articles = tuple(self._article(identity, item) for identity, item in self.posts.items())
        pages = tuple(self._page(identity, item) for identity, item in self.pages.items())
        kept_tags = (*self._tags(tags), *self._categories_as_tags(categories, sections))
        return records.Archive(
            source=f"wordpress:{split(self.base).hostname or 'unknown'}",
            name=self.name,
            kinds=KINDS,
            media=tuple(self.media.values()),
            people=tuple(self._people()),
            sections=tuple(self._sections(categories, sections)),
            tags=kept_tags,
            articles=articles,
            pages=pages,
            redirects=tuple(self._redirects((*articles, *pages))),
        )

    def _index(self) -> None:
        for identity, item in self.attachments.items():
            record = self._media(identity, item)
            self.media[identity] = record
            if record.path is not None:
                address = item.get("wp:attachment_url") or item.get("guid")
                self.by_name.setdefault(original_name(file_name(address)).lower(), identity)
        for kind, items in (("article", self.posts), ("page", self.pages)):
            for identity, item in items.items():
                if path := _path(item.get("link")):
                    self.by_path.setdefault(path, f"{kind}:{identity}")

    # --- Files ---

    def _media(self, identity: str, item: Element) -> records.Media:
        address = item.get("wp:attachment_url") or item.get("guid")
        losses: list[Loss] = []
        path = self.folder.find(address)
        name = file_name(address)
        if path is None:
            reason = (
                "not found in the folder of media" if self.folder.is_given else "no folder of media was named (--media)"
            )
            losses.append(Loss(reason=reason, detail=name))
        caption, description = plain_text(item.get("excerpt:encoded")), plain_text(item.get("content:encoded"))
        alt = plain_text(dict(item.meta).get("_wp_attachment_image_alt", ""))
        title = plain_text(item.get("title")) or name
        is_photo = is_photo_name(name)
        licence = description if _LICENCE.search(description) and len(description) <= _LONGEST_LICENCE else ""
        caption, description = caption or ("" if licence else description), description
        if path and description not in ("", caption, licence):
            losses.append(Loss(reason="description of a file dropped: only its caption is kept", detail=description))
        if path and is_photo and not alt:
            losses.append(
                Loss(
                    reason="a photo without an alternative text: its caption or title stands in its place", detail=name
                )
            )
        credit = _CREDIT.search(f"{caption}\n{description}")
        return records.Media(
            source_id=f"media:{identity}",
            file_name=name,
            path=path,
            title=title,
            credit=credit[1].strip() if credit else "",
            licence=licence,
            words=(records.Words(language=self.language, alt=alt or caption or title, caption=caption),),
            is_photo=is_photo,
            losses=tuple(losses),
        )

    def _photo(self, address: str, number: str) -> str | None:
        """A photo in a text: by its number, by the name of an attachment, or straight from the folder."""
        by_number = self.media.get(number)
        if by_number and by_number.path and by_number.is_photo:
            return by_number.source_id
        identity = self.by_name.get(original_name(file_name(address)).lower())
        if identity and self.media[identity].is_photo:
            return self.media[identity].source_id
        path = self.folder.find(address) if is_photo_name(file_name(address)) else None
        return self._unlisted(path) if path else None

    def _unlisted(self, path: str) -> str:
        """A file of the folder that no attachment names, but a text shows."""
        name = self.folder.name(path)
        source_id = f"media:file:{name}"
        self.media.setdefault(
            source_id,
            records.Media(
                source_id=source_id,
                file_name=Path(path).name,
                path=path,
                title=Path(path).stem,
                kind="picture in a text",
            ),
        )
        return source_id

    def _file(self, address: str) -> str | None:
        identity = self.by_name.get(file_name(address).lower())
        if identity and not self.media[identity].is_photo:
            return self.media[identity].source_id
        return None

    def _gallery(self, numbers: str) -> tuple[str, ...]:
        found = (self._photo("", number) for number in re.findall(r"\d+", numbers))
        return tuple(media for media in found if media)

    def _attached(self, identity: str) -> tuple[str, ...]:
        """The photos that WordPress shows in a gallery without numbers: those uploaded with the post."""
        found = [
            (int(item.get("wp:menu_order") or 0) if item.get("wp:menu_order").isdigit() else 0, number)
            for number, item in self.attachments.items()
            if item.get("wp:post_parent") == identity and self.media[number].path and self.media[number].is_photo
        ]
        return tuple(f"media:{number}" for _order, number in sorted(found, key=lambda one: (one[0], one[1].zfill(12))))

    def _caption(self, source_id: str) -> str:
        record = self.media.get(source_id.removeprefix("media:"))
        return record.words[0].caption if record and record.words else ""

    def _sources(self, identity: str) -> Sources:
        return Sources(
            photo=self._photo,
            file=self._file,
            link=self._link,
            gallery=self._gallery,
            caption=self._caption,
            attached=self._attached(identity),
        )

    def _link(self, address: str) -> str:
        """A link to the old site's own page becomes a link to the record made of it."""
        is_within = address.startswith("/") and not address.startswith("//")
        absolute = self.base.rstrip("/") + address if is_within else address
        parts = split(absolute)
        if not parts.hostname or parts.hostname != split(self.base).hostname:
            return address
        number = next(iter(parse_qs(parts.query).get("p", []) + parse_qs(parts.query).get("page_id", [])), "")
        for kind, items in (("article", self.posts), ("page", self.pages)):
            if number in items:
                return f"{records.RECORD_LINK}{kind}:{number}"
        target = self.by_path.get(_path(absolute)) if not parts.query else None
        return records.RECORD_LINK + target if target else absolute

    # --- Articles and pages ---

    def _article(self, identity: str, item: Element) -> records.Article:
        losses: list[Loss] = []
        status, published, go_live = self._state(item, losses)
        title = self._headline(item, losses)
        categories = _terms(item, "category")
        body, body_losses = blocks_of(item.get("content:encoded"), self._sources(identity))
        photo = self._lead_photo(item, losses)
        self._note_extras(item, categories, losses)
        slug = clean_slug(item.get("wp:post_name"), instead=title)
        return records.Article(
            source_id=f"article:{identity}",
            key=identity,
            language=self.language,
            slug=slug,
            headline=title,
            standfirst=plain_text(item.get("excerpt:encoded")),
            section=f"section:{categories[0][0]}" if categories else None,
            bylines=(_person_id(_login(item)),) if _login(item) in self.authors else (),
            published=published,
            modified=_moment(item.get("wp:post_modified_gmt")),
            photo=photo,
            tags=_tags(item, categories),
            status=status,
            go_live=go_live,
            body=_without_lead(body, photo),
            losses=(*losses, *body_losses),
        )

    def _page(self, identity: str, item: Element) -> records.Page:
        losses: list[Loss] = []
        status, published, go_live = self._state(item, losses)
        title = self._headline(item, losses)
        body, body_losses = blocks_of(item.get("content:encoded"), self._sources(identity))
        if item.get("wp:post_parent") not in ("", "0"):
            losses.append(Loss(reason="stood below another page: pages stand beside each other", detail=title))
        if item.get("wp:post_password") == "" and item.get("excerpt:encoded"):
            losses.append(Loss(reason="excerpt of a page dropped", detail=title))
        photo = self._lead_photo(item, losses)
        lead: tuple[records.Block, ...] = (records.Photo(media=photo),) if photo else ()
        return records.Page(
            source_id=f"page:{identity}",
            key=identity,
            language=self.language,
            slug=clean_slug(item.get("wp:post_name"), instead=title),
            title=title,
            published=published,
            status=status,
            go_live=go_live,
            is_in_menus=False,
            body=lead + _without_lead(body, photo),
            losses=(*losses, *body_losses),
        )

    def _state(self, item: Element, losses: list[Loss]) -> tuple[Status, datetime | None, datetime | None]:
        """(status, when it was published, when it is to go live)."""
        title = _title_of(item)
        published = self._published(item, losses)
        status = item.get("wp:status")
        for is_so, reason in (
            (bool(item.damage), f"{item.damage}: it is a draft now, to be looked at"),
            (not status, "the field wp:status is missing: it is a draft now"),
            (bool(item.get("wp:post_password")), "was behind a password: it is a draft now"),
            (status == "private", "was private: it is a draft now"),
            (status == "pending", "was waiting for review: it is a draft now"),
            (
                status not in ("", "publish", "future", "draft", "private", "pending"),
                f"had the status “{status}”: it is a draft now",
            ),
            (status in ("publish", "future") and published is None, "has no date: it is a draft now"),
        ):
            if is_so:
                losses.append(Loss(reason=reason, detail=title))
                return "draft", published, None
        if status == "draft" or published is None:
            return "draft", published, None
        if published > self.now:
            return "scheduled", None, published
        if status == "future":
            losses.append(
                Loss(
                    reason="its scheduled hour passed without WordPress publishing it: it is a draft now", detail=title
                )
            )
            return "draft", None, None
        return "live", published, None

    def _published(self, item: Element, losses: list[Loss]) -> datetime | None:
        if moment := _moment(item.get("wp:post_date_gmt")):
            return moment
        if moment := _rfc_moment(item.get("pubDate")):
            return moment
        local = _moment(item.get("wp:post_date"))
        if local and item.get("wp:status") != "draft":
            losses.append(Loss(reason="its date has no time zone: it was read as UTC", detail=item.get("wp:post_date")))
        return local

    def _headline(self, item: Element, losses: list[Loss]) -> str:
        raw = item.get("title")
        title = plain_text(raw)
        if re.search(r"<[a-zA-Z/]", raw):
            losses.append(Loss(reason="marks inside a headline dropped", detail=raw))
        if title:
            return title
        words = plain_text(re.sub(r"\[[^\]]*\]", " ", item.get("content:encoded"))).split()
        losses.append(
            Loss(
                reason="has no title: its first words stand in its place",
                detail=item.get("link") or f"line {item.line}",
            )
        )
        return (
            " ".join(words[:_UNTITLED_WORDS]) + ("…" if len(words) > _UNTITLED_WORDS else "") if words else "Untitled"
        )

    def _lead_photo(self, item: Element, losses: list[Loss]) -> str | None:
        number = dict(item.meta).get("_thumbnail_id", "").strip()
        if not number or number == "0":
            return None
        media = self._photo("", number)
        if media is None:
            known = self.media.get(number)
            losses.append(
                Loss(reason="lead photo not found among the files", detail=known.file_name if known else number)
            )
        return media

    def _note_extras(self, item: Element, categories: list[tuple[str, str]], losses: list[Loss]) -> None:
        title = _title_of(item)
        if not categories:
            losses.append(Loss(reason="has no category: it stands in the section “News”", detail=title))
        if len(categories) > 1:
            reason = "more than one category: the first is its section, the others became tags"
            losses.append(Loss(reason=reason, detail=", ".join(name for _slug, name in categories)))
        if item.get("wp:is_sticky") == "1":
            losses.append(Loss(reason="was kept on top: place it on the front in the desk", detail=title))
        for domain, slug, _name in item.categories:
            if domain == "post_format":
                losses.append(Loss(reason="post format dropped", detail=slug.removeprefix("post-format-")))
            elif domain not in ("category", "post_tag"):
                losses.append(Loss(reason="term of another kind dropped", detail=f"{domain}: {slug}"))
        if _login(item) not in self.authors:
            losses.append(
                Loss(reason="its author is not among the authors of the export: it has no byline", detail=title)
            )

    # --- People, sections, tags ---

    def _know_authors(self, authors: tuple[Element, ...]) -> None:
        """Keep the authors who wrote something and have a name that was shown."""
        writing = {_login(item) for item in self.posts.values()}
        for author in authors:
            login, name = author.get("wp:author_login"), _author_name(author)
            source_id = _person_id(login)
            if not login or not name or login in self.authors:
                self.report.leave_out(
                    "author", source_id, name or "an author", "named twice, or has no name that was shown"
                )
            elif login not in writing:
                self.report.leave_out("author", source_id, name, "wrote no article in this export", name)
            else:
                self.authors[login] = name

    def _people(self) -> Iterator[records.Person]:
        slugs: set[str] = set()
        for login, name in self.authors.items():
            slug = free_slug(clean_slug(name, instead="author"), is_free=lambda one: one not in slugs)
            slugs.add(slug)
            source_id = _person_id(login)
            yield records.Person(source_id=source_id, key=source_id, language=self.language, slug=slug, name=name)

    def _first_categories(self) -> dict[str, str]:
        """Slug → name of the categories that are some post's first."""
        firsts: dict[str, str] = {}
        for item in self.posts.values():
            for slug, name in _terms(item, "category")[:1]:
                firsts.setdefault(slug, name)
        return firsts

    def _sections(self, categories: tuple[Element, ...], firsts: dict[str, str]) -> Iterator[records.Section]:
        known = {unquote(category.get("wp:category_nicename")): category for category in reversed(categories)}
        for slug, name in firsts.items():
            found = known.get(slug)
            losses = []
            if found and (parent := found.get("wp:category_parent")):
                reason = "stood below another category: sections stand beside each other"
                losses.append(Loss(reason=reason, detail=f"{parent} / {name}"))
            description = plain_text(found.get("wp:category_description")) if found else ""
            yield records.Section(
                source_id=f"section:{slug}",
                key=slug,
                language=self.language,
                slug=clean_slug(slug, instead=name),
                title=unescape(found.get("wp:cat_name")) if found and found.get("wp:cat_name") else name,
                intro=f"<p>{escape(description, quote=False)}</p>" if description else "",
                losses=tuple(losses),
            )

    def _categories_as_tags(self, categories: tuple[Element, ...], firsts: dict[str, str]) -> Iterator[records.Tag]:
        """Categories that are nowhere first; those that are nowhere at all are accounted for here."""
        used = {slug: name for item in self.posts.values() for slug, name in _terms(item, "category")}
        known: set[str] = set()
        for category in categories:
            slug = unquote(category.get("wp:category_nicename"))
            name = used.get(slug) or unescape(category.get("wp:cat_name")) or slug
            if slug in known:
                self.report.leave_out("category", f"section:{slug}", name, "named twice", name)
            elif slug not in used:
                self.report.leave_out("category", f"section:{slug}", name, "no post is in it", name)
            elif slug not in firsts:
                loss = Loss(reason="no post's first category: it became a tag", detail=name)
                yield records.Tag(source_id=f"section:{slug}", name=name, kind="category", losses=(loss,))
            known.add(slug)

    def _tags(self, tags: tuple[Element, ...]) -> Iterator[records.Tag]:
        used = {slug: name for item in self.posts.values() for slug, name in _terms(item, "post_tag")}
        for tag in tags:
            slug = unquote(tag.get("wp:tag_slug"))
            name = unescape(tag.get("wp:tag_name")) or slug
            if slug in used:
                yield records.Tag(source_id=f"tag:{slug}", name=used[slug])
            else:
                self.report.leave_out("tag", f"tag:{slug}", name, "no post has it", name)

    # --- Old addresses ---

    def _redirects(self, placed: Iterable[records.Article | records.Page]) -> Iterator[records.Redirect]:
        seen: set[str] = set()
        for record in placed:
            if record.status != "live":
                continue
            item = (self.posts if isinstance(record, records.Article) else self.pages)[
                record.source_id.split(":", 1)[1]
            ]
            link = item.get("link")
            path = _path(link)
            if not path or path == "/" or path in seen:
                reason = (
                    "an address with a question mark cannot lead on in a printed edition" if split(link).query
                    else "another page had the same address" if path in seen
                    else "the field link is missing, or names the front"
                )  # fmt: skip
                name = link or _title_of(item)
                self.report.leave_out("old address", f"address:{record.source_id}", name, reason, name)
                continue
            seen.add(path)
            yield records.Redirect(source_id=f"address:{path}", old_path=path, target=record.source_id)


def _identity(item: Element) -> str:
    """The item's number; where it is missing, a digest of its address or title."""
    number = item.get("wp:post_id")
    if number:
        return number
    return hashlib.sha256((item.get("guid") or item.get("link") or item.get("title")).encode()).hexdigest()[:16]


def _title_of(item: Element) -> str:
    return plain_text(item.get("title")) or item.get("wp:post_name") or item.get("link") or f"line {item.line}"


def _path(link: str) -> str:
    """The path of an old address, decoded; empty where it has a query, or no path."""
    parts = split(link)
    if parts.query or not parts.path:
        return ""
    return re.sub(r"/+", "/", unquote(parts.path))


def _moment(raw: str) -> datetime | None:
    """A date as WordPress writes it, in UTC; None for its zero date."""
    try:
        return datetime.strptime(raw, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def _rfc_moment(raw: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(raw)
    except (ValueError, TypeError):
        return None
    return moment.astimezone(UTC) if moment.tzinfo and moment.year > 1 else None


def _terms(item: Element, domain: str) -> list[tuple[str, str]]:
    """(slug, name) of an item's categories or tags, each once."""
    found = {
        unquote(slug) or clean_slug(name, instead=""): unescape(name)
        for kind, slug, name in item.categories
        if kind == domain
    }
    return [(slug, name or slug) for slug, name in found.items()]


def _tags(item: Element, categories: list[tuple[str, str]]) -> tuple[str, ...]:
    names = [name for _slug, name in _terms(item, "post_tag")] + [name for _slug, name in categories[1:]]
    return tuple({name.casefold(): name for name in reversed(names)}.values())[::-1]


def _login(item: Element) -> str:
    """Who wrote it, as the export's authors are called; some exports leave a stray sign before it."""
    return item.get("dc:creator").lstrip("<> ")


def _person_id(login: str) -> str:
    return "person:" + hashlib.sha256(f"stet.intake.author\n{login}".encode()).hexdigest()[:24]


def _author_name(author: Element) -> str:
    full = " ".join(part for part in (author.get("wp:author_first_name"), author.get("wp:author_last_name")) if part)
    return plain_text(author.get("wp:author_display_name")) or plain_text(full)


def _without_lead(body: tuple[records.Block, ...], photo: str | None) -> tuple[records.Block, ...]:
    """A lead photo that stands again at the beginning of the text is shown once."""
    if photo and body and isinstance(body[0], records.Photo) and body[0].media == photo:
        return body[1:]
    return body
