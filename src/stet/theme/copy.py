"""The copy contract: every value a template may read.

The rules:
 * Copy is frozen: a template gets values, never rows, and can ask nobody for more.
 * `None` (or an empty tuple, or "") means "there is none"; a template leaves the place out.
 * Text is plain and gets escaped; only fields whose name ends in `_html` hold clean HTML, safe to print as it is.
 * A path begins with "/" and stands inside the edition; a field whose name ends in `_url` is absolute.
 * A moment is an aware UTC datetime; `theme` writes it in the site's time zone and the page's language.

Each class that a template is set from carries the template's name in `TEMPLATE`. Nothing here imports Django.
"""

from datetime import date, datetime, time
from decimal import Decimal
from typing import ClassVar, Literal

import msgspec

UNSUBSCRIBE_URL = "https://stet.invalid/unsubscribe"
"""Marks in a mail where a reader's own links stand. The name is reserved (RFC 2606), so no such address can exist."""
MANAGE_URL = "https://stet.invalid/manage"


class Copy(msgspec.Struct, frozen=True, kw_only=True):
    """What all copy has in common: it is frozen, compared by value, and named field by field."""


# --- Parts that stand inside pages ---


class Link(Copy, frozen=True, kw_only=True):
    """A label and where it leads."""

    label: str
    """What is shown."""
    path: str
    """Where it leads."""


class Language(Copy, frozen=True, kw_only=True):
    """One language of the paper, with the front that opens it."""

    code: str
    """BCP 47 code, such as "en"."""
    name: str
    """The language's name in itself, such as "Русский"."""
    direction: Literal["ltr", "rtl"]
    """Which way its script runs."""
    front_path: str
    """The front in that language."""
    is_current: bool = False
    """True for the language of the page at hand."""


class PhotoFile(Copy, frozen=True, kw_only=True):
    """One rendered file of a photo."""

    path: str
    """Where the file stands."""
    media_type: str
    """Such as "image/avif"."""
    width: int
    """In pixels."""
    height: int
    """In pixels."""
    bytes: int
    """The file's size."""


class Photo(Copy, frozen=True, kw_only=True):
    """A photo as it is printed: rendered files, smallest width first, and the words that belong to it."""

    alt: str
    """What the photo shows, for those who don't see it."""
    credit: str
    """Whose photo it is; shown wherever the photo is shown large."""
    caption_html: str = ""
    """The caption, one line of clean HTML."""
    width: int
    """Pixels of the largest rendered file; with `height` it gives the aspect ratio."""
    height: int
    """Pixels of the largest rendered file."""
    files: tuple[PhotoFile, ...]
    """All files; AVIF, WebP and JPEG, each width ascending."""
    thumb_data_uri: str = ""
    """A 160 px AVIF of at most 1.5 KB as a data: URI; stands in the page, costs no request."""
    inline_data_uri: str = ""
    """A 320 px AVIF of at most 3 KB as a data: URI; stands in the page, costs no request."""
    colour: str = "#888888"
    """The photo's mean colour, for the moment before it is there."""
    focus: str = ""
    """What must stay in sight where a list cuts the photo: CSS's object-position, such as "30% 20%"; or empty."""

    def file(self, media_type: str, width: int) -> PhotoFile | None:
        """The smallest file of that type at least `width` wide, else the widest of that type, else None."""
        fits = [f for f in self.files if f.media_type == media_type]
        return next((f for f in fits if f.width >= width), fits[-1] if fits else None)

    @property
    def largest_jpeg(self) -> PhotoFile | None:
        """What other programs are given: OpenGraph, JSON-LD, feeds."""
        return self.file("image/jpeg", 10_000)


class Byline(Copy, frozen=True, kw_only=True):
    """One author as printed. A withheld byline has a label and no path."""

    name: str
    """As it is printed."""
    path: str | None = None
    """The person's page; None where the byline is withheld."""
    kind: Literal["name", "pen_name", "withheld"] = "name"
    """Whether it is a name, a pen name or withheld."""
    role: str = ""
    """What the person did here, such as "photos"; empty for writing."""


class Teaser(Copy, frozen=True, kw_only=True):
    """An article as it shows in lists."""

    article_id: int
    """The article's number; the same in lists and on its own page."""
    path: str
    """The article."""
    headline: str
    """The headline."""
    short_headline: str
    """The short headline, or the headline where there is none."""
    standfirst: str
    """The sentence or two under the headline."""
    kind: str
    """One of KINDS."""
    section: Link | None
    """The section it stands in."""
    bylines: tuple[Byline, ...]
    """Who made it, in the order to print."""
    dateline: str
    """The place it was written from."""
    published: datetime
    """The first publication."""
    updated: datetime | None
    """Where the editors said that it was updated."""
    language: str
    """BCP 47 code of the text."""
    photo: Photo | None
    """Without the inline image, except where a page says otherwise."""


KINDS = ("news", "feature", "analysis", "opinion", "interview", "explainer", "live")


class Translation(Copy, frozen=True, kw_only=True):
    """The same article in another language."""

    language: Language
    """The language."""
    path: str
    """The article in it."""
    headline: str
    """Its headline in that language."""


class Correction(Copy, frozen=True, kw_only=True):
    """A dated correction: what was wrong, what is right. Or a claim that no longer stands."""

    date: date
    """The day it was made."""
    text_html: str
    """What was wrong and what is right; clean HTML."""
    article: Link | None = None
    """The article corrected; None when shown on that article itself, and for a claim."""
    claim: str = ""
    """The claim that was corrected or withdrawn, in one sentence; empty for a correction of an article."""
    status: str = ""
    """What became of the claim: "corrected" or "withdrawn"."""
    articles: tuple[Link, ...] = ()
    """The articles in which the claim stands, oldest first."""


class UpdateNote(Copy, frozen=True, kw_only=True):
    """A dated note on what was added to an article after it was published."""

    date: date
    """The day it was added."""
    text_html: str
    """What was added; clean HTML."""


# --- Claims: who says what is printed here ---


