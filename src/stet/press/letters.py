"""The sheets of letters: each one's page, mail and photos; lists and their archives; what the private wing reads.

The rules:
 * A letter is four sheets and its photos, in one folder: the page, the mail's HTML and text, and "letter.json", which
   names the others by their digests. The mail's HTML carries no page signature: its bytes go out as they stand.
 * A picked story is shown as it is published; one that isn't any more leaves the letter.
 * A chosen appeal is shown in its first variant, as it is published, on whatever day; preflight knows its days.
 * While a language is silent, its letters ask for nothing either: their appeals are left out.
 * A photo that may not stand in letters, or whose last day has passed, is left out.
 * At most six photos travel in a mail, the first ones; a list without photos has none, on the web neither.
 * A mail names the mirrors of its own day: one that is added or retired later changes no letter that has gone out.
 * "/letters/lists.json" comes last, so that whoever reads it finds everything that it names.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import msgspec

from stet.appeals import rules
from stet.edition.sheet import Sheet
from stet.kit import canonical
from stet.letters.addresses import is_mailable_url
from stet.newsroom import addresses
from stet.press.appeals import is_silent
from stet.press.budget import set_within
from stet.press.job import JobResult, Product, Reading, SheetFile, Unsigned
from stet.press.mirrors import in_a_letter
from stet.press.richtext import clean_html, plain
from stet.press.rows import LetterRow, PhotoRow, RawBlocks
from stet.press.world import LetterHead, ListRow
from stet.theme import copy
from stet.theme.addresses import absolute
from stet.theme.mail import Mail

FORMAT = 1
"""Of "letter.json" and "lists.json"; counts up when what they say changes its meaning."""
MOST_PHOTOS = 6
LETTERS_PAGE = 50
"""Letters on a list's page, and on each numbered page of its archive."""
TOLD = 10
"""Letters of each list that "lists.json" tells: those still to be sent are among the newest."""
LISTS_PATH = "/letters/lists.json"
CID_HOST = "stet.invalid"
JPEG = "image/jpeg"
MAIL_MODES = ("mail", "mail-dark", "text")
"""How the desk can look at a letter beside its page."""


# --- A letter ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """A letter as copy: its page, its mail, and the photos that travel with it, in order."""

    page: copy.LetterPage
    mail: copy.LetterMail
    photos: tuple[PhotoRow, ...]


def letter(reading: Reading, name: str) -> JobResult:
    """A letter's sheets; none where it or its list is not published."""
    head = reading.world.letters.get(int(name))
    row = reading.materials.letter(int(name))
    if head is None or row is None or reading.world.lists[head.list].language not in reading.world.sites:
        return JobResult()
    composed = compose(head, row, reading)
    mail = reading.theme.set_mail(composed.mail)
    html, _fits = set_within(reading.world.paper.budget_bytes, composed.page, reading.theme)
    photos = [_photo_sheet(head, number, photo, reading) for number, photo in enumerate(composed.photos, 1)]
    products: list[Product] = [
        *photos,
        Sheet(path=f"{head.path}mail.html", media_type="text/html", body=mail.html),
        Sheet(path=f"{head.path}mail.txt", media_type="text/plain", body=mail.text),
        Unsigned(path=head.path, html=html, revision="letter", time=head.modified),
        _letter_json(head, composed, mail, photos, reading),
    ]
    return JobResult(products=tuple(products), reads=frozenset(reading.reads))


def compose(head: LetterHead, row: LetterRow, reading: Reading) -> Composed:
    """A letter's copy, for the press and for the desk's preview."""
    the_list = reading.world.lists[head.list]
    reading.read(f"list:{the_list.id}")
    resolve = reading.resolver()
    site = reading.site(the_list.language)
    setter = _Body(reading, the_list.language, has_photos=the_list.has_photos)
    body = setter.blocks(row.body)
    link = copy.Link(label=the_list.title, path=the_list.path)
    intro, sign_off = clean_html(row.intro, resolve), clean_html(row.sign_off, resolve)
    page = copy.LetterPage(
        site=site,
        path=head.path,
        title=head.subject,
        description=plain(row.description) or head.preheader,
        breadcrumbs=(copy.Link(label=site.name, path=site.language.front_path), link),
        list=link,
        subject=head.subject,
        preheader=head.preheader,
        date=head.due_date,
        intro_html=intro,
        body=body,
        sign_off_html=sign_off,
        sign_up=reading.world.sign_up(the_list),
    )
    mail = copy.LetterMail(
        site=site,
        list=link,
        subject=head.subject,
        preheader=head.preheader,
        date=head.due_date,
        path=head.path,
        intro_html=intro,
        body=body,
        sign_off_html=sign_off,
        home_urls=(site.base_url,),
        other_urls=in_a_letter(reading.world.told.mirrors, head.due_date),
        reach_url=absolute(site.base_url, reading.world.reach_path(the_list.language)),
    )
    return Composed(page=page, mail=mail, photos=tuple(setter.photos))


