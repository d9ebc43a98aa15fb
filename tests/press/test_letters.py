"""Letters are printed: their sheets, their lists, and what the private wing reads of them."""

import hashlib
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.conf import settings
from PIL import Image
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, PageViewRestriction

from stet.appeals.models import set_silence
from stet.edition.page_signature import read_signature
from stet.kit import canonical
from stet.letters.models import LetterPage, ListPage
from stet.newsroom.models import ArticlePage, StaticPage
from stet.press.job import rank_of
from stet.press.letters import LISTS_PATH, MOST_PHOTOS
from stet.press.photos import LETTER_BYTES, LETTER_WIDTH, letter_jpeg
from tests.press.appeal_builders import an_appeal
from tests.press.builders import House, SmallPaper, a_photo, an_article, stored, text
from tests.press.letter_builders import FRIDAY, a_letter, a_list, a_policy, a_story
from tests.press.support_builders import a_support_page

LETTER = "/letters/the-week/first/"
FRONTDESK = "https://join.example.org"


@pytest.fixture
def frontdesk() -> Iterator[None]:
    """A paper whose readers can sign up."""
    before = settings.STET_PAPER
    settings.STET_PAPER = replace(before, frontdesk_url=FRONTDESK)
    yield
    settings.STET_PAPER = before


def told(house: House, path: str) -> Any:
    """What a printed JSON sheet says; it is in its one spelling."""
    return canonical.read((house.site / path.lstrip("/")).read_bytes())


def body(house: House, path: str) -> bytes:
    """A printed sheet's bytes."""
    return (house.site / path.lstrip("/")).read_bytes()


# --- A letter's sheets ---


def test_a_letter_is_four_sheets_and_its_photos(house: House, paper: SmallPaper) -> None:
    story = an_article(paper.sections["en"][0], "flood", title="Flood in Lomenna", lead_photo=a_photo())
    a_letter(a_list(paper.fronts["en"]), stories=(story,))

    house.print()

    for name in ("index.html", "mail.html", "mail.txt"):
        assert "Flood in Lomenna" in house.page(LETTER + name)
    assert [photo["path"] for photo in told(house, f"{LETTER}letter.json")["photos"]] == [f"{LETTER}photo-1.jpg"]
    assert house.check().ok
    assert house.verify() == []


ASKED = ("index.html", "mail.html", "mail.txt")


@pytest.mark.usefixtures("frontdesk")
def test_a_letter_prints_a_chosen_appeal_and_leads_to_the_support_page(house: House, paper: SmallPaper) -> None:
    a_support_page(paper.fronts["en"])
    appeal = an_appeal(paper, "spring", words=("Keep us going", "Another way"))
    a_letter(a_list(paper.fronts["en"]), body=stored(("appeal", {"appeal": appeal.pk, "text": ""})))
    house.print()

    for name in ASKED:
        sheet = house.page(LETTER + name)
        assert "Keep us going, please." in sheet, name
        assert "Another way" not in sheet, name
        assert "/support/#from=spring-a" in sheet, name
        assert "Support us" in sheet, name
    assert "http://127.0.0.1" in re.findall(r"(\S*)/support/#from=spring-a", house.page(f"{LETTER}mail.txt"))[0]
    assert 'href="/support/#from=spring-a"' in house.page(LETTER)
    assert house.check().ok


@pytest.mark.usefixtures("frontdesk")
def test_a_letter_may_say_it_otherwise_and_is_counted_all_the_same(house: House, paper: SmallPaper) -> None:
    a_support_page(paper.fronts["en"])
    own = {"appeal": an_appeal(paper, "spring").pk, "text": "<p>Our own words.</p>", "link_label": "Go on"}
    a_letter(a_list(paper.fronts["en"]), body=stored(("appeal", own)))
    house.print()

    for name in ASKED:
        sheet = house.page(LETTER + name)
        assert "Our own words." in sheet, name
        assert "Go on" in sheet, name
        assert "Keep us going" not in sheet, name
        assert "/support/#from=spring-a" in sheet, name