class ClaimSource(Copy, frozen=True, kw_only=True):
    """Who or what hands a claim on: a link of its chain."""

    name: str
    """Its name; of an unnamed source the description that readers may see."""
    kind: str = "unnamed"
    """One of person, body, outlet, document, dataset, own_reporting, unnamed."""
    id: str = ""
    """Its own name for machines: an UUID; empty for an unnamed source."""
    role: str = ""
    """Its role when it spoke."""
    interest: str = ""
    """Its side, such as "party to the conflict"."""
    path: str | None = None
    """Its page; None where it has none, and always for an unnamed source."""
    verb: str = "said"
    """One of said, told, cited, published, signed, leaked, confirmed, denied, predicted, declined, other."""
    addressee: str = "unknown"
    """To whom it was said: public, us, outlet, unknown."""
    said_on: date | None = None
    """When it was said."""


class ClaimStatus(Copy, frozen=True, kw_only=True):
    """What became of a claim on a day."""

    status: str
    """reported, purported, corroborated, officially_confirmed, disputed, denied, corrected, withdrawn or superseded."""
    date: date
    """The day."""
    note: str = ""
    """What readers are told about it."""
    by: str = ""
    """Who confirmed or denied it."""


class ClaimEvidence(Copy, frozen=True, kw_only=True):
    """Public evidence for a claim."""

    title: str
    """What it is."""
    target: str = ""
    """A path to the printed file, or an absolute address; empty where there is neither."""
    sha256: str = ""
    """The digest of the file that readers get, or of what was captured, in hexadecimal."""
    captured: str = ""
    """The day it was captured, "2026-11-20"."""
    authenticity: str = "seen"
    """One of seen, purported, verified."""
    verified_by: str = ""
    """Who verified it."""


class ClaimValue(Copy, frozen=True, kw_only=True):
    """What a claim says is so, where that can be compared with others."""

    low: Decimal | None = None
    """The lowest number."""
    best: Decimal | None = None
    """The number."""
    high: Decimal | None = None
    """The highest number."""
    unit: str = ""
    """Of the numbers, such as "people"."""
    day: date | None = None
    """A day that is claimed."""
    yes: bool | None = None
    """Yes or no, where that is claimed."""
    text: str = ""
    """The value in words."""


class OtherClaim(Copy, frozen=True, kw_only=True):
    """What others say: a claim that stands against one, or answers it."""

    relation: str
    """How it stands to the claim: contradicts, narrows, updates, answers."""
    sentence: str
    """The claim in one sentence."""
    language: str
    """BCP 47 code of the sentence."""
    chain: tuple[ClaimSource, ...]
    """Who says so, citing whom."""
    status: str
    """Its status today."""


class ClaimNote(Copy, frozen=True, kw_only=True):
    """A claim as readers see it: who says so, citing whom, and what became of it."""

    id: str
    """Its own name for machines: an UUID that never changes."""
    number: int = 0
    """Its number in the article, counted through all parts; 0 outside of articles."""
    marks: tuple[str, ...] = ()
    """The anchors of the marked words on this page, in order."""
    sentence: str
    """The claim in one sentence."""
    language: str
    """BCP 47 code of the sentence; another than the page's where nobody translated it."""
    chain: tuple[ClaimSource, ...]
    """Who says so, then whom that one cites, to the furthest source named."""
    as_of: date | None = None
    """The day that the claim speaks of."""
    made: date
    """The day it was first recorded."""
    place: str = ""
    """Where it is claimed to be so."""
    value: ClaimValue | None = None
    """What can be compared; None where the claim gives no value."""
    speech_act: str = "asserts"
    """One of asserts, denies, predicts, declines, sees_no_signs."""
    modality: str = "flat"
    """How the printed words hedge it: flat, reportedly, purportedly."""
    history: tuple[ClaimStatus, ...]
    """Everything that became of it, oldest first; the last is its status today."""
    stands: bool = True
    """False once it was corrected, withdrawn or superseded."""
    has_changed: bool = False
    """Whether its status changed after the article was last published."""
    roots: int = 0
    """From how many independent sources it and all that agree with it come; 0 where it stands alone."""
    others: tuple[OtherClaim, ...] = ()
    """What others say against it."""
    question: Link | None = None
    """The page with all claims that answer the same question."""
    evidence: tuple[ClaimEvidence, ...] = ()
    """Public evidence."""
    articles: tuple[Link, ...] = ()
    """Where it stands, oldest first; on pages of questions and sources."""
    first_path: str = ""
    """The story in which it stood first, in whatever language; in articles."""
    verdict: str = ""
    """The paper's own finding: accurate, partly, misleading, false, unproven; empty where it has none."""
    verdict_text: str = ""
    """Why the paper finds so."""
    is_short: bool = False
    """True on a page that would be too heavy: what others say and evidence are left to the file for machines."""
    relations: tuple[tuple[str, str], ...] = ()
    """(relation, id of the other claim), for machines."""


# --- Body blocks, in the order an editor meets them. `kind` names the template's macro. ---


class Text(Copy, frozen=True, kw_only=True, tag_field="kind", tag="text"):
    """Paragraphs and lists: <p>, <ul>, <ol>, <li>, <b>, <i>, <s>, <sup>, <sub>, <a>, <br>, <code>."""

    html: str
    """Clean HTML of whole paragraphs and lists."""


class Subhead(Copy, frozen=True, kw_only=True, tag_field="kind", tag="subhead"):
    """A heading inside the article. `level` is 2 or 3; `anchor` is unique in the article."""

    text: str
    """The heading's words."""
    level: int
    """2 or 3."""
    anchor: str
    """For its `id`."""


class PhotoBlock(Copy, frozen=True, kw_only=True, tag_field="kind", tag="photo"):
    """One photo in the text. `size` is how wide it stands."""

    photo: Photo
    """The photo."""
    size: Literal["column", "wide"] = "column"
    """"column" is as wide as the text, "wide" reaches into the margins."""


class Gallery(Copy, frozen=True, kw_only=True, tag_field="kind", tag="gallery"):
    """Several photos, in order; each loads lazily."""

    title: str
    """Its heading."""
    photos: tuple[Photo, ...]
    """In order, at least one."""


