"""The frontdesk's pages: what they take, what they answer, and what they change."""

import json
import re
from datetime import date, timedelta

import pytest
from django.test import Client

from stet.frontdesk.desk import Desk
from stet.kit.clock import FixedClock
from stet.project.settings import Newsroom
from stet.readers.erasing import erase
from stet.readers.models import Consent, Notice, Reader, Subscription, Suppression
from stet.readers.suppressing import suppress
from tests.frontdesk.conftest import (
    OWN,
    OWN_FORM,
    PAPER,
    a_reader,
    confirm_path,
    joining_form,
    manage_path,
    rows,
    unsubscribe_path,
)
from tests.readers.builders import WORDING, an_address, put_lists

pytestmark = pytest.mark.django_db(databases=["readers"])


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


# --- Joining ---


def test_a_printed_form_signs_a_reader_up(the: Desk, browser: Client) -> None:
    answer = browser.post("/en/join", joining_form(time_zone="Europe/Riga"), HTTP_ORIGIN=PAPER)
    assert answer.status_code == 200
    assert "Look into your mailbox" in text_of(answer)
    reader = Reader.objects.get()
    assert (reader.lookup, reader.time_zone) == (the.keys.lookup.of(an_address()), "Europe/Riga")
    assert Consent.objects.get().privacy_version == "2"
    assert Notice.objects.get().kind == "confirm"


def test_everybody_gets_the_same_answer(the: Desk, browser: Client) -> None:
    a_reader(the, "active@example.org")
    erase(the.keys.lookup.of(an_address("erased@example.org")), now=the.clock.now())
    answers = [
        browser.post("/en/join", joining_form(email=f"{name}@example.org"))
        for name in ("new", "new", "active", "erased")
    ]
    assert {(answer.status_code, answer.content, str(answer.headers)) for answer in answers} == {
        (200, answers[0].content, str(answers[0].headers))
    }
    links = [
        browser.post("/en/manage-link", {"email": f"{name}@example.org"})
        for name in ("new", "unknown", "active", "erased")
    ]
    assert {(answer.status_code, answer.content, str(answer.headers)) for answer in links} == {
        (200, links[0].content, str(links[0].headers))
    }


ANY_ORIGIN = {
    "the paper": {"HTTP_ORIGIN": PAPER, "HTTP_SEC_FETCH_SITE": "same-site"},
    "a mirror": {"HTTP_ORIGIN": "https://mirror.example", "HTTP_SEC_FETCH_SITE": "cross-site"},
    "a saved page": {"HTTP_ORIGIN": "null", "HTTP_SEC_FETCH_SITE": "cross-site"},
    "an old browser": {},
}


@pytest.mark.parametrize("where", ANY_ORIGIN)
def test_a_form_of_any_mirror_is_taken(browser: Client, where: str) -> None:
    assert browser.post("/en/join", joining_form(), **ANY_ORIGIN[where]).status_code == 200
    assert Notice.objects.count() == 1


def test_a_program_that_fills_in_everything_is_answered_and_ignored(browser: Client) -> None:
    answer = browser.post("/en/join", joining_form(website="https://spam.example"))
    assert answer.status_code == 200
    assert "Look into your mailbox" in text_of(answer)
    browser.post("/en/manage-link", {"email": "ada@example.org", "website": "x"})
    assert Reader.objects.count() == Notice.objects.count() == 0