@pytest.mark.usefixtures("frontdesk")
def test_a_letter_follows_its_chosen_appeal(house: House, paper: SmallPaper) -> None:
    page = a_support_page(paper.fronts["en"])
    appeal = an_appeal(paper, "spring")
    a_letter(a_list(paper.fronts["en"]), body=stored(("appeal", {"appeal": appeal.pk, "text": ""})))
    house.print()

    appeal.variants.update(title="Stay with us")
    house.print()
    assert "Stay with us" in house.page(f"{LETTER}mail.txt")
    assert house.check().ok

    page.is_open = False
    page.save_revision().publish()
    house.print()
    assert "Stay with us" in house.page(f"{LETTER}mail.txt")
    assert "/support/" not in house.page(f"{LETTER}mail.txt"), "Nothing can be given there."
    assert house.check().ok

    appeal.refresh_from_db()
    appeal.unpublish()
    house.print()
    assert "Stay with us" not in house.page(f"{LETTER}mail.txt")
    assert house.check().ok


def test_an_appeal_in_another_language_is_no_part_of_a_letter(house: House, paper: SmallPaper) -> None:
    russian = {"appeal": an_appeal(paper, "spring", language="ru").pk, "text": "<p>Our own words.</p>"}
    a_letter(a_list(paper.fronts["en"]), body=stored(("appeal", russian)))
    house.print()

    assert "Our own words" not in house.page(f"{LETTER}mail.txt")


def test_a_silent_paper_asks_by_no_appeal_in_its_letters(house: House, paper: SmallPaper) -> None:
    a_letter(a_list(paper.fronts["en"]), body=stored(("appeal", {"appeal": an_appeal(paper).pk, "text": ""})))
    house.print()
    assert "Keep us going" in house.page(f"{LETTER}mail.txt")
    set_silence(is_silent=True, user=None)
    house.print()

    assert "Keep us going" not in house.page(f"{LETTER}mail.txt")
    assert house.check().ok


def test_a_mail_carries_no_signature_and_its_page_does(house: House, paper: SmallPaper) -> None:
    a_letter(a_list(paper.fronts["en"]))
    house.print()

    assert read_signature(body(house, f"{LETTER}index.html")) is not None
    assert read_signature(body(house, f"{LETTER}mail.html")) is None
    assert house.verify() == []


def test_a_letter_says_all_that_the_mailroom_needs(house: House, paper: SmallPaper) -> None:
    story = an_article(paper.sections["en"][0], "flood", lead_photo=a_photo())
    letter = a_letter(
        a_list(paper.fronts["en"], time_zone="Asia/Tehran", from_name="Paper, the letters"),
        stories=(story,), title="What the river took", preheader="And what it left", due_time=time(9, 30),
        is_local=False,
    )  # fmt: skip
    house.print()

    said = told(house, f"{LETTER}letter.json")

    photo = body(house, f"{LETTER}photo-1.jpg")
    assert said == {
        "version": 1, "id": str(letter.letter_id), "list": "en.the-week", "language": "en", "direction": "ltr",
        "subject": "What the river took", "preheader": "And what it left", "from_name": "Paper, the letters",
        "due": "2026-03-06T09:30", "is_local": False, "time_zone": "Asia/Tehran", "page": LETTER,
        "html": {
            "path": f"{LETTER}mail.html", "digest": hashlib.sha256(body(house, f"{LETTER}mail.html")).hexdigest()
        },
        "text": {"path": f"{LETTER}mail.txt", "digest": hashlib.sha256(body(house, f"{LETTER}mail.txt")).hexdigest()},
        "photos": [
            {
                "cid": "photo-1", "path": f"{LETTER}photo-1.jpg", "media_type": "image/jpeg",
                "digest": hashlib.sha256(photo).hexdigest(), "bytes": len(photo),
            }
        ],
    }  # fmt: skip


def test_a_list_without_a_name_and_zone_of_its_own_has_the_papers(house: House, paper: SmallPaper) -> None:
    a_letter(a_list(paper.fronts["ru"]))
    house.print()

    said = told(house, "/ru/letters/the-week/first/letter.json")

    assert (said["from_name"], said["time_zone"], said["due"]) == ("Paper ru", "UTC", "2026-03-06T08:00")