class PullQuote(Copy, frozen=True, kw_only=True, tag_field="kind", tag="pull_quote"):
    """Words lifted out of the text."""

    text: str
    """The words."""
    attribution: str = ""
    """Whose words they are."""


class Quotation(Copy, frozen=True, kw_only=True, tag_field="kind", tag="quotation"):
    """A longer passage somebody else said or wrote."""

    text_html: str
    """The passage, clean HTML of paragraphs."""
    attribution: str = ""
    """Whose words they are."""
    source_url: str = ""
    """Where they were said or written."""


class Table(Copy, frozen=True, kw_only=True, tag_field="kind", tag="table"):
    """A table. `head` is empty where the first row is no heading. Cells are plain text."""

    caption: str
    """The table's heading."""
    head: tuple[str, ...]
    """The cells of the heading row."""
    rows: tuple[tuple[str, ...], ...]
    """Row by row; each has as many cells as the others."""
    first_column_is_head: bool = False
    """True where the first cell of each row names the row."""
    source: str = ""
    """Where the figures come from."""


class FactBox(Copy, frozen=True, kw_only=True, tag_field="kind", tag="fact_box"):
    """A box beside the story."""

    title: str
    """Its heading."""
    html: str
    """Clean HTML of paragraphs and lists."""


class TimelineEntry(Copy, frozen=True, kw_only=True):
    """One moment of a timeline. `when` is written as the editor wrote it; `date` sorts and may be unknown."""

    when: str
    """The moment in the editor's words."""
    date: date | None
    """The day, where it is known."""
    title: str
    """What happened, in a few words; may be empty."""
    html: str
    """More about it; clean HTML of paragraphs."""
    article: Link | None = None
    """The article that tells it."""


class Timeline(Copy, frozen=True, kw_only=True, tag_field="kind", tag="timeline"):
    """Moments in order."""

    title: str
    """Its heading."""
    entries: tuple[TimelineEntry, ...]
    """In order."""


class Embed(Copy, frozen=True, kw_only=True, tag_field="kind", tag="embed"):
    """Something on another site, as a still card: it says what it is and links there, and loads nothing."""

    target_url: str
    """Where the thing stands on the other site."""
    site: str
    """The other site's name."""
    title: str
    """What it is called there."""
    author: str = ""
    """Who made it."""
    text: str = ""
    """Words of it, as the editors quote them."""
    photo: Photo | None = None
    """A still picture that the editors took from it."""


class Document(Copy, frozen=True, kw_only=True, tag_field="kind", tag="document"):
    """A file to download."""

    title: str
    """Its heading."""
    path: str
    """Where the file stands."""
    media_type: str
    """Such as "application/pdf"."""
    size_bytes: int
    """The file's size."""


class Audio(Copy, frozen=True, kw_only=True, tag_field="kind", tag="audio"):
    """Sound, played by the browser's own player, loaded only when asked."""

    title: str
    """Its heading."""
    path: str
    """Where the file stands."""
    media_type: str
    """Such as "audio/mpeg"."""
    size_bytes: int
    """The file's size."""
    duration_seconds: int | None = None
    """How long it is, where that is known."""
    transcript_html: str = ""
    """The words of it; clean HTML of paragraphs."""


class Note(Copy, frozen=True, kw_only=True, tag_field="kind", tag="note"):
    """A note to readers, from the editors."""

    html: str
    """Clean HTML of paragraphs."""


class Known(Copy, frozen=True, kw_only=True, tag_field="kind", tag="known"):
    """What we know and what we don't."""

    title: str
    """Its heading; may be empty."""
    known: tuple[str, ...]
    """What is known; each clean HTML of paragraphs and lists."""
    unknown: tuple[str, ...]
    """What is not known; each clean HTML of paragraphs and lists."""


class Story(Copy, frozen=True, kw_only=True, tag_field="kind", tag="story"):
    """A story picked for a letter."""

    path: str
    """The article."""
    headline: str
    """The headline as this letter has it."""
    teaser: str
    """A sentence or two about it."""
    photo: Photo | None = None
    """Its photo; for the letter's web page."""
    cid: str = ""
    """The Content-ID of the photo that travels inside the mail, such as "photo-1@stet.invalid"; empty without one."""


class Divider(Copy, frozen=True, kw_only=True, tag_field="kind", tag="divider"):
    """A heading between the stories of a letter."""

    text: str
    """The heading's words."""


class Appeal(Copy, frozen=True, kw_only=True, tag_field="kind", tag="appeal"):
    """What a letter asks of its readers."""

    html: str
    """Clean HTML of paragraphs and lists."""
    label: str = ""
    """What stands on the button; the theme's own words if empty."""
    target: str = ""
    """Where the button leads: a path or an absolute address; empty without one."""


LetterBlock = Story | Divider | Text | Appeal

Block = (
    Text | Subhead | PhotoBlock | Gallery | PullQuote | Quotation | Table | FactBox | Timeline | Embed | Document
    | Audio | Note | Known
)  # fmt: skip


# --- What stands around every page ---


class Site(Copy, frozen=True, kw_only=True):
    """The paper, in one language: what every page of that language shows around its own copy."""

    name: str
    """The paper's name in this language."""
    tagline: str
    """A few words under the name."""
    description: str
    """A sentence about the paper."""
    base_url: str
    """The canonical address, without a slash at the end, such as "https://example.org"."""
    language: Language
    """The language of this copy."""
    languages: tuple[Language, ...]
    """All languages of the paper, in their order."""
    time_zone: str
    """IANA name."""
    sections: tuple[Link, ...]
    """The navigation, in order."""
    footer: tuple[Link, ...]
    """About, contact, privacy policy, how to reach us when blocked, corrections, archive…"""
    archive_path: str
    """The archive's entrance."""
    search_path: str
    """The page that searches."""
    corrections_path: str
    """The corrections list."""
    feeds: tuple["FeedLink", ...]
    """Feeds that every page announces."""
    publisher: str
    """Who stands behind the paper, for JSON-LD and feeds."""
    principles_path: str | None = None
    """The page on publishing principles."""
    corrections_policy_path: str | None = None
    """The page on how mistakes are corrected."""
    contact_email: str = ""
    """How to write to the paper."""
    licence: str = ""
    """A sentence for the footer, such as "CC BY 4.0"."""
    logo: Photo | None = None
    """The paper's mark, for other programs."""
    onion_url: str = ""
    """The paper at its onion address, without a slash at the end; "" where it has none."""
    fingerprint: str = ""
    """The site's identity in short: the first characters of the digest of root 1, in groups of four."""
    checking_path: str | None = None
    """Where to find us: all addresses of the paper, and how to check a page. The press always names it."""
    privacy: Link | None = None
    """The privacy policy."""
    lists_path: str | None = None
    """All newsletters of this language; None where there are none."""
    sign_up: "SignUp | None" = None
    """The form of the first list that can be joined; None where there is none."""
    support_path: str | None = None
    """Where readers give; None where nothing is asked in this language."""
    app_path: str | None = None
    """The web app manifest; None where pages name none."""
    offline_path: str | None = None
    """The page that says what is kept on the reader's device; None where nothing is."""