class _Body:
    """Turns a letter's stored blocks into copy; keeps the photos that travel in the mail, in order."""

    def __init__(self, reading: Reading, language: str, *, has_photos: bool) -> None:
        self.reading = reading
        self.language = language
        self.has_photos = has_photos
        self.is_silent = is_silent(language, reading)
        self.photos: list[PhotoRow] = []

    def blocks(self, stored: RawBlocks) -> tuple[copy.LetterBlock, ...]:
        """The blocks as copy. One that is empty, not known or not published any more is left out."""
        made = (self._block(raw) for raw in stored)
        return tuple(block for block in made if block is not None)

    def _block(self, raw: dict[str, Any]) -> copy.LetterBlock | None:
        value: Any = raw.get("value")
        match raw.get("type"):
            case "story":
                return self._story(value or {})
            case "divider":
                return copy.Divider(text=plain(value)) if plain(value) else None
            case "text":
                html = clean_html(value, self.reading.resolver())
                return copy.Text(html=html) if html else None
            case "appeal":
                return None if self.is_silent else self._appeal(value or {})
            case _:
                return None

    def _story(self, value: dict[str, Any]) -> copy.LetterBlock | None:
        facts = self.reading.facts(value["article"]) if value.get("article") else None
        if facts is None:
            return None
        story = copy.Story(
            path=facts.path,
            headline=plain(value.get("headline")) or facts.headline,
            teaser=plain(value.get("teaser")) or facts.standfirst,
        )
        own = value.get("photo")
        row = self.reading.photo_row(own or facts.photo) if self._takes_photo(value) else None
        if row is not None and row.not_in_letters:
            row = None
        if row is None:
            return story
        self.photos.append(row)
        photo = self.reading.materials.photo_store.copy(row, alt="" if own else facts.alt)
        return msgspec.structs.replace(story, photo=photo, cid=cid_of(len(self.photos)))

    def _takes_photo(self, value: dict[str, Any]) -> bool:
        return self.has_photos and bool(value.get("with_photo", True)) and len(self.photos) < MOST_PHOTOS

    def _appeal(self, value: dict[str, Any]) -> copy.LetterBlock | None:
        html = clean_html(value.get("text"), self.reading.resolver())
        label, target = plain(value.get("link_label")), plain(value.get("link_url"))
        if value.get("appeal"):
            return self._chosen(value["appeal"], html=html, label=label)
        if not label or not is_mailable_url(target):
            label = target = ""
        return copy.Appeal(html=html, label=label, target=target) if html or label else None

    def _chosen(self, appeal: int, *, html: str, label: str) -> copy.LetterBlock | None:
        """One of the paper's appeals in its first variant; what comes in by the letter is counted as its."""
        self.reading.read(f"appeal:{appeal}")
        row = self.reading.world.appeals.get(appeal)
        if row is None or row.rule.language != self.language:
            return None
        first = row.variants[0]
        words = f"<p><strong>{escape(plain(first.title))}</strong></p>{clean_html(first.text, self.reading.resolver())}"
        support = self.reading.world.sites[self.language].support_path
        target = f"{support}#from={rules.campaign(row.rule.code, first.letter)}" if support else ""
        return copy.Appeal(html=html or words, label=label if target else "", target=target)


def cid_of(number: int) -> str:
    """The Content-ID of a letter's photo, counted from 1."""
    return f"{_photo_name(number)}@{CID_HOST}"


def _photo_name(number: int) -> str:
    return f"photo-{number}"


def _photo_sheet(head: LetterHead, number: int, row: PhotoRow, reading: Reading) -> SheetFile:
    file = reading.materials.photo_store.letter_file(row)
    return SheetFile(path=f"{head.path}{_photo_name(number)}.jpg", media_type=JPEG, file=file)