def test_a_draft_is_not_printed(house: House, paper: SmallPaper) -> None:
    a_letter(a_list(paper.fronts["en"]), live=False, title="Not yet")
    house.print()

    assert not house.has(LETTER)
    assert not [f for f in house.site.rglob("*") if f.is_file() and b"Not yet" in f.read_bytes()]


def test_a_letter_that_is_taken_down_leaves_nothing(house: House, paper: SmallPaper) -> None:
    story = an_article(paper.sections["en"][0], "flood", lead_photo=a_photo())
    letter = a_letter(a_list(paper.fronts["en"]), stories=(story,))
    house.print()

    letter.unpublish()
    house.print()

    assert list((house.site / "letters" / "the-week").iterdir()) == [house.site / "letters" / "the-week" / "index.html"]
    assert told(house, LISTS_PATH)["lists"][0]["letters"] == []
    assert house.check().ok


def test_a_picked_story_that_is_no_longer_published_leaves_the_letter(house: House, paper: SmallPaper) -> None:
    gone = an_article(paper.sections["en"][0], "flood", title="Flood in Lomenna")
    stays = an_article(paper.sections["en"][0], "verdict", title="The verdict")
    a_letter(a_list(paper.fronts["en"]), stories=(gone, stays))
    house.print()

    gone.unpublish()
    house.print()

    for name in ("index.html", "mail.html", "mail.txt"):
        assert "Flood in Lomenna" not in house.page(LETTER + name)
        assert "The verdict" in house.page(LETTER + name)
    assert house.check().ok


def test_a_story_says_in_a_letter_what_the_editor_wants(house: House, paper: SmallPaper) -> None:
    story = an_article(paper.sections["en"][0], "flood", title="Flood in Lomenna", standfirst="The gauge stopped.")
    own = a_story(story.pk, headline="The night of the flood", teaser="Read this first.")
    a_letter(a_list(paper.fronts["en"]), body=stored(own))
    house.print()

    for name in ("index.html", "mail.html", "mail.txt"):
        page = house.page(LETTER + name)
        assert [words in page for words in ("The night of the flood", "Read this first.")] == [True, True]
        assert [words in page for words in ("Flood in Lomenna", "The gauge stopped.")] == [False, False]


def test_a_headline_changed_in_the_story_changes_in_the_letter(house: House, paper: SmallPaper) -> None:
    story = an_article(paper.sections["en"][0], "flood", title="Flood in Lomenna")
    a_letter(a_list(paper.fronts["en"]), stories=(story,))
    house.print()

    ArticlePage.objects.filter(pk=story.pk).update(title="Flood in Harsk")
    house.print()

    assert "Flood in Harsk" in house.page(f"{LETTER}mail.txt")
    assert house.check().ok


def test_links_in_a_mail_are_whole_addresses(house: House, paper: SmallPaper) -> None:
    story = an_article(paper.sections["en"][0], "flood")
    link = f'<p>As <a linktype="page" id="{story.pk}">we wrote</a>.</p>'
    appeal = ("appeal", {"text": "<p>Help.</p>", "link_label": "Give", "link_url": "/about/"})
    a_letter(a_list(paper.fronts["en"]), intro=link, body=stored(text(link), appeal), sign_off=link)
    house.print()

    html = house.page(f"{LETTER}mail.html")
    base = settings.STET_PAPER.base_url
    assert html.count(f'href="{base}/2026/03/01/flood/"') == 3
    assert f'href="{base}/about/"' in html
    assert not re.findall(r'href="/', html)
    assert 'href="/2026/03/01/flood/"' in house.page(LETTER)


BUTTONS = {
    "a script": ("javascript:alert(1)", False),
    "another host without a scheme": ("//example.com/", False),
    "an address": ("https://example.com/give", True),
    "words": ("give here", False),
}