class SignUp(Copy, frozen=True, kw_only=True):
    """The form with which a reader joins a list. It is posted to the frontdesk, which answers with a page."""

    action_url: str
    """Where the form goes."""
    list_key: str
    """The list's own name for machines, such as "en.the-week"."""
    name: str
    """What the list is called."""
    path: str
    """The list's page."""
    promise: str
    """What readers get and when, in one sentence."""
    consent_html: str
    """What a reader accepts by signing up, with the privacy policy linked; clean HTML of one line."""
    wording: str
    """Names that sentence: 16 digits of its digest."""
    onion_url: str = ""
    """Where it goes over the onion service; "" where there is none."""


class Giving(Copy, frozen=True, kw_only=True):
    """What can be given, in short: one interval, one currency, a few amounts. The form is posted to the frontdesk."""

    action_url: str
    """Where the form goes."""
    interval: Literal["once", "monthly", "annual"]
    """How often the amounts are given."""
    currency: str
    """ISO 4217 code."""
    method: str
    """How it is paid; a key that the frontdesk knows."""
    amounts: tuple["GivingAmount", ...]
    """Few, smallest first."""
    more_path: str = ""
    """The page with everything else: other amounts, other ways, reminders."""
    onion_url: str = ""
    """The frontdesk's own form over the onion service, to be asked for with what was filled in; "" for none."""


class GivingAmount(Copy, frozen=True, kw_only=True):
    """One amount on a button."""

    minor: int
    """In minor units."""
    label: str
    """As readers see it, such as "$5"."""


class AppealVariant(Copy, frozen=True, kw_only=True):
    """One way in which an appeal says it."""

    title: str
    """Its heading."""
    html: str
    """Clean HTML of paragraphs and lists."""
    campaign: str = ""
    """What gifts that come by it are counted under."""


class PageAppeal(Copy, frozen=True, kw_only=True):
    """An appeal to readers, in all its variants. Which one shows, if any, the script decides on the reader's device."""

    rule: str
    """What the script decides by, for `data-ask`; empty where it was decided already, as in a preview."""
    variants: tuple[AppealVariant, ...]
    """At least one. Where no script runs, the first shows."""
    has_amounts: bool = True
    """Whether a few amounts stand below the words."""


class Asking(Copy, frozen=True, kw_only=True):
    """What a page asks of its readers: the appeals of each place, first things first."""

    banner: tuple[PageAppeal, ...] = ()
    """On top of the page."""
    letter: tuple[PageAppeal, ...] = ()
    """At the end of the article."""
    giving: Giving | None = None
    """What can be given; None where nobody can give here."""
    weeks: int = 4
    """For how many weeks a reader who closed an appeal, gave or asked for a reminder is left alone."""
    is_counted: bool = False
    """Whether this page counts among the articles that a reader has read."""
    script_html: str = ""
    """The script that decides, with its element; printed once, after everything that it decides about."""


class FeedLink(Copy, frozen=True, kw_only=True):
    """A feed that a page announces."""

    title: str
    """The feed's name."""
    path: str
    """Where it stands."""
    media_type: Literal["application/rss+xml", "application/atom+xml", "application/feed+json"]
    """Which of the three formats it is."""


class Page(Copy, frozen=True, kw_only=True):
    """What every HTML sheet has."""

    TEMPLATE: ClassVar[str]

    site: Site
    """The paper around the page."""
    path: str
    """The page's own path."""
    title: str
    """For <title>, without the paper's name."""
    description: str = ""
    """A sentence about the page, for search engines and link previews."""
    feeds: tuple[FeedLink, ...] = ()
    """Feeds of this page, beside the site's."""
    alternates: tuple[tuple[str, str], ...] = ()
    """(language code, path) of the same page in every language it has, this one included; for hreflang."""
    breadcrumbs: tuple[Link, ...] = ()
    """From the front down to the parent of this page."""
    is_indexable: bool = True
    """False where search engines are to leave it out."""


# --- Pages ---


class Front(Page, frozen=True, kw_only=True):
    """The front: hand-placed stories first, the newest after them."""

    TEMPLATE = "front.html"

    lead: Teaser | None
    """The story on top; its photo carries the inline image."""
    seconds: tuple[Teaser, ...]
    """The stories placed beside it by hand, or the newest where nobody placed any."""
    latest: tuple[Teaser, ...]
    """The newest that stand nowhere above, newest first."""
    by_section: tuple["SectionBlock", ...]
    """A block for each section."""
    topics: tuple[Link, ...]
    """Running stories the editors put forward."""
    notice_html: str = ""
    """A line from the editors on top of everything; empty when there is none."""
    asking: Asking | None = None
    """What it asks of its readers; None where it asks for nothing."""


class SectionBlock(Copy, frozen=True, kw_only=True):
    """A section's newest stories on the front."""

    section: Link
    """The section."""
    teasers: tuple[Teaser, ...]
    """Newest first."""