WRONG = {
    "no address": (joining_form(email=""), "email", "Write your e-mail address."),
    "a header in the address": (joining_form(email="ada@example.org\r\nBcc: b@example.org"), "email", "a line break"),
    "a look-alike domain": (joining_form(email="ada@exаmple.org"), "email", "alphabets whose letters look alike"),
    "a quoted address": (joining_form(email='"a b"@example.org'), "email", "quotation marks"),
    "no list": (joining_form(list=""), "list", "Choose a newsletter"),
    "a list that nobody printed": (joining_form(list="en.none"), "list", "Choose a newsletter"),
    "a closed list": (joining_form(list="en.old"), "list", "Choose a newsletter"),
    "another language's list": (joining_form(list="ru.nedelya"), "list", "Choose a newsletter"),
    "a time zone that is none": (joining_form(time_zone="Mars/Base"), "time_zone", "Choose a time zone"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_mistake_is_said_at_its_field_and_above_the_form(browser: Client, case: str) -> None:
    form, field, said = WRONG[case]
    answer = browser.post("/en/join", form)
    page = text_of(answer)
    assert answer.status_code == 400
    assert re.search(rf'role="alert".*href="{OWN}/en/join#{field}".*{said}', page)
    assert re.search(rf'id="{field}-fault">[^<]*{said}', page)
    assert re.search(rf'aria-describedby="[^"]*{field}-fault', page)
    assert Reader.objects.count() == 0


def test_what_was_typed_right_is_not_asked_for_again(browser: Client) -> None:
    page = text_of(browser.post("/en/join", joining_form(email="ada@example", time_zone="Europe/Riga")))
    assert 'value="ada@example"' in page
    assert re.search(r'value="en.the-week" required checked', page)
    assert re.search(r'value="Europe/Riga" selected', page)


def test_what_was_typed_cannot_become_part_of_the_page(browser: Client) -> None:
    page = text_of(browser.post("/en/join", joining_form(email='"><script>alert(1)</script>@example.org')))
    assert "<script" not in page


def test_words_that_no_form_of_ours_holds_are_taken_for_those_of_today(browser: Client) -> None:
    browser.post("/en/join", joining_form(wording="<b>anything</b>"))
    assert Consent.objects.get().wording == WORDING


def test_words_of_an_older_form_are_kept_as_they_were(browser: Client) -> None:
    browser.post("/en/join", joining_form(wording="0123456789abcdef"))
    assert Consent.objects.get().wording == "0123456789abcdef"


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ru", "ltr"), ("fa", "rtl")])
def test_the_form_offers_the_lists_of_its_language(browser: Client, language: str, direction: str) -> None:
    page = text_of(browser.get(f"/{language}/join"))
    assert f'<html lang="{language}" dir="{direction}">' in page
    assert set(re.findall(r'name="list" value="(\w+)\.', page)) == {language}
    assert f'action="{OWN}/{language}/join"' in page


def test_a_form_can_be_asked_for_one_list(browser: Client) -> None:
    assert re.search(r'value="en.daily" required checked', text_of(browser.get("/en/join?list=en.daily")))


def test_a_language_that_the_paper_lacks_has_no_form(browser: Client) -> None:
    assert browser.get("/de/join").status_code == 404
    assert browser.post("/de/join", joining_form()).status_code == 404


# --- Confirming ---


def test_following_the_link_changes_nothing_and_the_button_does(the: Desk, browser: Client) -> None:
    browser.post("/en/join", joining_form())
    before = rows()
    for _ in range(3):
        answer = browser.get(confirm_path(the))
        assert answer.status_code == 200
        assert browser.head(confirm_path(the)).status_code == 200
    assert rows() == before
    assert "One more step: The Week" in text_of(answer)
    answer = browser.post(confirm_path(the), **OWN_FORM)
    assert answer.status_code == 200
    assert "You are signed up: The Week" in text_of(answer)
    assert Subscription.objects.get().state == "active"
    assert f"{OWN}{manage_path(the, Reader.objects.get())}" in text_of(answer)


def test_other_lists_of_the_same_day_are_offered_and_not_taken_for_granted(the: Desk, browser: Client) -> None:
    """One mail a day goes out: who signs up for two lists at once chooses the second one on the page."""
    for key in ("en.the-week", "en.daily"):
        browser.post("/en/join", joining_form(list=key))
    page = text_of(browser.get(confirm_path(the)))
    assert re.search(r'type="checkbox" name="also" value="en.daily">', page)
    form = {"also": ["en.daily", "fa.hafte", "en.none"]}
    assert browser.post(confirm_path(the), form, **OWN_FORM).status_code == 200
    states = dict(Reader.objects.get().subscriptions.values_list("list_key", "state"))
    assert states == {"en.the-week": "active", "en.daily": "active"}


def test_a_list_that_is_not_chosen_while_confirming_stays_unconfirmed(the: Desk, browser: Client) -> None:
    for key in ("en.the-week", "en.daily"):
        browser.post("/en/join", joining_form(list=key))
    browser.post(confirm_path(the), **OWN_FORM)
    assert dict(Reader.objects.get().subscriptions.values_list("list_key", "state"))["en.daily"] == "pending"


def test_a_strange_page_cannot_confirm(the: Desk, browser: Client) -> None:
    browser.post("/en/join", joining_form())
    strange = {"HTTP_ORIGIN": "https://strange.example", "HTTP_SEC_FETCH_SITE": "cross-site"}
    assert browser.post(confirm_path(the), **strange).status_code == 403
    assert Subscription.objects.get().state == "pending"


def test_an_old_link_is_answered_with_the_way_to_a_new_one(the: Desk, browser: Client, clock: FixedClock) -> None:
    browser.post("/en/join", joining_form())
    clock.advance(timedelta(days=31))
    for answer in (
        browser.get(confirm_path(the)),
        browser.post(confirm_path(the)),
        browser.get("/confirm/" + "A" * 44),
    ):
        assert answer.status_code == 404
        assert "no longer good" in text_of(answer)
        assert f'href="{OWN}/en/join"' in text_of(answer)


# --- Leaving ---


def test_following_the_link_to_leave_changes_nothing_and_the_button_does(the: Desk, browser: Client) -> None:
    path = unsubscribe_path(the, a_reader(the))
    before = rows()
    answer = browser.get(path)
    assert "Leave The Week?" in text_of(answer)
    assert browser.head(path).status_code == 200
    assert rows() == before
    assert "You no longer get The Week" in text_of(browser.post(path, **OWN_FORM))
    assert Subscription.objects.get().state == "left"
    assert "You no longer get The Week" in text_of(browser.get(path))


def test_a_mailbox_provider_unsubscribes_with_one_click(the: Desk, browser: Client) -> None:
    """RFC 8058: POST, no cookie, no redirect, no login, in both encodings."""
    one_click = {"List-Unsubscribe": "One-Click"}
    path = unsubscribe_path(the, a_reader(the))
    for answer in (
        browser.post(path, one_click),
        browser.post(path, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"),
    ):
        assert (answer.status_code, answer.content) == (200, b"Unsubscribed.\n")
        assert not answer.cookies
    assert Subscription.objects.get().state == "left"
    assert Consent.objects.filter(act="left").count() == 1


def test_one_click_is_never_limited(the: Desk, browser: Client) -> None:
    path = unsubscribe_path(the, a_reader(the))
    assert {browser.post(path, {"List-Unsubscribe": "One-Click"}).status_code for _ in range(200)} == {200}


def test_a_link_to_leave_is_good_after_years_and_after_erasure(the: Desk, browser: Client, clock: FixedClock) -> None:
    reader = a_reader(the)
    path = unsubscribe_path(the, reader)
    clock.advance(timedelta(days=3650))
    assert browser.get(path).status_code == 200
    erase(bytes(reader.lookup), now=clock.now())
    for answer in (browser.get(path), browser.post(path), browser.post(path, {"List-Unsubscribe": "One-Click"})):
        assert answer.status_code == 200
    assert "You no longer get this newsletter" in text_of(browser.get(path))


def test_a_link_that_is_not_ours_leads_to_a_page_that_says_so(browser: Client) -> None:
    for path in (
        "/unsubscribe/x",
        "/unsubscribe/" + "A" * 44,
        "/manage/x",
        "/change/x",
        "/manage/x/erase",
        "/manage/x/download",
    ):
        answer = browser.get(path)
        assert answer.status_code == 404
        assert "There is nothing here" in text_of(answer)


# --- A reader's own page ---


def test_the_page_shows_what_the_reader_has(the: Desk, browser: Client) -> None:
    page = text_of(browser.get(manage_path(the, a_reader(the))))
    assert re.findall(r'name="on" value="([^"]+)" checked', page) == ["en.the-week"]
    assert re.findall(r'name="on" value="([^"]+)"', page) == ["en.the-week", "en.daily", "ru.nedelya", "fa.hafte"]
    assert 'lang="fa" dir="rtl"' in page


def test_lists_are_joined_and_left_at_once(the: Desk, browser: Client) -> None:
    reader = a_reader(the)
    answer = browser.post(
        manage_path(the, reader), {"do": "lists", "on": ["en.daily", "fa.hafte", "en.none"]}, **OWN_FORM
    )
    assert answer.status_code == 303
    assert answer["Location"] == f"{OWN}{manage_path(the, reader)}?done=lists"
    states = dict(reader.subscriptions.values_list("list_key", "state"))
    assert states == {"en.the-week": "left", "en.daily": "active", "fa.hafte": "active"}
    assert 'role="status"' in text_of(browser.get(f"{manage_path(the, reader)}?done=lists"))


def test_language_and_time_zone_are_chosen(the: Desk, browser: Client) -> None:
    reader = a_reader(the)
    form = {"do": "settings", "language": "fa", "time_zone": "Asia/Tehran"}
    assert browser.post(manage_path(the, reader), form, **OWN_FORM).status_code == 303
    reader.refresh_from_db()
    assert (reader.language, reader.time_zone) == ("fa", "Asia/Tehran")
    page = text_of(browser.get(manage_path(the, reader)))
    assert '<html lang="fa" dir="rtl">' in page
    assert "تهران" in page


@pytest.mark.parametrize("form", [{"language": "de"}, {"language": "en", "time_zone": "Mars/Base"}, {}])
def test_settings_that_no_form_offers_are_refused(the: Desk, browser: Client, form: dict[str, str]) -> None:
    reader = a_reader(the)
    assert browser.post(manage_path(the, reader), {"do": "settings", **form}, **OWN_FORM).status_code == 400


def test_letters_are_paused_and_go_on(the: Desk, browser: Client) -> None:
    reader = a_reader(the)
    path = manage_path(the, reader)
    browser.post(path, {"do": "pause", "pause": "30"}, **OWN_FORM)
    reader.refresh_from_db()
    assert reader.paused_until == date(2026, 12, 25)
    assert "until 25 December 2026, as it is now" in text_of(browser.get(path)) or "until December 25, 2026" in text_of(
        browser.get(path)
    )
    browser.post(path, {"do": "pause", "pause": "as-it-is"}, **OWN_FORM)
    reader.refresh_from_db()
    assert reader.paused_until == date(2026, 12, 25)
    browser.post(path, {"do": "pause", "pause": ""}, **OWN_FORM)
    reader.refresh_from_db()
    assert reader.paused_until is None


def test_a_new_address_is_asked_and_counts_after_its_button(the: Desk, browser: Client) -> None:
    reader = a_reader(the)
    a_reader(the, "bob@example.org")
    path = manage_path(the, reader)
    for text in ("new@example.org", "bob@example.org"):
        answer = browser.post(path, {"do": "address", "email": text}, **OWN_FORM)
        assert (answer.status_code, answer["Location"]) == (303, f"{OWN}{path}?done=address")
    notice = Notice.objects.get(kind="change")
    change = f"/change/{the.keys.links.token('change', notice.uid)}"
    before = rows()
    assert "Use this address from now on?" in text_of(browser.get(change))
    assert rows() == before
    assert browser.post(change, HTTP_ORIGIN="https://strange.example").status_code == 403
    assert "Your new address counts" in text_of(browser.post(change, **OWN_FORM))
    reader.refresh_from_db()
    assert bytes(reader.lookup) == the.keys.lookup.of(an_address("new@example.org"))


def test_a_new_address_that_is_none_is_said_at_its_field(the: Desk, browser: Client) -> None:
    answer = browser.post(manage_path(the, a_reader(the)), {"do": "address", "email": "new@"}, **OWN_FORM)
    assert answer.status_code == 400
    assert 'id="email-fault"' in text_of(answer)


def test_everything_that_is_kept_is_a_file(the: Desk, browser: Client) -> None:
    answer = browser.get(f"{manage_path(the, a_reader(the))}/download")
    assert answer["Content-Disposition"] == 'attachment; filename="kept-about-you.json"'
    kept = json.loads(answer.content)
    assert kept["lists"][0]["list"] == "en.the-week"
    assert "cannot read it" in kept["address"]


def test_a_reader_who_gets_nothing_is_told_why_and_asks_for_letters_again(the: Desk, browser: Client) -> None:
    reader = a_reader(the)
    path = manage_path(the, reader)
    assert "Nothing is sent to you" not in browser.get(path).content.decode()
    suppress(bytes(reader.lookup), Suppression.Reason.COMPLAINT, now=the.clock.now())
    assert "Nothing is sent to you at the moment" in browser.get(path).content.decode()
    done = browser.post(path, {"do": "again"}, **OWN_FORM)
    assert done.status_code == 303
    after = browser.get(f"{path}?done=again").content.decode()
    assert "Letters are sent to you again." in after
    assert "Nothing is sent to you" not in after
    assert not Suppression.objects.exists()


def test_who_was_erased_signs_up_again_and_confirms(the: Desk, browser: Client) -> None:
    reader = a_reader(the)
    browser.post(f"{manage_path(the, reader)}/erase", **OWN_FORM)
    assert browser.post("/en/join", joining_form()).status_code == 200
    assert browser.post(confirm_path(the), **OWN_FORM).status_code == 200
    assert not Suppression.objects.exists()
    assert Subscription.objects.get().state == "active"


def test_erasing_asks_once_more_and_leaves_a_digest(the: Desk, browser: Client) -> None:
    reader = a_reader(the)
    path = f"{manage_path(the, reader)}/erase"
    before = rows()
    assert "Erase everything about me?" in text_of(browser.get(path))
    assert rows() == before
    assert browser.post(path, HTTP_ORIGIN="https://strange.example").status_code == 403
    assert "You are erased" in text_of(browser.post(path, **OWN_FORM))
    assert [row["lookup"] for row in rows()["Suppression"]] == [bytes(reader.lookup)]
    assert not any(rows()[name] for name in ("Reader", "Subscription", "Consent", "Notice"))
    assert browser.get(manage_path(the, reader)).status_code == 404
    assert Suppression.objects.get().reason == "erased"


def test_a_strange_page_changes_nothing(the: Desk, browser: Client) -> None:
    reader = a_reader(the)
    before = rows()
    for strange in (
        {"HTTP_ORIGIN": "https://strange.example"},
        {"HTTP_ORIGIN": "null", "HTTP_SEC_FETCH_SITE": "cross-site"},
        {"HTTP_SEC_FETCH_SITE": "cross-site"},
    ):
        assert browser.post(manage_path(the, reader), {"do": "lists"}, **strange).status_code == 403
    assert rows() == before


# --- Without what the press prints ---


def test_leaving_works_without_anything_printed(the: Desk, browser: Client, newsroom: Newsroom) -> None:
    path = unsubscribe_path(the, a_reader(the))
    (newsroom.site / "letters" / "lists.json").unlink()
    page = text_of(browser.get(path))
    assert "Leave the-week?" in page
    assert "SHELL" not in page
    assert browser.post(path).status_code == 200
    assert Subscription.objects.get().state == "left"


def test_without_lists_there_is_nothing_to_sign_up_for(browser: Client, newsroom: Newsroom) -> None:
    put_lists(newsroom.site, lists=[])
    assert "no newsletter to sign up for" in text_of(browser.get("/en/join"))


def test_lists_and_shell_are_read_anew_when_they_change(browser: Client, newsroom: Newsroom) -> None:
    assert "The Week" in text_of(browser.get("/en/join"))
    put_lists(newsroom.site, lists=[])
    assert "The Week" not in text_of(browser.get("/en/join"))
    shell = newsroom.site / "letters" / "answer" / "index.html"
    shell.write_text(shell.read_text().replace("SHELL-OF", "NEW-SHELL"))
    assert "NEW-SHELL-en" in text_of(browser.get("/en/join"))


def test_a_shell_without_its_marks_is_not_used(
    browser: Client, newsroom: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    (newsroom.site / "letters" / "answer" / "index.html").write_text("<html>SHELL without marks")
    page = text_of(browser.get("/en/join"))
    assert "SHELL" not in page
    assert "The Week" in page
    assert "lacks one of its three marks" in caplog.text


def test_broken_lists_are_logged_once_and_leave_the_rest_working(
    the: Desk, browser: Client, newsroom: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    path = unsubscribe_path(the, a_reader(the))
    (newsroom.site / "letters" / "lists.json").write_text("{")
    assert browser.get(path).status_code == browser.get(path).status_code == 200
    assert caplog.text.count("not what the press prints") == 1