@pytest.mark.parametrize("case", BUTTONS)
def test_a_button_leads_only_where_a_mail_may_lead(house: House, paper: SmallPaper, case: str) -> None:
    url, is_shown = BUTTONS[case]
    appeal = ("appeal", {"text": "<p>Help.</p>", "link_label": "Give now", "link_url": url})
    a_letter(a_list(paper.fronts["en"]), body=stored(appeal))
    house.print()

    assert ("Give now" in house.page(f"{LETTER}mail.html")) is is_shown
    assert ("Give now" in house.page(LETTER)) is is_shown


def test_a_block_that_nobody_knows_or_that_is_empty_is_left_out(house: House, paper: SmallPaper) -> None:
    odd = [("quiz", {"a": 1}), ("divider", " "), ("text", ""), ("story", {"article": None}), ("appeal", {})]
    a_letter(a_list(paper.fronts["en"]), body=stored(*odd, text("<p>Still here.</p>")))
    house.print()

    assert "Still here." in house.page(f"{LETTER}mail.txt")
    assert "* * *" not in house.page(f"{LETTER}mail.txt")


# --- Photos ---


def test_six_photos_travel_at_the_most(house: House, paper: SmallPaper) -> None:
    stories = tuple(
        an_article(paper.sections["en"][0], f"story-{n}", lead_photo=a_photo(f"#{n}0{n}0{n}0")) for n in range(1, 9)
    )
    a_letter(a_list(paper.fronts["en"]), stories=stories)
    house.print()

    assert len(told(house, f"{LETTER}letter.json")["photos"]) == MOST_PHOTOS
    assert house.page(f"{LETTER}mail.html").count("cid:photo-") == MOST_PHOTOS
    assert house.page(LETTER).count("<picture>") == MOST_PHOTOS


def test_a_list_without_photos_has_none(house: House, paper: SmallPaper) -> None:
    story = an_article(paper.sections["en"][0], "flood", lead_photo=a_photo())
    a_letter(a_list(paper.fronts["en"], has_photos=False), stories=(story,))
    house.print()

    assert told(house, f"{LETTER}letter.json")["photos"] == []
    assert "<img" not in house.page(f"{LETTER}mail.html")
    assert "<picture>" not in house.page(LETTER)


def test_a_story_may_stand_without_its_photo_or_with_another(house: House, paper: SmallPaper) -> None:
    story = an_article(paper.sections["en"][0], "flood", lead_photo=a_photo("#112233"))
    own = a_photo("#445566")
    blocks = stored(a_story(story.pk, with_photo=False), a_story(story.pk, photo=own.pk))
    a_letter(a_list(paper.fronts["en"]), body=blocks)
    house.print()

    assert len(told(house, f"{LETTER}letter.json")["photos"]) == 1
    assert 'alt="A field of #445566"' in house.page(f"{LETTER}mail.html")


def test_a_letters_photo_is_small_and_knows_nothing_of_its_file(tmp_path: Any) -> None:
    original = tmp_path / "large.jpg"
    noise = Image.effect_noise((1600, 1100), 90).convert("RGB")
    exif = Image.Exif()
    exif[0x010F] = "A camera"
    noise.save(original, "JPEG", quality=95, exif=exif, comment=b"A comment")

    made = letter_jpeg(original)

    assert len(made) <= LETTER_BYTES
    with Image.open(io.BytesIO(made)) as image:
        assert (image.format, image.mode) == ("JPEG", "RGB")
        assert image.width <= LETTER_WIDTH
        assert not image.getexif()
        assert image.info.keys() & {"comment", "icc_profile", "exif"} == set()


# --- Lists ---


def test_a_list_says_what_it_is_and_shows_its_latest_letter(house: House, paper: SmallPaper, frontdesk: None) -> None:
    of = a_list(paper.fronts["en"], about="<p>Since 2020.</p>")
    a_letter(of, "older", title="An older one", due_date=FRIDAY - timedelta(days=7))
    a_letter(of, "newer", title="The newest")
    house.print()

    page = house.page("/letters/the-week/")
    assert "A selection of news, every Friday." in page
    assert "Every Friday at 08:00" in page
    assert "Since 2020." in page
    assert page.index("The newest") < page.index("An older one")
    assert page.count('<form class="join"') == 1
    assert "/letters/the-week/" in house.page("/letters/")