class Listing(Page, frozen=True, kw_only=True):
    """A section front, tag page: a heading and the newest teasers, newest first."""

    TEMPLATE = "listing.html"

    kind: Literal["section", "tag"]
    """Which of the two it is."""
    heading: str
    """For <h1>."""
    intro_html: str
    """What the editors say about it; clean HTML."""
    lead: Teaser | None
    """The newest story, shown larger; tags have none."""
    teasers: tuple[Teaser, ...]
    """The newest, newest first, without the lead."""
    older: Link | None
    """The newest archive page, where there are more articles than stand here."""


class ArchivePage(Page, frozen=True, kw_only=True):
    """One numbered page of everything in a section, topic, tag or byline. Page 1 holds the oldest and never changes."""

    TEMPLATE = "archive_page.html"

    heading: str
    """For <h1>."""
    parent: Link
    """What this is the archive of."""
    number: int
    """The page's number, counted from the oldest."""
    teasers: tuple[Teaser, ...]
    """Newest first."""
    older: Link | None
    """The next older page, where there is one."""
    newer: Link | None
    """The next newer page, where there is one."""


class Topic(Page, frozen=True, kw_only=True):
    """A running story: what it is about, key facts, timeline, all articles."""

    TEMPLATE = "topic.html"

    heading: str
    """For <h1>."""
    summary_html: str
    """What it is about; clean HTML of paragraphs."""
    photo: Photo | None
    """Its photo."""
    key_facts: tuple[str, ...]
    """Each is clean HTML of one line."""
    timeline: Timeline | None
    """Its moments in order."""
    teasers: tuple[Teaser, ...]
    """Newest first."""
    older: Link | None
    """The next older page, where there is one."""


class Person(Page, frozen=True, kw_only=True):
    """A byline's page."""

    TEMPLATE = "person.html"

    name: str
    """As it is printed on articles."""
    kind: Literal["name", "pen_name"]
    """Whether it is a pen name."""
    role: str
    """What the person does at the paper."""
    bio_html: str
    """About the person; clean HTML."""
    photo: Photo | None
    """A portrait."""
    contact: str
    """How to write to this person, as the person wants it printed."""
    teasers: tuple[Teaser, ...]
    """Newest first."""
    older: Link | None
    """The next older page, where there is one."""


class LiveEntry(Copy, frozen=True, kw_only=True):
    """One entry of live coverage."""

    number: int
    """Its number in the coverage; it never changes, and no other entry ever gets it."""
    path: str
    """Where it stands for good, with its anchor."""
    posted: datetime
    """When it was posted."""
    headline: str
    """Its headline."""
    text_html: str
    """Clean HTML of paragraphs and lists; may be empty."""
    corrected: date | None = None
    """The day it was corrected; None where it was not."""
    correction: str = ""
    """What was wrong and what is right."""

    @property
    def anchor(self) -> str:
        """Its `id` wherever it stands."""
        return f"e{self.number}"


class Live(Copy, frozen=True, kw_only=True):
    """Live coverage on the page of its article."""

    is_on: bool
    """Whether entries may still come."""
    started: datetime
    """When the coverage began."""
    ended: datetime | None = None
    """When it ended."""
    points: tuple[Link, ...] = ()
    """Key points: entries that stay in sight, newest first."""
    entries: tuple[LiveEntry, ...] = ()
    """The newest entries, newest first."""
    older: Link | None = None
    """The numbered page on which the entries before these stand; None where all are here."""


class Article(Page, frozen=True, kw_only=True):
    """An article, or one numbered part of a long one."""

    TEMPLATE = "article.html"

    article_id: int
    """The article's number; the same in lists and on its own page."""
    headline: str
    """The headline."""
    short_headline: str
    """The short headline, or the headline where there is none."""
    standfirst: str
    """The sentence or two under the headline."""
    kind: str
    """One of KINDS."""
    section: Link | None
    """The section it stands in."""
    bylines: tuple[Byline, ...]
    """Who made it, in the order to print."""
    dateline: str
    """The place it was written from."""
    photo: Photo | None
    """The lead photo, with its inline image."""
    published: datetime
    """The first publication."""
    updated: datetime | None
    """Only where the editors said that it was updated."""
    modified: datetime
    """The last publication of any change; for machines."""
    revision: str
    """Names this state of the article; changes with every publication."""
    body: tuple[Block, ...]
    """The blocks of this part."""
    part: int = 1
    """Which part this is, counted from 1."""
    parts: tuple[Link, ...] = ()
    """All parts of a long read, in order; empty where the article is not split."""
    word_count: int
    """Of the whole article."""
    reading_minutes: int
    """For the whole article, at least 1."""
    tags: tuple[Link, ...]
    """Its tags."""
    topics: tuple[Link, ...]
    """The running stories it belongs to."""
    corrections: tuple[Correction, ...]
    """Newest first."""
    updates: tuple[UpdateNote, ...] = ()
    """Newest first."""
    translations: tuple[Translation, ...]
    """The other languages it can be read in."""
    is_behind_original: bool = False
    """True on a translation whose original changed after the translation was last looked at."""
    original: Link | None = None
    """On a translation: the article it was made from."""
    read_more: tuple[Teaser, ...]
    """What to read next: the editors' picks first."""
    source: str = ""
    """Where a republished article first appeared."""
    source_url: str = ""
    """Where that is."""
    licence: str = ""
    """Under which terms it was republished."""
    twin_path: str
    """The JSON twin of this article."""
    asking: Asking | None = None
    """What this part asks of its readers; None where it asks for nothing."""
    claims: tuple[ClaimNote, ...] = ()
    """Who says what is marked in this part, by number."""
    claims_path: str = ""
    """All claims of the article for machines; empty where none is marked."""
    live: Live | None = None
    """Live coverage, on the first part; None where there is none."""


class LivePart(Page, frozen=True, kw_only=True):
    """A numbered page of live coverage; page 1 holds the oldest entries, and an entry never leaves its page."""

    TEMPLATE = "live.html"

    article: Link
    """The article."""
    number: int
    """Which page this is, counted from the oldest."""
    live: Live
    """The coverage, with the entries of this page; without key points."""
    newer: Link | None
    """The page with later entries."""