def _letter_json(
    head: LetterHead, composed: Composed, mail: Mail, photos: Sequence[SheetFile], reading: Reading
) -> Sheet:
    """What the mailroom needs to send the letter."""
    the_list = reading.world.lists[head.list]
    site = composed.page.site
    told = {
        "version": FORMAT,
        "id": head.letter_id,
        "list": the_list.key,
        "language": the_list.language,
        "direction": site.language.direction,
        "subject": head.subject,
        "preheader": head.preheader,
        "from_name": the_list.from_name or site.name,
        "due": reading.world.due(head),
        "is_local": head.is_local,
        "time_zone": the_list.time_zone,
        "page": head.path,
        "html": {"path": f"{head.path}mail.html", "digest": _digest(mail.html)},
        "text": {"path": f"{head.path}mail.txt", "digest": _digest(mail.text)},
        "photos": [_photo_told(number, photo) for number, photo in enumerate(photos, 1)],
    }
    return Sheet(path=letter_json_path(head), media_type="application/json", body=canonical.write(told))


def _photo_told(number: int, photo: SheetFile) -> dict[str, Any]:
    body = photo.file.read_bytes()
    return {
        "cid": _photo_name(number),
        "path": photo.path,
        "media_type": photo.media_type,
        "digest": _digest(body),
        "bytes": len(body),
    }


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def letter_json_path(head: LetterHead) -> str:
    """Where a letter says what it is, for the mailroom."""
    return f"{head.path}letter.json"


# --- Lists ---