def test_the_form_goes_to_the_frontdesk_with_the_list_and_the_wording(
    house: House, paper: SmallPaper, frontdesk: None
) -> None:
    a_policy(paper.fronts["en"])
    a_list(paper.fronts["en"])
    house.print()

    told_list = told(house, LISTS_PATH)["lists"][0]
    assert told_list["consent"]["text"] == "By signing up you accept our privacy policy (version 2)."
    for path in ("/", "/letters/the-week/", "/politics/"):
        page = house.page(path)
        assert f'method="post" action="{FRONTDESK}/en/join"' in page
        assert 'name="list" value="en.the-week"' in page
        assert f'name="wording" value="{told_list["consent"]["version"]}"' in page
        assert 'By signing up you accept our <a href="/privacy/">privacy policy</a> (version 2).' in page
        assert re.search(r'<label class="skip" aria-hidden="true">[^<]*<input name="website" tabindex="-1"', page)


def test_an_article_has_the_form_at_its_end_and_no_second_one(house: House, paper: SmallPaper, frontdesk: None) -> None:
    a_list(paper.fronts["en"])
    an_article(paper.sections["en"][0], "flood")
    house.print()

    page = house.page("/2026/03/01/flood/")
    assert page.count('<form class="join"') == 1
    assert page.index("</article>") < page.index('<form class="join"') < page.index("<footer>")


NO_FORM = {
    "no list": None,
    "a closed list": {"is_open": False},
    "a draft": {"live": False},
}


@pytest.mark.parametrize("case", NO_FORM)
def test_where_nobody_can_join_there_is_no_form(house: House, paper: SmallPaper, frontdesk: None, case: str) -> None:
    fields = NO_FORM[case]
    if fields is not None:
        a_list(paper.fronts["en"], **fields)
    house.print()

    assert "<form" not in house.page("/")
    assert ('href="/letters/"' in house.page("/")) is (case == "a closed list")
    assert "<form" not in house.page("/ru/")


def test_a_paper_without_a_frontdesk_has_no_form(house: House, paper: SmallPaper, frontdesk: None) -> None:
    settings.STET_PAPER = replace(settings.STET_PAPER, frontdesk_url="")
    a_list(paper.fronts["en"])
    house.print()

    assert "<form" not in house.page("/letters/the-week/")
    assert "<form" not in house.page("/")


def test_a_new_onion_address_stands_on_every_page_and_beside_every_form(
    house: House, paper: SmallPaper, frontdesk: None
) -> None:
    a_list(paper.fronts["en"])
    an_article(paper.sections["en"][0], "flood")
    house.print()
    assert "onion" not in house.page("/2026/03/01/flood/")
    onion = f"http://{'a' * 56}.onion"
    settings.STET_PAPER = replace(settings.STET_PAPER, onion_url=onion, onion_frontdesk_url=f"{onion}:81")
    house.print()

    for path in ("/", "/ru/", "/2026/03/01/flood/", "/letters/the-week/"):
        assert f'<meta http-equiv="onion-location" content="{onion}{path}">' in house.page(path)
    assert f'formaction="{onion}:81/en/join"' in house.page("/letters/the-week/")
    assert house.check().ok


def test_a_new_version_of_the_policy_stands_on_every_page(house: House, paper: SmallPaper, frontdesk: None) -> None:
    policy = a_policy(paper.fronts["en"])
    a_list(paper.fronts["en"])
    an_article(paper.sections["en"][0], "flood")
    house.print()

    StaticPage.objects.filter(pk=policy.pk).update(version="3")
    house.print()

    for path in ("/", "/2026/03/01/flood/", "/letters/the-week/"):
        assert "(version 3)" in house.page(path)
    assert told(house, LISTS_PATH)["languages"]["en"]["privacy"] == {"version": "3", "path": "/privacy/"}
    assert house.check().ok