class LiveNews(Page, frozen=True, kw_only=True):
    """The newest entries alone: what an open page of the article fetches, and what a slow line can read."""

    TEMPLATE = "live_news.html"

    article: Link
    """The article."""
    live: Live
    """The coverage, with as many entries as a few minutes bring."""


class MonthDay(Copy, frozen=True, kw_only=True):
    """One day of a month's list."""

    date: date
    """The day."""
    teasers: tuple[Teaser, ...]
    """Newest first."""


class Month(Page, frozen=True, kw_only=True):
    """Everything of one month (or, where a month is long, of one numbered part of it), by day, newest first."""

    TEMPLATE = "month.html"

    year: int
    """The year."""
    month: int
    """1 to 12."""
    days: tuple[MonthDay, ...]
    """Newest first; days without articles are left out."""
    part: int
    """Which part this is, counted from 1."""
    parts: tuple[Link, ...]
    """All parts of the month; empty where it is not split."""
    earlier: Link | None
    """The month before, where anything was published in it."""
    later: Link | None
    """The month after."""


class ArchiveYear(Copy, frozen=True, kw_only=True):
    """A year with its months, newest first: (first day of the month, path)."""

    year: int
    """The year."""
    months: tuple[tuple[date, str], ...]
    """Months without articles are left out."""


class Archive(Page, frozen=True, kw_only=True):
    """The archive's entrance: years and months, newest first."""

    TEMPLATE = "archive.html"

    years: tuple[ArchiveYear, ...]
    """Newest first."""
    sections: tuple[Link, ...]
    """All sections."""
    topics: tuple[Link, ...]
    """Running stories."""
    questions_path: str = ""
    """All questions that claims answer; empty where there are none."""


class Search(Archive, frozen=True, kw_only=True):
    """The page that searches, on the reader's device; without scripts it leads to months, topics and sections."""

    TEMPLATE = "search.html"

    index_path: str
    """Where the files of the language's index stand."""


class Question(Page, frozen=True, kw_only=True):
    """Rival claims side by side, oldest first; nothing picks a winner. Many stand on pages numbered from the oldest."""

    TEMPLATE = "question.html"

    heading: str
    """The question."""
    intro_html: str = ""
    """What the editors say about it; clean HTML of paragraphs and lists."""
    claims: tuple[ClaimNote, ...]
    """The claims of this page, by the day they speak of."""
    first: int = 1
    """The number of the first of them, counted through all pages."""
    count: int
    """How many claims there are in all."""
    ranges: tuple["ClaimRange", ...] = ()
    """What the claims that stand span, a range for each unit."""
    roots: int = 0
    """From how many independent sources the claims that stand come."""
    data_paths: tuple[str, str] = ("", "")
    """All claims as CSV and as JSON."""
    number: int = 0
    """0 for the question's own page; other numbers for older claims, counted from the oldest."""
    parent: Link | None = None
    """The question's own page; None on that page."""
    older: Link | None = None
    """The page with older claims."""
    newer: Link | None = None
    """The page with newer claims."""


class ClaimRange(Copy, frozen=True, kw_only=True):
    """What rival claims span, in one unit."""

    unit: str
    """The unit; may be empty."""
    low: Decimal
    """The lowest number that is claimed."""
    high: Decimal
    """The highest."""
    claims: int
    """How many claims gave a number."""


class Questions(Page, frozen=True, kw_only=True):
    """All questions of a language, the newest first."""

    TEMPLATE = "questions.html"

    questions: tuple[Link, ...]
    """Of this page."""
    number: int = 1
    """The page's number."""
    older: Link | None = None
    """The next older page, where there is one."""
    newer: Link | None = None
    """The next newer page, where there is one."""


class SourcePage(Page, frozen=True, kw_only=True):
    """What a source has said here, newest first. Older claims stand on numbered pages, counted from the oldest."""

    TEMPLATE = "source.html"

    name: str
    """The source."""
    kind: str
    """One of person, body, outlet, document, dataset, own_reporting."""
    role: str = ""
    """Its role."""
    interest: str = ""
    """Its side or interest."""
    claims: tuple[ClaimNote, ...]
    """Of this page, newest first."""
    count: int
    """How many there are in all."""
    number: int = 0
    """0 for the source's own page; other numbers for older claims, counted from the oldest."""
    parent: Link | None = None
    """The source's own page; None on that page."""
    older: Link | None = None
    """The page with older claims."""
    newer: Link | None = None
    """The page with newer claims."""


class Corrections(Page, frozen=True, kw_only=True):
    """The corrections list, newest first."""

    TEMPLATE = "corrections.html"

    intro_html: str
    """What the editors say about it; clean HTML."""
    corrections: tuple[Correction, ...]
    """Newest first."""
    number: int = 1
    """The page's number."""
    older: Link | None = None
    """The next older page, where there is one."""
    newer: Link | None = None
    """The next newer page, where there is one."""


class StaticPage(Page, frozen=True, kw_only=True):
    """About, contact, privacy policy, how to reach us when blocked."""

    TEMPLATE = "page.html"

    heading: str
    """For <h1>."""
    body: tuple[Block, ...]
    """The blocks of the page."""
    version: str = ""
    """A policy's version, shown with its date."""
    version_date: date | None = None
    """Since when that version holds."""


class LetterLink(Copy, frozen=True, kw_only=True):
    """A letter as it shows in lists."""

    path: str
    """The letter's page."""
    subject: str
    """Its subject."""
    preheader: str
    """The line behind the subject."""
    date: date
    """The day it is sent."""


class ListPage(Page, frozen=True, kw_only=True):
    """A list that readers join: what it is, when it comes, the form, the latest letter and all letters before it."""

    TEMPLATE = "list.html"

    name: str
    """What the list is called."""
    promise: str
    """What readers get and when, in one sentence."""
    about_html: str
    """More about it; clean HTML of paragraphs and lists."""
    cadence: Literal["weekly", "daily", "irregular"]
    """How often a letter comes."""
    weekday: int
    """The day of a weekly letter, 0 for Monday."""
    hour: time
    """At what time a letter comes, by each reader's clock."""
    sign_up: SignUp | None
    """The form; None where nobody can join now."""
    letters: tuple[LetterLink, ...]
    """Newest first; the newest of all is the preview."""
    number: int = 0
    """0 for the list's own page; other numbers for the pages of its archive, counted from the oldest."""
    older: Link | None = None
    """The next older page, where there is one."""
    newer: Link | None = None
    """The next newer page, where there is one."""


