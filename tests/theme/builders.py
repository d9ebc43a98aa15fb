"""Plain builders of page copy: a small paper in three languages, the same twice."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from stet.theme.claims import marked
from stet.theme.consent import consent
from stet.theme.copy import (
    AnswerShell,
    Appeal,
    Archive,
    ArchivePage,
    ArchiveYear,
    Article,
    Audio,
    Byline,
    ClaimEvidence,
    ClaimNote,
    ClaimRange,
    ClaimSource,
    ClaimStatus,
    ClaimValue,
    Correction,
    Corrections,
    CountryWarning,
    Divider,
    Document,
    Embed,
    FactBox,
    FeedLink,
    Front,
    Gallery,
    GiveCurrency,
    GiveForm,
    GiveMethod,
    Known,
    Language,
    LetterBlock,
    LetterLink,
    LetterMail,
    LetterPage,
    Link,
    ListCard,
    Listing,
    ListPage,
    ListsIndex,
    Live,
    LiveEntry,
    LiveNews,
    LivePart,
    MirrorLine,
    Month,
    MonthDay,
    Note,
    NotFound,
    Offline,
    OfflineEdition,
    OtherClaim,
    Page,
    Person,
    Photo,
    PhotoBlock,
    PhotoFile,
    PullQuote,
    Question,
    Questions,
    Quotation,
    ReachPage,
    Redirect,
    RetiredMirror,
    Search,
    SectionBlock,
    SignUp,
    Site,
    SourcePage,
    StaticPage,
    Story,
    Subhead,
    SupportNotice,
    SupportPage,
    Table,
    Teaser,
    Text,
    Ticker,
    Timeline,
    TimelineEntry,
    Tombstone,
    Topic,
    Translation,
)
from tests.theme.words import WORDS

MORNING = datetime(2026, 11, 19, 6, 30, tzinfo=UTC)
NOON = datetime(2026, 11, 19, 12, 0, tzinfo=UTC)
BASE = "https://example.org"
ONION = "http://" + "farshore" * 7 + ".onion"

ENGLISH = Language(code="en", name="English", direction="ltr", front_path="/")
RUSSIAN = Language(code="ru", name="Русский", direction="ltr", front_path="/ru/")
PERSIAN = Language(code="fa", name="فارسی", direction="rtl", front_path="/fa/")
LANGUAGES = {language.code: language for language in (ENGLISH, RUSSIAN, PERSIAN)}


def prefix(language: str) -> str:
    return "" if language == "en" else f"/{language}"


def a_site(language: str = "en", **changes: Any) -> Site:
    words, at = WORDS[language], prefix(language)
    fields: dict[str, Any] = {
        "name": words["name"],
        "tagline": words["tagline"],
        "description": words["tagline"],
        "base_url": BASE,
        "language": LANGUAGES[language],
        "languages": tuple(LANGUAGES.values()),
        "time_zone": "Europe/Oslo",
        "sections": tuple(Link(label=s, path=f"{at}/section-{n}/") for n, s in enumerate(words["sections"], start=1)),
        "footer": tuple(Link(label=s, path=f"{at}/page-{n}/") for n, s in enumerate(words["footer"], start=1)),
        "archive_path": f"{at}/archive/",
        "search_path": f"{at}/search/",
        "corrections_path": f"{at}/corrections/",
        "feeds": (FeedLink(title=words["name"], path=f"{at}/feed.xml", media_type="application/rss+xml"),),
        "publisher": words["name"],
        "contact_email": "desk@example.org",
        "licence": "CC BY 4.0",
        "fingerprint": "q3fk 81zu m0ap 77xw",
        "checking_path": f"{at}/reach-us/",
        "privacy": Link(label=words["footer"][2], path=f"{at}/privacy/"),
        "lists_path": f"{at}/letters/",
        "sign_up": a_sign_up(language),
        "support_path": f"{at}/support/",
    }
    return Site(**fields | changes)


def a_sign_up(language: str = "en", **changes: Any) -> SignUp:
    words, at = WORDS[language], prefix(language)
    accepted = consent(language, policy_path=f"{at}/privacy/", policy_version="2")
    fields: dict[str, Any] = {
        "action_url": f"https://join.example.org/{language}/join",
        "list_key": f"{language}.the-week",
        "name": words["list"],
        "path": f"{at}/letters/the-week/",
        "promise": words["promise"],
        "consent_html": accepted.html,
        "wording": accepted.version,
    }
    return SignUp(**fields | changes)


def a_photo(name: str = "dam", *, language: str = "en", **changes: Any) -> Photo:
    types = (("image/avif", "avif"), ("image/webp", "webp"), ("image/jpeg", "jpg"))
    files = tuple(
        PhotoFile(path=f"/media/{name}-{w}.{end}", media_type=kind, width=w, height=w * 2 // 3, bytes=w * 20)
        for kind, end in types
        for w in (320, 640, 1280)
    )
    fields: dict[str, Any] = {
        "alt": WORDS[language]["alt"],
        "credit": "Nina Solberg",
        "caption_html": WORDS[language]["caption"],
        "width": 1280,
        "height": 853,
        "files": files,
        "thumb_data_uri": "data:image/avif;base64,AAAA",
        "inline_data_uri": "data:image/avif;base64,BBBB",
        "colour": "#5a6b78",
    }
    return Photo(**fields | changes)


def a_teaser(number: int = 1, *, language: str = "en", **changes: Any) -> Teaser:
    words, at = WORDS[language], prefix(language)
    headline, standfirst = words["stories"][number % len(words["stories"])]
    section = number % len(words["sections"])
    fields: dict[str, Any] = {
        "article_id": number,
        "path": f"{at}/section-{section + 1}/story-{number}/",
        "headline": headline,
        "short_headline": headline,
        "standfirst": standfirst,
        "kind": "opinion"
        if section == len(words["sections"]) - 1
        else ("news", "feature", "news", "analysis")[number % 4],
        "section": Link(label=words["sections"][section], path=f"{at}/section-{section + 1}/"),
        "bylines": (Byline(name=words["people"][number % len(words["people"])], path=f"{at}/people/p{number}/"),),
        "dateline": words["place"],
        "published": MORNING - timedelta(hours=7 * number),
        "updated": None,
        "language": language,
        "photo": a_photo(f"story-{number}", language=language, inline_data_uri=""),
    }
    return Teaser(**fields | changes)


def some_teasers(count: int, *, language: str = "en", start: int = 1) -> tuple[Teaser, ...]:
    return tuple(a_teaser(n, language=language) for n in range(start, start + count))


def every_block(language: str = "en") -> tuple[Any, ...]:
    """One body block of each kind, with everything each may hold."""
    words = WORDS[language]
    return (
        Text(html=words["paragraphs"][0]),
        Text(html=words["paragraphs"][1]),
        Subhead(text=words["subhead"], level=2, anchor="s1"),
        Text(html=words["paragraphs"][2]),
        PullQuote(text=words["quote"], attribution=words["people"][1]),
        Text(html=words["paragraphs"][3]),
        PhotoBlock(photo=a_photo("wide", language=language, inline_data_uri="", thumb_data_uri=""), size="wide"),
        a_table(language),
        Subhead(text=words["stories"][1][0], level=3, anchor="s2"),
        Quotation(
            text_html=words["paragraphs"][1], attribution=words["people"][2], source_url="https://example.com/letter"
        ),
        FactBox(title=words["subhead"], html=words["paragraphs"][2]),
        Gallery(title=words["stories"][2][0], photos=tuple(a_photo(f"g{n}", language=language) for n in range(3))),
        a_timeline(language),
        Embed(
            target_url="https://example.com/video/1",
            site="example.com",
            title=words["stories"][3][0],
            author=words["people"][0],
            text=words["quote"],
            photo=a_photo("embed", language=language),
        ),
        Document(
            title=words["stories"][1][0], path="/media/letter.pdf", media_type="application/pdf", size_bytes=2_400_000
        ),
        Audio(
            title=words["stories"][2][0],
            path="/media/talk.mp3",
            media_type="audio/mpeg",
            size_bytes=640_000,
            duration_seconds=245,
            transcript_html=words["paragraphs"][2],
        ),
        Note(html=words["paragraphs"][3]),
        Known(title="", known=(words["paragraphs"][0],), unknown=(words["paragraphs"][1],)),
    )


def a_table(language: str = "en") -> Table:
    words = WORDS[language]
    return Table(
        caption=words["table"][0],
        head=words["table"][1],
        rows=words["table"][2],
        first_column_is_head=True,
        source=words["name"],
    )


def a_timeline(language: str = "en") -> Timeline:
    words = WORDS[language]
    entries = tuple(
        TimelineEntry(
            when=f"{n}.2.2025",
            date=date(2025, 2, n) if n % 3 else None,
            title=words["stories"][n % len(words["stories"])][0],
            html=f"<p>{words['stories'][n % len(words['stories'])][1]}</p>",
            article=Link(label=words["stories"][1][0], path="/section-1/story-1/") if n % 2 else None,
        )
        for n in range(1, 6)
    )
    return Timeline(title=words["subhead"], entries=entries)


def _page(of: type[Page], at: str, *, language: str, title: str, changes: dict[str, Any], **own: Any) -> Any:
    fields: dict[str, Any] = {
        "site": a_site(language),
        "path": prefix(language) + at,
        "title": title,
        "description": WORDS[language]["stories"][0][1],
        "alternates": tuple((code, prefix(code) + at) for code in LANGUAGES),
        "breadcrumbs": (Link(label=WORDS[language]["name"], path=LANGUAGES[language].front_path),),
    }
    return of(**fields | own | changes)


def an_article(language: str = "en", **changes: Any) -> Article:
    words, at = WORDS[language], prefix(language)
    headline, standfirst = words["stories"][0]
    others = tuple(other for code, other in LANGUAGES.items() if code != language)
    return _page(
        Article,
        "/section-1/story-0/",
        language=language,
        title=headline,
        changes=changes,
        article_id=7,
        headline=headline,
        short_headline=headline,
        standfirst=standfirst,
        kind="analysis",
        section=Link(label=words["sections"][0], path=f"{at}/section-1/"),
        bylines=(
            Byline(name=words["people"][0], path=f"{at}/people/p0/"),
            Byline(name=words["people"][1], path=f"{at}/people/p1/"),
        ),
        dateline=words["place"],
        photo=a_photo(language=language),
        published=MORNING,
        updated=NOON,
        modified=NOON,
        revision="r7",
        body=every_block(language),
        word_count=912,
        reading_minutes=5,
        tags=tuple(Link(label=s, path=f"{at}/tags/{n}/") for n, s in enumerate(words["tags"])),
        topics=(Link(label=words["topic"], path=f"{at}/topics/vel-dam/"),),
        corrections=(Correction(date=date(2026, 11, 21), text_html=f"<p>{words['correction']}</p>"),),
        translations=tuple(
            Translation(
                language=o, path=f"{prefix(o.code)}/section-1/story-0/", headline=WORDS[o.code]["stories"][0][0]
            )
            for o in others
        ),
        read_more=some_teasers(4, language=language, start=2),
        twin_path=f"{at}/section-1/story-0/article.json",
    )


def a_front(language: str = "en", **changes: Any) -> Front:
    words, at = WORDS[language], prefix(language)
    lead = a_teaser(0, language=language, photo=a_photo("lead", language=language))
    return _page(
        Front,
        "/",
        language=language,
        title=words["name"],
        changes=changes,
        lead=lead,
        seconds=some_teasers(4, language=language, start=1),
        latest=some_teasers(8, language=language, start=5),
        by_section=tuple(
            SectionBlock(
                section=Link(label=section, path=f"{at}/section-{n}/"),
                teasers=tuple(a_teaser(n - 1 + len(words["sections"]) * k, language=language) for k in range(2, 6)),
            )
            for n, section in enumerate(words["sections"], start=1)
        ),
        topics=(Link(label=words["topic"], path=f"{at}/topics/vel-dam/"),),
        notice_html=f'<p>{words["correction"]} <a href="{at}/page-3/">{words["footer"][2]}</a></p>',
    )


def a_listing(language: str = "en", **changes: Any) -> Listing:
    words = WORDS[language]
    teasers = some_teasers(20, language=language)
    return _page(
        Listing,
        "/section-2/",
        language=language,
        title=words["sections"][1],
        changes=changes,
        kind="section",
        heading=words["sections"][1],
        intro_html=f"<p>{words['stories'][1][1]}</p>",
        lead=teasers[0],
        teasers=teasers[1:],
        older=Link(label=words["older"], path="/section-2/archive/3/"),
    )


def an_archive_page(language: str = "en", **changes: Any) -> ArchivePage:
    words = WORDS[language]
    return _page(
        ArchivePage,
        "/section-2/archive/2/",
        language=language,
        title=words["sections"][1],
        changes=changes,
        heading=words["sections"][1],
        parent=Link(label=words["sections"][1], path="/section-2/"),
        number=2,
        teasers=some_teasers(12, language=language),
        older=Link(label=words["older"], path="/section-2/archive/1/"),
        newer=Link(label=words["newer"], path="/section-2/archive/3/"),
    )


def a_topic(language: str = "en", **changes: Any) -> Topic:
    words = WORDS[language]
    return _page(
        Topic,
        "/topics/vel-dam/",
        language=language,
        title=words["topic"],
        changes=changes,
        heading=words["topic"],
        summary_html=words["paragraphs"][0],
        photo=a_photo(language=language),
        key_facts=tuple(standfirst for _, standfirst in words["stories"][:4]),
        timeline=a_timeline(language),
        teasers=some_teasers(6, language=language),
        older=Link(label=words["older"], path="/topics/vel-dam/archive/1/"),
    )


def a_person(language: str = "en", **changes: Any) -> Person:
    words = WORDS[language]
    return _page(
        Person,
        "/people/lida/",
        language=language,
        title=words["people"][0],
        changes=changes,
        name=words["people"][0],
        kind="pen_name",
        role=words["role"],
        bio_html=f"<p>{words['stories'][2][1]}</p>",
        photo=a_photo("face", language=language, width=800, height=800, caption_html=""),
        contact="lida@example.org",
        teasers=some_teasers(5, language=language),
        older=None,
    )


def a_month(language: str = "en", **changes: Any) -> Month:
    words = WORDS[language]
    return _page(
        Month,
        "/archive/2026/11/",
        language=language,
        title=words["month"],
        changes=changes,
        year=2026,
        month=11,
        days=tuple(
            MonthDay(date=date(2026, 11, n), teasers=some_teasers(3, language=language, start=n)) for n in (19, 18, 16)
        ),
        part=1,
        parts=(
            Link(label=words["newer"], path="/archive/2026/11/"),
            Link(label=words["older"], path="/archive/2026/11/2/"),
        ),
        earlier=Link(label=words["older"], path="/archive/2026/10/"),
        later=None,
    )


def an_archive(language: str = "en", **changes: Any) -> Archive:
    words = WORDS[language]
    site = a_site(language)
    return _page(
        Archive,
        "/archive/",
        language=language,
        title=words["footer"][4],
        changes=changes,
        years=tuple(
            ArchiveYear(
                year=year,
                months=tuple((date(year, m, 1), f"/archive/{year}/{m:02}/") for m in range(12, 0, -1)),
            )
            for year in (2026, 2025)
        ),
        sections=site.sections,
        topics=(Link(label=words["topic"], path="/topics/vel-dam/"),),
    )


def a_search(language: str = "en", **changes: Any) -> Search:
    archive = an_archive(language)
    ways = {name: getattr(archive, name) for name in ("years", "sections", "topics")}
    return _page(
        Search, "/search/", language=language, title="", changes=ways | changes, index_path=f"/search/{language}/"
    )


def some_corrections(language: str = "en", **changes: Any) -> Corrections:
    words = WORDS[language]
    link = Link(label=words["stories"][0][0], path="/section-1/story-0/")
    return _page(
        Corrections,
        "/corrections/",
        language=language,
        title=words["footer"][3],
        changes=changes,
        intro_html=f"<p>{words['stories'][1][1]}</p>",
        corrections=(Correction(date=date(2026, 11, 21), text_html=f"<p>{words['correction']}</p>", article=link),),
    )


def a_static_page(language: str = "en", **changes: Any) -> StaticPage:
    words = WORDS[language]
    return _page(
        StaticPage,
        "/page-3/",
        language=language,
        title=words["footer"][2],
        changes=changes,
        heading=words["footer"][2],
        body=(
            Text(html=words["paragraphs"][0]),
            Subhead(text=words["subhead"], level=2, anchor="a"),
            Text(html=words["paragraphs"][2]),
        ),
        version="2",
        version_date=date(2026, 9, 1),
    )


def a_not_found(language: str = "en", **changes: Any) -> NotFound:
    fields = {"alternates": (), "is_indexable": False, **changes}
    return _page(NotFound, "/404.html", language=language, title="404", changes=fields)


def an_offline_page(language: str = "en", **changes: Any) -> Offline:
    fields: dict[str, Any] = {"keeps_pages": True, "kept_days": 7, "most_pages": 60, "is_indexable": False}
    return _page(Offline, "/offline/", language=language, title="", changes=changes, **fields)


def a_tombstone(language: str = "en", **changes: Any) -> Tombstone:
    words = WORDS[language]
    fields = {"alternates": (), "is_indexable": False, **changes}
    return _page(
        Tombstone,
        "/section-1/gone/",
        language=language,
        title=words["stories"][3][0],
        changes=fields,
        withdrawn=date(2026, 10, 2),
        reason=words["correction"],
    )


def a_redirect(language: str = "en", **changes: Any) -> Redirect:
    fields = {"alternates": (), "is_indexable": False, **changes}
    return _page(Redirect, "/old/", language=language, title="/old/", changes=fields, target="/section-1/story-0/")


def some_letters(count: int, *, language: str = "en") -> tuple[LetterLink, ...]:
    words, at = WORDS[language], prefix(language)
    days = [date(2026, 11, 20) - timedelta(days=7 * n) for n in range(count)]
    return tuple(
        LetterLink(
            path=f"{at}/letters/the-week/{day}/",
            subject=words["stories"][n % len(words["stories"])][0],
            preheader=words["stories"][n % len(words["stories"])][1],
            date=day,
        )
        for n, day in enumerate(days)
    )


def a_list_page(language: str = "en", **changes: Any) -> ListPage:
    words = WORDS[language]
    return _page(
        ListPage,
        "/letters/the-week/",
        language=language,
        title=words["list"],
        changes=changes,
        name=words["list"],
        promise=words["promise"],
        about_html=words["paragraphs"][0],
        cadence="weekly",
        weekday=4,
        hour=time(8),
        sign_up=a_sign_up(language),
        letters=some_letters(12, language=language),
        older=Link(label="1", path=f"{prefix(language)}/letters/the-week/archive/1/"),
    )


def a_lists_index(language: str = "en", **changes: Any) -> ListsIndex:
    words, at = WORDS[language], prefix(language)
    cards = tuple(
        ListCard(
            path=f"{at}/letters/list-{n}/",
            name=words["list"],
            promise=words["promise"],
            is_open=n == 1,
            latest=some_letters(1, language=language)[0] if n == 1 else None,
        )
        for n in (1, 2)
    )
    return _page(ListsIndex, "/letters/", language=language, title="", changes=changes, lists=cards)


def a_letter_body(language: str = "en") -> tuple[LetterBlock, ...]:
    """Each block of a letter, with everything each may hold."""
    words, at = WORDS[language], prefix(language)
    stories = [
        Story(
            path=f"{at}/section-1/story-{n}/",
            headline=headline,
            teaser=standfirst,
            photo=a_photo(f"story-{n}", language=language, caption_html="") if n % 2 == 0 else None,
            cid=f"photo-{n // 2 + 1}@stet.invalid" if n % 2 == 0 else "",
        )
        for n, (headline, standfirst) in enumerate(words["stories"])
    ]
    return (
        *stories[:2],
        Divider(text=words["sections"][0]),
        Text(html=words["paragraphs"][2]),
        *stories[2:],
        Appeal(html=words["paragraphs"][1], label=words["role"], target=f"{at}/page-1/"),
    )


def a_letter_page(language: str = "en", **changes: Any) -> LetterPage:
    words, at = WORDS[language], prefix(language)
    headline, standfirst = words["stories"][0]
    return _page(
        LetterPage,
        "/letters/the-week/2026-11-20/",
        language=language,
        title=headline,
        changes=changes,
        list=Link(label=words["list"], path=f"{at}/letters/the-week/"),
        subject=headline,
        preheader=standfirst,
        date=date(2026, 11, 20),
        intro_html=words["paragraphs"][0],
        body=a_letter_body(language),
        sign_off_html=f"<p>{words['people'][0]}</p>",
        sign_up=a_sign_up(language),
    )


def a_letter_mail(language: str = "en", **changes: Any) -> LetterMail:
    page = a_letter_page(language)
    fields: dict[str, Any] = {
        "site": a_site(language),
        "list": page.list,
        "subject": page.subject,
        "preheader": page.preheader,
        "date": page.date,
        "path": page.path,
        "intro_html": page.intro_html,
        "body": page.body,
        "sign_off_html": page.sign_off_html,
        "home_urls": (BASE,),
        "other_urls": ("https://tide.example.com", "https://shore.example.net/paper", ONION),
        "reach_url": f"{BASE}{prefix(language)}/reach-us/",
    }
    return LetterMail(**fields | changes)


def some_currencies(language: str = "en") -> tuple[GiveCurrency, ...]:
    """Dollars, euros and a currency without fractions; a bank transfer can be made once only."""
    card, bank = WORDS[language]["methods"]
    methods = (
        GiveMethod(key="card", name=card[0], note=card[1]),
        GiveMethod(key="bank", name=bank[0], note=bank[1]),
    )
    suggested = {
        "USD": (200, 1_000_000, (1000, 2500, 5000, 10000), (500, 1000, 2000, 4000), (5000, 10000, 20000)),
        "EUR": (200, 1_000_000, (1000, 2500, 5000, 10000), (500, 1000, 2000, 4000), (5000, 10000, 20000)),
        "JPY": (300, 1_000_000, (1500, 3000, 6000, 12000), (500, 1000, 2000, 4000), (6000, 12000, 24000)),
    }
    return tuple(
        GiveCurrency(
            code=code,
            smallest_minor=smallest,
            largest_minor=largest,
            forms=(
                GiveForm(interval="once", amounts_minor=once, methods=methods),
                GiveForm(interval="monthly", amounts_minor=monthly, methods=methods[:1]),
                GiveForm(interval="annual", amounts_minor=annual, methods=methods[:1]),
            ),
        )
        for code, (smallest, largest, once, monthly, annual) in suggested.items()
    )


def a_support_page(language: str = "en", **changes: Any) -> SupportPage:
    words = WORDS[language]["support"]
    made: SupportPage = _page(
        SupportPage, "/support/", language=language, title=words["heading"], changes=changes,
        heading=words["heading"],
        letter_html=words["letter"],
        pays_for_html=words["pays_for"],
        other_ways_html=words["other_ways"],
        give_url=f"https://join.example.org/{language}/give",
        remind_url=f"https://join.example.org/{language}/remind",
        preselected="once",
        currencies=some_currencies(language),
        warnings=(CountryWarning(country="XV", text=words["warning"]),),
        label="FAR SHORE COOP",
        quiet_weeks=4,
        script_html="<script>1</script>",
        ticker=Ticker(supporters=1240, goal=3000),
    )  # fmt: skip
    return made


def a_support_notice(language: str = "en", **changes: Any) -> SupportNotice:
    made: SupportNotice = _page(
        SupportNotice, "/support/", language=language, title="", changes=changes,
        country="XV", paragraphs=(WORDS[language]["support"]["warning"],),
    )  # fmt: skip
    return made


def some_mirrors() -> tuple[MirrorLine, ...]:
    """One in each state, an onion address and IPFS."""
    hour = datetime(2026, 11, 26, 5, tzinfo=UTC)
    return (
        MirrorLine(address="https://tide.example.com", kind="mirror", state="current", checked=hour),
        MirrorLine(address="https://shore.example.net/paper", kind="mirror", state="behind", checked=hour),
        MirrorLine(address="https://reef.example.org", kind="mirror", state="unreachable", checked=hour),
        MirrorLine(address="https://sand.example.com", kind="mirror", state="broken", checked=hour),
        MirrorLine(address="https://new.example.com", kind="mirror"),
        MirrorLine(address=ONION, kind="onion", state="current", checked=hour),
        MirrorLine(address="ipns://farshore.example.org", kind="ipfs", state="current", checked=hour),
    )


def a_reach_page(language: str = "en", **changes: Any) -> ReachPage:
    words, at = WORDS[language], prefix(language)
    made: ReachPage = _page(
        ReachPage,
        "/reach-us/",
        language=language,
        title="",
        changes={"description": "", **changes},
        body=(Subhead(text=words["subhead"], level=2, anchor="a"), Text(html=words["paragraphs"][2])),
        mirrors=some_mirrors(),
        retired=(RetiredMirror(address="https://old.example.com", since=date(2026, 11, 20)),),
        qr_url="https://tide.example.com/",
        mirrors_path="/mirrors.json",
        verify_path="/verify.html",
        check_path="/check.html",
        offline=(
            OfflineEdition(kind="zip", path=f"/offline/{language}/week.zip", size_bytes=2_400_000),
            OfflineEdition(kind="epub", path=f"/offline/{language}/week.epub", size_bytes=1_200_000),
            OfflineEdition(kind="pdf", path=f"/offline/{language}/week.pdf", size_bytes=3_900_000),
        ),
    )
    assert made.path == f"{at}/reach-us/"
    return made


def an_answer_shell(language: str = "en", **changes: Any) -> AnswerShell:
    fields = {"alternates": (), "is_indexable": False, "description": "", **changes}
    return _page(AnswerShell, "/letters/answer/", language=language, title="", changes=fields)


def a_claim_note(number: int = 1, language: str = "en", **changes: Any) -> ClaimNote:
    """A claim with everything it may say of itself."""
    at, day = prefix(language), date(2026, 11, 19)
    fields: dict[str, Any] = {
        "id": f"0b9c1c52-0000-4000-8000-{number:012d}",
        "number": number,
        "marks": (f"c{number}", f"c{number}-2"),
        "sentence": WORDS[language]["quote"],
        "language": language,
        "chain": (
            ClaimSource(
                name=WORDS[language]["people"][0], role=WORDS[language]["role"], path=f"{at}/sources/p0/",
                kind="person", id="0b9c1c52-1111-4000-8000-000000000001", verb="told", addressee="us", said_on=day,
            ),
            ClaimSource(name=WORDS[language]["people"][1], verb="leaked"),
        ),
        "as_of": day,
        "made": day,
        "place": WORDS[language]["place"],
        "value": ClaimValue(low=Decimal(500), best=Decimal(600 + number), high=Decimal(700), unit="m"),
        "history": (
            ClaimStatus(status="reported", date=day),
            ClaimStatus(status="denied", date=date(2026, 11, 21), note=WORDS[language]["alt"], by="The dam office"),
        ),
        "has_changed": True,
        "roots": 2,
        "others": (
            OtherClaim(
                relation="contradicts", sentence=WORDS[language]["caption"], language=language, status="reported",
                chain=(ClaimSource(name=WORDS[language]["people"][2]),),
            ),
        ),
        "question": Link(label=WORDS[language]["topic"], path=f"{at}/questions/vel-dam/"),
        "evidence": (
            ClaimEvidence(
                title="Letter 3", target="/evidence/3f3f.pdf", sha256="3f" * 32, captured="2026-11-20",
                authenticity="verified", verified_by="the desk",
            ),
        ),
        "articles": (Link(label=WORDS[language]["stories"][0][0], path=f"{at}/section-1/story-0/"),),
        "verdict": "partly",
        "verdict_text": WORDS[language]["alt"],
    }  # fmt: skip
    return ClaimNote(**fields | changes)


def an_article_with_claims(language: str = "en", **changes: Any) -> Article:
    """An article in which a claim is marked twice, and another that no longer stands."""
    notes = (
        a_claim_note(1, language),
        a_claim_note(2, language, stands=False, history=(ClaimStatus(status="withdrawn", date=date(2026, 11, 22)),)),
    )
    text = "".join(f"<p>{marked('600', number=n, occurrence=o)}</p>" for n, o in ((1, 1), (1, 2), (2, 1), (2, 2)))
    fields = {"claims": notes, "claims_path": f"{prefix(language)}/section-1/story-0/claims.jsonld"}
    return an_article(language, **{"body": (Text(html=text),)} | fields | changes)


def a_live(language: str = "en", *, path: str = "/section-1/story-0/", **changes: Any) -> Live:
    """Coverage that is on: key points, a corrected entry, others before."""
    words, at = WORDS[language], f"{prefix(language)}{path}"
    entries = tuple(
        LiveEntry(
            number=n,
            path=f"{at}live/1/#e{n}",
            posted=NOON + timedelta(minutes=7 * n),
            headline=words["stories"][n][0],
            text_html=f"<p>{words['stories'][n][1]}</p><ol><li>{words['place']}</li></ol>",
            corrected=date(2026, 11, 21) if n == 2 else None,
            correction=words["correction"] if n == 2 else "",
        )
        for n in (4, 3, 2, 1)
    )
    fields = {
        "is_on": True, "started": NOON, "points": (Link(label=words["stories"][1][0], path=f"{at}live/1/#e1"),),
        "entries": entries, "older": Link(label="1", path=f"{at}live/1/"),
    }  # fmt: skip
    return Live(**fields | changes)


def an_article_covered_live(language: str = "en", **changes: Any) -> Article:
    """An article with live coverage."""
    fields = {"live": a_live(language), "kind": "live", "body": (Text(html="<p>.</p>"),)}
    return an_article(language, **fields | changes)


def _covered(kind: type[Any], name: str, language: str, changes: dict[str, Any], **own: Any) -> Any:
    words, at = WORDS[language], prefix(language)
    article = Link(label=words["stories"][0][0], path=f"{at}/section-1/story-0/")
    return _page(
        kind, f"/section-1/story-0/live/{name}/", language=language, title=article.label, changes=changes,
        article=article, live=a_live(language), **own,
    )  # fmt: skip


def a_live_part(language: str = "en", **changes: Any) -> LivePart:
    newer = Link(label="3", path=f"{prefix(language)}/section-1/story-0/live/3/")
    return _covered(LivePart, "2", language, changes, number=2, newer=newer)  # type: ignore[no-any-return]


def live_news(language: str = "en", **changes: Any) -> LiveNews:
    return _covered(LiveNews, "new", language, changes, is_indexable=False)  # type: ignore[no-any-return]


def a_question_page(language: str = "en", **changes: Any) -> Question:
    at = prefix(language)
    notes = tuple(a_claim_note(n, language) for n in range(1, 4))
    return _page(
        Question,
        "/questions/vel-dam/",
        language=language,
        title=WORDS[language]["topic"],
        changes=changes,
        heading=WORDS[language]["topic"],
        intro_html=f"<p>{WORDS[language]['caption']}</p>",
        claims=(*notes, a_claim_note(4, language, stands=False)),
        count=24,
        first=21,
        ranges=(ClaimRange(unit="m", low=Decimal(500), high=Decimal(700), claims=3),),
        roots=2,
        data_paths=(f"{at}/questions/vel-dam/question.csv", f"{at}/questions/vel-dam/question.json"),
        older=Link(label="1", path=f"{at}/questions/vel-dam/archive/1/"),
    )


def some_questions(language: str = "en", **changes: Any) -> Questions:
    at = prefix(language)
    return _page(
        Questions,
        "/questions/",
        language=language,
        title="",
        changes=changes,
        questions=(Link(label=WORDS[language]["topic"], path=f"{at}/questions/vel-dam/"),),
        older=Link(label="2", path=f"{at}/questions/2/"),
    )


def a_source_page(language: str = "en", **changes: Any) -> SourcePage:
    at = prefix(language)
    return _page(
        SourcePage,
        "/sources/p0/",
        language=language,
        title=WORDS[language]["people"][0],
        changes=changes,
        name=WORDS[language]["people"][0],
        kind="person",
        role=WORDS[language]["role"],
        interest=WORDS[language]["place"],
        claims=(a_claim_note(1, language), a_claim_note(2, language, stands=False)),
        count=22,
        older=Link(label="1", path=f"{at}/sources/p0/archive/1/"),
    )


FULL = {
    "article": an_article,
    "front": a_front,
    "listing": a_listing,
    "archive_page": an_archive_page,
    "topic": a_topic,
    "person": a_person,
    "month": a_month,
    "archive": an_archive,
    "search": a_search,
    "corrections": some_corrections,
    "page": a_static_page,
    "not_found": a_not_found,
    "offline": an_offline_page,
    "tombstone": a_tombstone,
    "redirect": a_redirect,
    "list": a_list_page,
    "lists": a_lists_index,
    "letter": a_letter_page,
    "support": a_support_page,
    "support_notice": a_support_notice,
    "article_with_claims": an_article_with_claims,
    "article_covered_live": an_article_covered_live,
    "live": a_live_part,
    "live_news": live_news,
    "question": a_question_page,
    "questions": some_questions,
    "source": a_source_page,
    "reach": a_reach_page,
}
"""A builder of each page with everything it may hold."""

BARE_CLAIM = ClaimNote(id="0", sentence="It is so.", language="en", chain=(), made=date(2026, 11, 19), history=())
"""A claim that says nothing of itself."""

_BARE: dict[str, Any] = {"description": "", "alternates": (), "breadcrumbs": ()}

MINIMAL: dict[str, dict[str, Any]] = {
    "article": {
        "standfirst": "", "section": None, "bylines": (), "dateline": "", "photo": None, "updated": None, "body": (),
        "tags": (), "topics": (), "corrections": (), "translations": (), "read_more": (), "kind": "news",
    },
    "front": {"lead": None, "seconds": (), "latest": (), "by_section": (), "topics": (), "notice_html": ""},
    "listing": {"kind": "tag", "intro_html": "", "lead": None, "teasers": (), "older": None},
    "archive_page": {"teasers": (), "older": None, "newer": None},
    "topic": {"summary_html": "", "photo": None, "key_facts": (), "timeline": None, "teasers": (), "older": None},
    "person": {"kind": "name", "role": "", "bio_html": "", "photo": None, "contact": "", "teasers": ()},
    "month": {"days": (), "parts": (), "earlier": None},
    "archive": {"years": (), "sections": (), "topics": ()},
    "search": {"years": (), "sections": (), "topics": ()},
    "corrections": {"intro_html": "", "corrections": ()},
    "page": {"body": (), "version": "", "version_date": None},
    "not_found": {},
    "offline": {"keeps_pages": False},
    "tombstone": {"reason": ""},
    "redirect": {"target": "https://example.com/new/"},
    "list": {"about_html": "", "sign_up": None, "letters": (), "older": None, "cadence": "irregular"},
    "lists": {"lists": ()},
    "letter": {"preheader": "", "intro_html": "", "body": (), "sign_off_html": "", "sign_up": None},
    "support": {
        "letter_html": "", "pays_for_html": "", "other_ways_html": "", "currencies": (), "warnings": (), "label": "",
        "ticker": None,
    },
    "support_notice": {"paragraphs": ()},
    "live": {"live": Live(is_on=False, started=MORNING, ended=NOON), "newer": None},
    "live_news": {"live": Live(is_on=False, started=MORNING, ended=NOON)},
    "question": {
        "intro_html": "", "claims": (BARE_CLAIM,), "count": 1, "first": 1, "ranges": (), "roots": 0, "older": None,
    },
    "questions": {"questions": (), "older": None},
    "reach": {
        "body": (), "mirrors": (), "retired": (), "qr_url": "", "mirrors_path": "", "verify_path": "",
        "check_path": "", "offline": (),
    },
    "source": {"role": "", "interest": "", "claims": (BARE_CLAIM,), "count": 1, "older": None},
}  # fmt: skip
"""What each page is given in place of its copy to have nothing that it can do without."""


def a_bare_site() -> Site:
    """A site with nothing but what it must have."""
    return a_site(
        tagline="", languages=(ENGLISH,), sections=(), footer=(), feeds=(), publisher="", contact_email="", licence="",
        fingerprint="", checking_path=None, privacy=None, lists_path=None, sign_up=None,
        support_path=None,
    )  # fmt: skip


def full(name: str, language: str = "en") -> Page:
    """The named page with everything it may hold."""
    page: Page = FULL[name](language)
    return page


def minimal(name: str) -> Page:
    """The named page with nothing that it can do without."""
    page: Page = FULL[name](site=a_bare_site(), **_BARE | MINIMAL[name])
    return page