def test_a_long_list_has_numbered_pages_with_the_oldest_on_the_first(house: House, paper: SmallPaper) -> None:
    of = a_list(paper.fronts["en"])
    for n in range(1, 53):
        a_letter(of, f"letter-{n}", title=f"Letter number {n};", due_date=date(2025, 1, 1) + timedelta(days=7 * n))
    house.print()

    assert "Letter number 52;" in house.page("/letters/the-week/")
    assert "Letter number 2;" not in house.page("/letters/the-week/")
    assert "Letter number 1;" in house.page("/letters/the-week/archive/1/")
    assert "Letter number 51;" not in house.page("/letters/the-week/archive/1/")
    assert "Letter number 51;" in house.page("/letters/the-week/archive/2/")
    assert len(told(house, LISTS_PATH)["lists"][0]["letters"]) == 10
    assert house.check().ok


def test_a_renamed_list_takes_its_letters_along_and_keeps_its_key(house: House, paper: SmallPaper) -> None:
    of = a_list(paper.fronts["en"])
    a_letter(of)
    house.print()

    page = ListPage.objects.get(pk=of.pk)
    page.slug = "the-seventh-day"
    page.save_revision().publish()
    house.print()

    assert not list((house.site / "letters" / "the-week").rglob("mail.html"))
    said = told(house, "/letters/the-seventh-day/first/letter.json")
    assert (said["list"], said["page"]) == ("en.the-week", "/letters/the-seventh-day/first/")
    assert told(house, LISTS_PATH)["lists"][0]["letters"][0]["path"] == "/letters/the-seventh-day/first/letter.json"
    assert house.check().ok
    assert house.verify() == []


def test_a_letter_moved_to_another_list_goes_with_its_sheets(house: House, paper: SmallPaper) -> None:
    one, other = a_list(paper.fronts["en"]), a_list(paper.fronts["en"], "daily")
    letter = a_letter(one, title="Wandering")
    house.print()

    LetterPage.objects.get(pk=letter.pk).move(ListPage.objects.get(pk=other.pk), pos="last-child")
    house.print()

    assert not house.has(f"{LETTER}mail.html")
    assert told(house, "/letters/daily/first/letter.json")["list"] == "en.daily"
    assert "Wandering" not in house.page("/letters/the-week/")
    assert "Wandering" in house.page("/letters/daily/")
    assert house.check().ok


def test_a_list_taken_down_takes_its_letters_down(house: House, paper: SmallPaper, frontdesk: None) -> None:
    of = a_list(paper.fronts["en"])
    a_letter(of)
    house.print()

    ListPage.objects.get(pk=of.pk).unpublish()
    house.print()

    assert not house.has(LETTER)
    assert not house.has("/letters/")
    assert told(house, LISTS_PATH)["lists"] == []
    assert "<form" not in house.page("/")
    ListPage.objects.get(pk=of.pk).save_revision().publish()
    house.print()
    assert house.has("/letters/the-week/")
    assert house.check().ok


# --- What the private wing reads ---


def test_lists_json_says_what_there_is(house: House, paper: SmallPaper, frontdesk: None) -> None:
    a_policy(paper.fronts["en"])
    of = a_list(paper.fronts["en"], cadence="daily", hour=time(7, 15))
    sent = a_letter(of, "sent")
    a_letter(of, "only-printed", is_sent=False)
    house.print()

    said = told(house, LISTS_PATH)

    assert said["version"] == 1
    assert said["paper"] == {
        "base_url": settings.STET_PAPER.base_url, "frontdesk_url": FRONTDESK, "time_zone": "UTC", "contact_email": "",
        "publisher": "",
    }  # fmt: skip
    assert said["languages"]["en"] == {
        "name": "Paper en", "direction": "ltr", "shell": "/letters/answer/index.html", "lists_path": "/letters/",
        "front_path": "/", "privacy": {"version": "2", "path": "/privacy/"},
    }  # fmt: skip
    assert said["languages"]["ru"]["lists_path"] == "/ru/"
    assert said["languages"]["ru"]["privacy"] is None
    (one,) = said["lists"]
    assert re.fullmatch(r"[0-9a-f]{16}", one.pop("consent")["version"])
    assert one == {
        "key": "en.the-week", "language": "en", "name": "The Week", "promise": "A selection of news, every Friday.",
        "cadence": "daily", "path": "/letters/the-week/", "is_open": True, "from_name": "Paper en", "time_zone": "UTC",
        "hour": "07:15", "weekday": 4,
        "letters": [
            {"id": str(sent.letter_id), "path": "/letters/the-week/sent/letter.json", "due": "2026-03-06T07:15"}
        ],
    }  # fmt: skip