class ListCard(Copy, frozen=True, kw_only=True):
    """A list among the others of its language."""

    path: str
    """The list's page."""
    name: str
    """What it is called."""
    promise: str
    """What readers get and when, in one sentence."""
    is_open: bool
    """Whether readers can join it."""
    latest: LetterLink | None
    """Its newest letter."""


class ListsIndex(Page, frozen=True, kw_only=True):
    """All lists of a language."""

    TEMPLATE = "lists.html"

    lists: tuple[ListCard, ...]
    """In the editors' order."""


class LetterPage(Page, frozen=True, kw_only=True):
    """A letter on the web: the preview before it is sent, the archive after."""

    TEMPLATE = "letter.html"

    list: Link
    """The list it belongs to."""
    subject: str
    """Its subject, for <h1>."""
    preheader: str
    """The line behind the subject."""
    date: date
    """The day it is sent."""
    intro_html: str
    """How it begins; clean HTML of paragraphs and lists."""
    body: tuple[LetterBlock, ...]
    """Stories, dividers, text and appeals, in order."""
    sign_off_html: str
    """How it ends; clean HTML of paragraphs and lists."""
    sign_up: SignUp | None
    """The list's form; None where nobody can join now."""


class LetterMail(Copy, frozen=True, kw_only=True):
    """A letter as mail. "mail.mjml" makes its HTML, "mail.txt" its text; both get the same copy."""

    TEMPLATE = "mail.mjml"

    site: Site
    """The paper that sends it."""
    list: Link
    """The list it belongs to."""
    subject: str
    """Its subject."""
    preheader: str
    """What mail programs show behind the subject; hidden in the mail."""
    date: date
    """The day it is sent."""
    path: str
    """Its page on the web."""
    intro_html: str
    """How it begins; clean HTML of paragraphs and lists."""
    body: tuple[LetterBlock, ...]
    """Stories, dividers, text and appeals, in order."""
    sign_off_html: str
    """How it ends; clean HTML of paragraphs and lists."""
    home_urls: tuple[str, ...]
    """Where the paper is to be found, the best address first."""
    other_urls: tuple[str, ...] = ()
    """Where it opens when that does not: at most three mirrors, the newest first, and the onion address."""
    reach_url: str = ""
    """The page with all addresses."""
    unsubscribe_url: str = UNSUBSCRIBE_URL
    """Stands for each reader's own link; whoever sends the mail puts that in its place."""
    manage_url: str = MANAGE_URL
    """Stands for each reader's own link; whoever sends the mail puts that in its place."""


class GiveMethod(Copy, frozen=True, kw_only=True):
    """One way to pay."""

    key: str
    """Its word for machines, such as "card"."""
    name: str
    """What readers know it under."""
    note: str = ""
    """What they should know before they choose it; may be empty."""


class GiveForm(Copy, frozen=True, kw_only=True):
    """What can be given in one currency, so often. It is a form of its own: what is chosen is always in sight."""

    interval: Literal["once", "monthly", "annual"]
    """How often."""
    amounts_minor: tuple[int, ...]
    """What is suggested, in minor units; beside it readers can type another amount."""
    methods: tuple[GiveMethod, ...]
    """The ways to pay that can do it; at least one."""


class GiveCurrency(Copy, frozen=True, kw_only=True):
    """Giving in one currency. Amounts are never converted."""

    code: str
    """ISO 4217, such as "EUR"."""
    smallest_minor: int
    """The least that is taken, in minor units."""
    largest_minor: int
    """The most that is taken, in minor units."""
    forms: tuple[GiveForm, ...]
    """One for each interval that is offered."""


class CountryWarning(Copy, frozen=True, kw_only=True):
    """What readers in a country where giving is dangerous are told before the form."""

    country: str
    """ISO 3166, two letters."""
    text: str
    """The warning; where it is empty, the theme's own words are used."""


class Ticker(Copy, frozen=True, kw_only=True):
    """How many readers gave this month, rounded."""

    supporters: int
    """At least ten."""
    goal: int | None
    """How many the paper hopes for; None where it does not say."""


class SupportPage(Page, frozen=True, kw_only=True):
    """Where readers give: why, what it pays for, the forms, and three ways to be reminded later."""

    TEMPLATE = "support.html"

    heading: str
    """For <h1>."""
    letter_html: str
    """Why the paper asks; clean HTML of paragraphs and lists."""
    pays_for_html: str
    """What it pays for; clean HTML of paragraphs and lists; may be empty."""
    other_ways_html: str
    """How to help without money; clean HTML of paragraphs and lists; may be empty."""
    give_url: str
    """Where the forms go."""
    remind_url: str
    """Where the form for a reminder goes; with ".ics?when=week" behind it, a calendar file."""
    preselected: Literal["once", "monthly", "annual"]
    """What is open at first."""
    currencies: tuple[GiveCurrency, ...]
    """The first one is open at first; none where nothing can be given now."""
    warnings: tuple[CountryWarning, ...]
    """They stand before the forms."""
    label: str
    """What readers' bank statements show."""
    quiet_weeks: int
    """For so long appeals are quiet on a device on which something was given or a reminder was asked for."""
    script_html: str
    """The page's scripts, whole; as they stand their digests are allowed by the site's policy."""
    ticker: Ticker | None = None
    """None where it is not shown."""
    give_onion_url: str = ""
    """Where the forms go over the onion service; "" where there is none."""
    remind_onion_url: str = ""
    """Where the form for a reminder goes over the onion service; "" where there is none."""


class SupportNotice(Page, frozen=True, kw_only=True):
    """What stands in place of the support page where giving was made a crime."""

    TEMPLATE = "support_notice.html"

    country: str
    """ISO 3166, two letters."""
    paragraphs: tuple[str, ...]
    """What the paper says; where there is none, the theme's own words are used."""


