"""A WordPress export becomes records, and whatever does not is accounted for.

The rules:
 * Posts become articles, pages static pages, authors people, attachments photos or files; old addresses lead there.
 * Categories become sections or tags.
 * Comments, menus, and what was in the bin are left out, and counted.
 * Of authors only the names are taken that the old site showed: no e-mail address, no login.

It reads files and touches neither the database nor the clock.
"""

from datetime import datetime
from pathlib import Path

from stet.intake import records
from stet.intake.media_folder import MediaFolder
from stet.intake.report import LossReport
from stet.intake.web_addresses import split
from stet.intake.web_markup import plain_text
from stet.intake.wordpress_addresses import OldAddresses
from stet.intake.wordpress_articles import Surroundings, article_of, page_of
from stet.intake.wordpress_items import Items
from stet.intake.wordpress_media import Attachments
from stet.intake.wordpress_people import authors_of, people_of
from stet.intake.wordpress_terms import Terms
from stet.intake.wxr import Channel, open_wxr

KINDS = (
    ("article", "post"),
    ("photo", "attachment"),
    ("file", "attachment"),
    ("person", "author"),
    ("section", "category"),
)
"""The report uses WordPress's words."""


def read_wordpress(
    path: Path, *, media: Path | None, language: str, languages: tuple[str, ...], now: datetime, report: LossReport
) -> records.Archive:
    """Everything in an export, and in the report whatever is left out of it.

    `language` is the one to place everything in; where it is empty, the export's own is taken if the paper has it.
    Raises ArchiveError where the file is no export or is unsafe.
    """
    wxr = open_wxr(path)
    folder = MediaFolder(media)
    language = language or _language(wxr.channel.fields.get("language", ""), languages, report)
    if damage := wxr.channel.damage:
        report.note(f"What stands before the first item is damaged: {damage}. What could be read was taken.")
    items = Items(report=report)
    for item in wxr.items:
        items.sort(item)
    for note in wxr.notes:
        report.note(note)
    return _archive(wxr.channel, items, folder, language=language, now=now)


def _language(declared: str, languages: tuple[str, ...], report: LossReport) -> str:
    primary = declared.strip().replace("_", "-").split("-")[0].lower()
    found = next((language for language in languages if language.split("-")[0].lower() == primary), None)
    if found is None:
        told = f"in “{declared.strip()}”" if primary else "in no language it names"
        report.note(
            f"The export is {told}, which the paper does not print in: everything was placed in “{languages[0]}”."
        )
    return found or languages[0]


def _archive(channel: Channel, items: Items, folder: MediaFolder, *, language: str, now: datetime) -> records.Archive:
    """The records, once all items are sorted."""
    base = channel.fields.get("link", "").strip()
    around = Surroundings(
        attachments=Attachments(items.attachments, folder, language=language),
        addresses=OldAddresses(items, base=base),
        authors=authors_of(channel.authors, items.posts.values(), items.report),
        language=language,
        now=now,
    )
    terms = Terms(items, channel.categories, channel.tags)
    articles = tuple(article_of(number, item, around) for number, item in items.posts.items())
    pages = tuple(page_of(number, item, around) for number, item in items.pages.items())
    return records.Archive(
        source=f"wordpress:{split(base).hostname or 'unknown'}",
        name=plain_text(channel.fields.get("title", "")),
        kinds=KINDS,
        media=tuple(around.attachments.records.values()),
        people=tuple(people_of(around.authors, language=language)),
        sections=tuple(terms.sections(language=language)),
        tags=tuple(terms.tags(items.report)),
        articles=articles,
        pages=pages,
        redirects=tuple(around.addresses.redirects((*articles, *pages), items.report)),
    )