def test_a_paper_without_lists_says_so(house: House) -> None:
    house.print()

    assert told(house, LISTS_PATH)["lists"] == []
    assert house.has("/letters/answer/")


def test_the_page_around_answers_has_its_three_marks_once(house: House) -> None:
    house.print()

    for path in ("/letters/answer/", "/ru/letters/answer/"):
        page = house.page(path)
        assert [page.count(f"<!--stet:{mark}-->") for mark in ("base", "title", "answer")] == [1, 1, 1]
        assert "<title><!--stet:title--></title>" in page
        assert page.index("<!--stet:base-->") < page.index("</head>") < page.index("<main") < page.index("stet:answer")
        assert '<meta name="robots" content="noindex">' in page
        assert "This page is signed" not in page


def test_whatever_lists_json_names_is_printed_before_it() -> None:
    kinds = ("photo:1", "article:1", "letter:1", "list:1", "letters:en", "answer:en", "front:en", "redirect:1", "lists")

    assert max(kinds, key=rank_of) == "lists"
    assert rank_of("article:1") < rank_of("letter:1") < rank_of("list:1") < rank_of("lists")


def test_a_letter_that_is_changed_does_not_touch_lists_json(house: House, paper: SmallPaper) -> None:
    letter = a_letter(a_list(paper.fronts["en"]))
    house.print()
    before = body(house, LISTS_PATH)

    LetterPage.objects.filter(pk=letter.pk).update(intro="<p>Mended.</p>")
    house.print()

    assert "Mended." in house.page(f"{LETTER}mail.html")
    assert body(house, LISTS_PATH) == before


def test_letters_are_in_the_sitemap(house: House, paper: SmallPaper) -> None:
    a_letter(a_list(paper.fronts["en"]))
    house.print()

    sitemap = house.page("/sitemaps/pages.xml")
    for path in ("/letters/", "/letters/the-week/", LETTER):
        assert f"{settings.STET_PAPER.base_url}{path}</loc>" in sitemap
    assert "mail.html" not in sitemap


def test_an_article_may_link_to_a_list_and_to_a_letter(house: House, paper: SmallPaper) -> None:
    of = a_list(paper.fronts["en"])
    letter = a_letter(of, live=False)
    links = "".join(f'<a linktype="page" id="{page.pk}">{page.slug}</a>' for page in (of, letter))
    an_article(paper.sections["en"][0], "flood", body=stored(text(f"<p>{links}</p>")))
    house.print()
    assert '<a href="/letters/the-week/">the-week</a>first' in house.page("/2026/03/01/flood/")

    LetterPage.objects.get(pk=letter.pk).save_revision().publish()
    house.print()

    assert f'<a href="{LETTER}">first</a>' in house.page("/2026/03/01/flood/")
    assert house.check().ok


def test_letters_are_read_in_as_many_queries_however_many_there_are(
    house: House, paper: SmallPaper, django_assert_max_num_queries: Any
) -> None:
    of = a_list(paper.fronts["en"])
    story = an_article(paper.sections["en"][0], "flood", lead_photo=a_photo())
    link = text(f'<p><a linktype="page" id="{story.pk}">x</a></p>')
    for n in range(12):
        a_letter(of, f"letter-{n}", body=stored(a_story(story.pk), link))
    house.print()
    memory = house.memory()
    with house.place.edition:
        setter = house.place.press(memory)._setter(house.now)
        names = [f"letter:{page.pk}" for page in LetterPage.objects.all()]
        with django_assert_max_num_queries(2):
            done = list(setter.run_all(names))
    memory.close()
    assert len(done) == 12