class AnswerShell(Page, frozen=True, kw_only=True):
    """The page around what the frontdesk answers, with three marks that it replaces: base, title, answer."""

    TEMPLATE = "answer.html"


class MirrorLine(Copy, frozen=True, kw_only=True):
    """An address of the paper beside its own."""

    address: str
    """Where it opens, without a slash at the end."""
    kind: Literal["mirror", "onion", "ipfs"]
    """What opens it: any browser, the Tor browser, or a program for IPFS."""
    state: Literal["current", "behind", "unreachable", "broken", "unknown"] = "unknown"
    """How it was when it was last looked at."""
    checked: datetime | None = None
    """When that was, cut to the hour; None where nobody has looked yet."""


class RetiredMirror(Copy, frozen=True, kw_only=True):
    """An address that is none of the paper's any more."""

    address: str
    """Shown, and never a link."""
    since: date
    """The day it was given up."""


class OfflineEdition(Copy, frozen=True, kw_only=True):
    """A week of the paper in one file."""

    kind: Literal["zip", "epub", "pdf"]
    """What the file is."""
    path: str
    """Where it stands."""
    size_bytes: int
    """The file's size."""


class ReachPage(Page, frozen=True, kw_only=True):
    """Where to find the paper: all its addresses, how to check a page, and ways that need no website."""

    TEMPLATE = "reach.html"

    heading: str = ""
    """What editors call the page; empty where they have none of their own, then the theme's own words are used."""
    body: tuple[Block, ...] = ()
    """What editors wrote on it."""
    mirrors: tuple[MirrorLine, ...] = ()
    """In the order they were added; onion addresses and IPFS among them."""
    retired: tuple[RetiredMirror, ...] = ()
    """Addresses that readers are warned of."""
    qr_url: str = ""
    """What the QR code holds: an address that opens in any browser."""
    mirrors_path: str = ""
    """The list for machines."""
    verify_path: str = ""
    """verify.html, to be kept: it checks pages and ZIPs; empty where none is printed."""
    check_path: str = ""
    """The small page that checks a saved page and arrives everywhere; empty where none is printed."""
    offline: tuple[OfflineEdition, ...] = ()
    """The last week to take along."""


class NotFound(Page, frozen=True, kw_only=True):
    """What stands where nothing stands."""

    TEMPLATE = "not_found.html"


class Offline(Page, frozen=True, kw_only=True):
    """What is kept on the reader's device. The worker puts the list in its place, and opens what holds."""

    TEMPLATE = "offline.html"

    keeps_pages: bool
    """Whether pages that were read are kept, or fronts alone."""
    kept_days: int
    """How many days a page is kept."""
    most_pages: int
    """How many pages are kept."""


class Tombstone(Page, frozen=True, kw_only=True):
    """A withdrawn article's place, where the editors chose to say that it was withdrawn."""

    TEMPLATE = "tombstone.html"

    withdrawn: date
    """The day it was withdrawn."""
    reason: str
    """Why, in the editors' words; may be empty."""


class Redirect(Page, frozen=True, kw_only=True):
    """An old address that leads to a new one."""

    TEMPLATE = "redirect.html"

    target: str
    """A path or an absolute address."""


# --- For machines ---


class FeedItem(Copy, frozen=True, kw_only=True):
    """One article in a feed."""

    id: str
    """A urn:uuid: (RFC 9562) that never changes, whatever becomes of address, date and domain."""
    url: str
    headline: str
    standfirst: str
    html: str
    """The whole body as clean HTML with absolute addresses; empty where the feed only says what is new."""
    authors: tuple[str, ...]
    published: datetime
    modified: datetime
    tags: tuple[str, ...]
    photo_url: str | None = None
    photo_media_type: str = ""
    photo_bytes: int = 0


class Feed(Copy, frozen=True, kw_only=True):
    """A feed's copy; the same for RSS, Atom and JSON Feed."""

    site: Site
    title: str
    description: str
    home_url: str
    paths: tuple[str, str, str]
    """Where RSS, Atom and JSON Feed of it stand."""
    updated: datetime | None
    """The newest item's moment; None where the feed is empty."""
    items: tuple[FeedItem, ...]


class AppCopy(Copy, frozen=True, kw_only=True):
    """The paper as an app on a reader's device, in one language."""

    name: str
    """The paper's name."""
    language: Language
    """The language it opens in."""
    icon_path: str
    """Its mark."""
    icon_type: str
    """The mark's media type."""
    icon_sizes: str
    """The mark's sizes, such as "512x512"; "any" for one that is drawn."""


class WorkerLanguage(Copy, frozen=True, kw_only=True):
    """A language, as the worker knows it."""

    code: str
    """BCP 47."""
    direction: Literal["ltr", "rtl"]
    """Of its writing."""
    front_path: str
    """Where it begins."""
    offline_path: str
    """The page that says what is kept."""


class WorkerCopy(Copy, frozen=True, kw_only=True):
    """What the service worker is told: whose paper it checks, and what it keeps."""

    site: str
    """The site's id."""
    origin: str
    """The newsroom's own address, at which alone it works."""
    root_version: int
    """The newest root's version."""
    threshold: int
    """How many of `keys` sign the next root."""
    keys: tuple[str, ...]
    """The offline keys, in base64url."""
    edition_keys: tuple[str, ...]
    """The keys that sign editions and pages, in base64url."""
    expires: str
    """When that root expires, as a moment."""
    languages: tuple[WorkerLanguage, ...]
    """The paper's own first."""
    never_kept: tuple[str, ...]
    """What is never kept begins with one of these paths."""
    keeps_pages: bool
    """Whether pages that were read are kept, or fronts alone."""


class SitemapEntry(Copy, frozen=True, kw_only=True):
    """One address in a sitemap."""

    url: str
    modified: datetime | None = None
    alternates: tuple[tuple[str, str], ...] = ()
    """(language code, absolute address)."""


class NewsSitemapEntry(Copy, frozen=True, kw_only=True):
    """One article of the last 48 hours."""

    url: str
    publication: str
    language: str
    published: datetime
    headline: str