def list_page(reading: Reading, name: str) -> JobResult:
    """A list's page, and the numbered pages of its archive where it has more letters than one page shows."""
    row = reading.world.lists.get(int(name))
    if row is None or row.language not in reading.world.sites:
        return JobResult()
    heads = reading.world.letters_by_list.get(row.id, ())
    count = len(heads)
    pages = -(-count // LETTERS_PAGE) if count > LETTERS_PAGE else 0
    newest = copy.Link(label=row.title, path=_archive_path(row, pages)) if pages else None
    made = [_list_copy(row, heads[:LETTERS_PAGE], reading, older=newest)]
    for number in range(1, pages + 1):
        first = max(0, count - number * LETTERS_PAGE)
        shown = heads[first : count - (number - 1) * LETTERS_PAGE]
        older = copy.Link(label=str(number - 1), path=_archive_path(row, number - 1)) if number > 1 else None
        newer = copy.Link(label=str(number + 1), path=_archive_path(row, number + 1)) if number < pages else None
        made.append(_list_copy(row, shown, reading, number=number, older=older, newer=newer))
    return JobResult(
        products=tuple(_printed(page, reading, (row, *heads)) for page in made), reads=frozenset(reading.reads)
    )


def _list_copy(
    row: ListRow,
    heads: Iterable[LetterHead],
    reading: Reading,
    *,
    number: int = 0,
    older: copy.Link | None = None,
    newer: copy.Link | None = None,
) -> copy.ListPage:
    site = reading.site(row.language)
    up = copy.Link(label=site.name, path=site.language.front_path)
    return copy.ListPage(
        site=site,
        path=_archive_path(row, number) if number else row.path,
        title=row.title,
        description=plain(row.description) or row.promise,
        alternates=() if number else _alternates(row, reading),
        breadcrumbs=(up, copy.Link(label=row.title, path=row.path)) if number else (up,),
        name=row.title,
        promise=row.promise,
        about_html=clean_html(row.about, reading.resolver()),
        cadence=row.cadence,  # type: ignore[arg-type]  # one of the model's choices
        weekday=row.weekday,
        hour=row.hour,
        sign_up=reading.world.sign_up(row),
        letters=tuple(_letter_link(head) for head in heads),
        number=number,
        older=older,
        newer=newer,
    )


def _letter_link(head: LetterHead) -> copy.LetterLink:
    return copy.LetterLink(path=head.path, subject=head.subject, preheader=head.preheader, date=head.due_date)


def _alternates(row: ListRow, reading: Reading) -> tuple[tuple[str, str], ...]:
    """The same list in every language it has."""
    same = [other for other in reading.world.lists.values() if other.translation_key == row.translation_key]
    return tuple((other.language, other.path) for other in same) if len(same) > 1 else ()


def _archive_path(row: ListRow, number: int) -> str:
    """Where a numbered page of a list's letters stands; 1 holds the oldest."""
    return f"{row.path}archive/{number}/"


def letters_index(reading: Reading, language: str) -> JobResult:
    """All lists of a language; none where it has none."""
    path = reading.world.lists_path(language)
    if path is None or language not in reading.world.sites:
        return JobResult()
    site = reading.site(language)
    others = tuple((code, other) for code in reading.world.sites if (other := reading.world.lists_path(code)))
    rows = reading.world.lists_in(language)
    page = copy.ListsIndex(
        site=site,
        path=path,
        title="",
        alternates=others if len(others) > 1 else (),
        breadcrumbs=(copy.Link(label=site.name, path=site.language.front_path),),
        lists=tuple(_card(row, reading) for row in rows),
    )
    return JobResult(products=(_printed(page, reading, rows),), reads=frozenset(reading.reads))


def _card(row: ListRow, reading: Reading) -> copy.ListCard:
    heads = reading.world.letters_by_list.get(row.id, ())
    return copy.ListCard(
        path=row.path,
        name=row.title,
        promise=row.promise,
        is_open=reading.world.sign_up(row) is not None,
        latest=_letter_link(heads[0]) if heads else None,
    )


def _printed(page: copy.Page, reading: Reading, rows: Iterable[ListRow | LetterHead]) -> Unsigned:
    html, _fits = set_within(reading.world.paper.budget_bytes, page, reading.theme)
    moment = max(row.modified for row in rows)
    return Unsigned(path=page.path, html=html, revision=page.TEMPLATE.removesuffix(".html"), time=moment)


# --- What the private wing reads ---


def answer_path(reading: Reading, language: str) -> str:
    """Where the page around the frontdesk's answers stands."""
    return f"{addresses.letters_path(reading.world.paper.prefix(language))}answer/"


def answer_shell(reading: Reading, language: str) -> JobResult:
    """The page around the frontdesk's answers. What comes out of it is no sheet, so it carries no signature."""
    if language not in reading.world.sites:
        return JobResult()
    path = answer_path(reading, language)
    page = copy.AnswerShell(site=reading.site(language), path=path, title="", is_indexable=False)
    sheet = Sheet(path=f"{path}index.html", media_type="text/html", body=reading.theme.set_page(page))
    return JobResult(products=(sheet,), reads=frozenset(reading.reads))


def lists_json(reading: Reading, _name: str) -> JobResult:
    """Every list with the letters that may have to be sent, and what the frontdesk shows around its answers."""
    world = reading.world
    paper = world.paper
    told = {
        "version": FORMAT,
        "paper": {
            "base_url": paper.base_url,
            "frontdesk_url": paper.frontdesk_url,
            "time_zone": paper.time_zone,
            "contact_email": paper.contact_email,
            "publisher": paper.publisher,
        },
        "languages": {language: _language_told(reading, language) for language in world.sites},
        "lists": [_list_told(reading, row) for row in world.lists.values() if row.language in world.sites],
    }
    sheet = Sheet(path=LISTS_PATH, media_type="application/json", body=canonical.write(told))
    return JobResult(products=(sheet,), reads=frozenset(reading.reads))


def _language_told(reading: Reading, language: str) -> dict[str, Any]:
    world = reading.world
    site = world.sites[language]
    policy = world.static_with_role(language, "privacy")
    return {
        "name": site.name,
        "direction": site.language.direction,
        "shell": f"{answer_path(reading, language)}index.html",
        "lists_path": world.lists_path(language) or site.language.front_path,
        "front_path": site.language.front_path,
        "privacy": {"version": policy.version, "path": policy.path} if policy else None,
    }


def _list_told(reading: Reading, row: ListRow) -> dict[str, Any]:
    world = reading.world
    accepted = world.consent(row.language)
    sent = [head for head in world.letters_by_list.get(row.id, ()) if head.is_sent]
    return {
        "key": row.key,
        "language": row.language,
        "name": row.title,
        "promise": row.promise,
        "cadence": row.cadence,
        "path": row.path,
        "is_open": row.is_open,
        "from_name": row.from_name or world.sites[row.language].name,
        "time_zone": row.time_zone,
        "hour": f"{row.hour:%H:%M}",
        "weekday": row.weekday,
        "consent": {"version": accepted.version, "text": accepted.text},
        "letters": [
            {"id": head.letter_id, "path": letter_json_path(head), "due": world.due(head)} for head in sent[:TOLD]
        ],
    }