def test_json_sheets_are_canonical(house: House, paper: SmallPaper) -> None:
    a_letter(a_list(paper.fronts["ru"], title="Неделя"), title="Что взяла река")
    house.print()

    raw = body(house, "/ru/letters/the-week/first/letter.json")
    assert raw == canonical.write(json.loads(raw))
    assert "Что взяла река" in raw.decode()


def test_a_page_below_no_list_is_no_letter(house: House, paper: SmallPaper) -> None:
    a_letter(a_list(paper.fronts["en"]))
    ListPage.objects.all().update(live=False)
    Page.objects.filter(slug="the-week").update(live=False)
    house.print()

    assert not house.has(LETTER)


# --- What else has to follow; the first open list stands on every page, so these have another before them ---


def test_another_name_of_a_list_stands_in_its_letters(house: House, paper: SmallPaper, frontdesk: None) -> None:
    a_list(paper.fronts["en"])
    other = a_list(paper.fronts["en"], "daily")
    a_letter(other)
    house.print()

    Page.objects.filter(pk=other.pk).update(title="Every morning")
    house.print()

    for name in ("", "mail.html", "mail.txt"):
        assert "Every morning" in house.page(f"/letters/daily/first/{name}")
    assert house.check().ok


def test_a_link_follows_a_letter_to_another_address(house: House, paper: SmallPaper, frontdesk: None) -> None:
    a_list(paper.fronts["en"])
    other = a_list(paper.fronts["en"], "daily")
    letter = a_letter(other)
    link = f'<p><a linktype="page" id="{letter.pk}">first</a></p>'
    an_article(paper.sections["en"][0], "flood", body=stored(text(link)))
    house.print()

    Page.objects.filter(pk=other.pk).update(slug="mornings")
    house.print()

    assert 'href="/letters/mornings/first/"' in house.page("/2026/03/01/flood/")
    assert house.check().ok


def test_letters_come_back_with_their_list(house: House, paper: SmallPaper, frontdesk: None) -> None:
    a_list(paper.fronts["en"])
    other = a_list(paper.fronts["en"], "daily")
    a_letter(other)
    house.print()
    Page.objects.filter(pk=other.pk).update(live=False)
    house.print()
    assert not house.has("/letters/daily/first/")

    Page.objects.filter(pk=other.pk).update(live=True)
    house.print()

    assert house.has("/letters/daily/first/mail.html")
    assert house.check().ok


def test_a_private_list_hides_its_letters(house: House, paper: SmallPaper, frontdesk: None) -> None:
    a_list(paper.fronts["en"])
    other = a_list(paper.fronts["en"], "daily")
    a_letter(other)
    house.print()

    restriction = PageViewRestriction.objects.create(page=other.page_ptr, restriction_type="login")
    house.print()
    assert not house.has("/letters/daily/first/mail.html")
    assert house.check().ok

    restriction.delete()
    house.print()
    assert house.has("/letters/daily/first/mail.html")
    assert house.check().ok


def test_an_old_address_leads_to_a_letter_while_no_list_stands_there(
    house: House, paper: SmallPaper, frontdesk: None
) -> None:
    letter = a_letter(a_list(paper.fronts["en"]))
    Redirect.objects.create(old_path="/letters/daily", redirect_page=letter.page_ptr)
    house.print()
    assert f"url={LETTER}" in house.page("/letters/daily/")

    daily = a_list(paper.fronts["en"], "daily")
    house.print()
    assert 'http-equiv="refresh"' not in house.page("/letters/daily/")
    assert house.check().ok

    Page.objects.filter(pk=daily.pk).update(live=False)
    house.print()
    assert f"url={LETTER}" in house.page("/letters/daily/")
    assert house.check().ok


def test_a_change_past_the_desk_is_seen(house: House, paper: SmallPaper) -> None:
    letter = a_letter(a_list(paper.fronts["en"]))
    house.print()

    LetterPage.objects.filter(pk=letter.pk).update(sign_off="<p>Yours.</p>")
    house.print()

    assert "Yours." in house.page(f"{LETTER}mail.txt")
