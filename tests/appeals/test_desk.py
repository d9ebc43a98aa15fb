"""An editor at work on appeals, by the desk's own forms."""

import html
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from taggit.models import Tag
from wagtail.models import ModelLogEntry
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text

from stet.appeals.models import Appeal, appeals, current_silence, set_silence
from stet.appeals.sample import lay_appeals, sample_files
from stet.kit import clock
from stet.newsroom.models import ArticlePage, OutboxEntry
from tests.press.appeal_builders import an_appeal
from tests.press.builders import SmallPaper

LIST, ADD = "/snippets/appeals/appeal/", "/snippets/appeals/appeal/add/"
NOW = datetime(2026, 12, 3, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a Thursday."""
    monkeypatch.setattr(clock.SystemClock, "now", lambda self: NOW)


def form(*variants: tuple[str, str], **fields: Any) -> dict[str, Any]:
    """What the desk's form for an appeal sends."""
    worded = [{"title": title, "text": rich_text(text)} for title, text in variants or (("Help", "<p>Please.</p>"),)]
    values = {
        "name": "Spring", "code": "spring", "slot": "letter", "priority": "5", "has_amounts": "on", "first_day": "",
        "last_day": "", "most_views": "4", "view_days": "30", "gap_days": "1", "articles": "0", "weeks": "12",
        "variants": inline_formset(worded), **fields,
    }  # fmt: skip
    return nested_form_data(values)


def edit(appeal: Appeal) -> str:
    return f"/snippets/appeals/appeal/edit/{appeal.pk}/"


def read(answer: Any) -> str:
    """An answer's words, without markup."""
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", answer.content.decode())))


def test_appeals_stand_in_the_menu_and_the_list_says_whether_they_may_ask(desk: Client, paper: SmallPaper) -> None:
    an_appeal(paper, "spring")
    shown = read(desk.get(LIST))
    assert "Spring" in shown
    assert "Appeals may ask." in shown
    assert LIST in desk.get("/").content.decode()


def test_an_appeal_is_written_as_a_draft_and_published(desk: Client, paper: SmallPaper) -> None:
    answer = desk.post(ADD, form(("A", "<p>One.</p>"), ("B", "<p>Two.</p>")))
    assert answer.status_code == 302, read(answer)
    appeal = Appeal.objects.get()
    assert (appeal.live, appeal.latest_revision_id is not None) == (False, True)
    worded = [{"id": "", "title": title, "text": rich_text("<p>Words.</p>")} for title in ("A", "B")]
    stands = inline_formset([{**one, "id": pk} for one, pk in zip(worded, _variants(appeal), strict=True)], initial=2)
    desk.post(edit(appeal), {**form(variants=stands), "action-publish": "1"})
    appeal = Appeal.objects.get()
    assert appeal.live
    assert [variant.title for variant in appeal.variants.all()] == ["A", "B"]
    assert appeal.rule().variants == 2


def _variants(appeal: Appeal) -> list[int]:
    return [variant.pk for variant in appeal.get_latest_revision_as_object().variants.all()]


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a window that ends before it begins": (
        {"first_day": "2026-12-02", "last_day": "2026-12-01"}, "The last day comes before the first."),
    "a code that is no code": ({"code": "Spring 2026"}, "Small letters, digits and hyphens only."),
    "more weeks than a device keeps": ({"weeks": "13"}, "less than or equal to 12"),
    "more views than a device keeps": ({"most_views": "21"}, "less than or equal to 20"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_the_form_refuses(desk: Client, paper: SmallPaper, what: str) -> None:
    fields, sentence = REFUSED[what]
    assert sentence in read(desk.post(ADD, form(**fields)))
    assert not Appeal.objects.exists()


@pytest.mark.parametrize(("slot", "longest"), appeals.LONGEST.items())
def test_the_form_refuses_a_text_that_every_page_would_have_to_carry(
    desk: Client, paper: SmallPaper, slot: str, longest: int
) -> None:
    too_long = form(("A", f"<p>{'x' * (longest + 1)}</p>"), slot=slot)
    assert f"This text has {longest + 1} characters." in read(desk.post(ADD, too_long))
    assert desk.post(ADD, form(("A", f"<p>{'x' * longest}</p>"), slot=slot)).status_code == 302


def test_a_draft_without_a_place_is_kept_and_is_not_published_so(desk: Client, paper: SmallPaper) -> None:
    assert desk.post(ADD, form(slot="")).status_code == 302
    appeal = Appeal.objects.get()
    worded = [{"id": _variants(appeal)[0], "title": "A", "text": rich_text("<p>Words.</p>")}]
    desk.post(edit(appeal), {**form(slot="", variants=inline_formset(worded, initial=1)), "action-publish": "1"})
    appeal.refresh_from_db()
    assert not appeal.live


def test_a_code_is_one_appeals_own_in_its_language(paper: SmallPaper) -> None:
    an_appeal(paper, "spring")
    an_appeal(paper, "spring", language="ru")
    again = Appeal(name="Again", code="spring", locale=paper.fronts["en"].locale)
    with pytest.raises(ValidationError):
        again.full_clean()


def test_the_form_refuses_the_code_of_another_appeal_in_its_language(desk: Client, paper: SmallPaper) -> None:
    first, second = an_appeal(paper, "spring"), an_appeal(paper, "summer")
    an_appeal(paper, "autumn", language="ru")
    for where in (ADD, edit(second)):
        assert "Another appeal in this language has this code." in read(desk.post(where, form(code="spring")))
    assert list(Appeal.objects.filter(code="spring")) == [first]
    assert desk.post(ADD, form(code="autumn")).status_code == 302


def test_a_translation_begins_as_a_draft_with_the_words_and_no_section(paper: SmallPaper) -> None:
    appeal = an_appeal(paper, "spring", sections=(paper.sections["en"][0],), articles=3)
    translation = appeal.copy_for_translation(paper.fronts["ru"].locale)
    translation.save()
    stored = Appeal.objects.get(locale__language_code="ru")
    assert (stored.code, stored.articles, stored.live) == ("spring", 3, False)
    assert [variant.title for variant in stored.variants.all()] == ["Keep us going"]
    assert list(stored.sections_in.all()) == []
    assert Appeal.objects.get(pk=appeal.pk).sections_in.count() == 1


# --- Silence ---


def test_one_click_silences_all_appeals_and_leaves_its_key_for_the_press(desk: Client, paper: SmallPaper) -> None:
    OutboxEntry.objects.all().delete()
    shown = read(desk.post("/appeals/silence/", {"silent": "yes"}, follow=True))
    assert "Nothing asks: the newsroom is silent." in shown
    assert current_silence().is_silent
    assert "asking" in OutboxEntry.objects.values_list("key", flat=True)
    desk.post("/appeals/silence/", {"silent": "no"})
    assert not current_silence().is_silent
    said = list(
        ModelLogEntry.objects.filter(action__startswith="appeals.").order_by("pk").values_list("action", flat=True)
    )
    assert said == ["appeals.silence", "appeals.let_ask"]
    assert "Silenced all appeals" in read(desk.get("/reports/site-history/"))


def test_silence_is_a_post(desk: Client, paper: SmallPaper) -> None:
    assert desk.get("/appeals/silence/").status_code == 405


def test_the_form_says_where_nothing_asks(desk: Client, paper: SmallPaper) -> None:
    grief = Tag.objects.create(name="grief", slug="grief")
    russian = paper.fronts["ru"].locale
    assert "weeks of quiet" in read(desk.get("/appeals/never/")).lower()
    answer = desk.post("/appeals/never/", {"quiet_weeks": "6", "locales": [russian.pk], "tags": [grief.pk]})
    assert answer.status_code == 302
    silence = current_silence()
    assert (silence.quiet_weeks, list(silence.locales.all()), list(silence.tags.all())) == (6, [russian], [grief])


def test_editors_write_and_silence_and_moderators_publish(client: Client, paper: SmallPaper) -> None:
    editors, moderators = (Group.objects.get(name=name) for name in ("Editors", "Moderators"))
    editor = get_user_model().objects.create_user(username="ilse", password="x")
    editor.groups.add(editors)
    assert editor.has_perms(["appeals.add_appeal", "appeals.change_appeal", "appeals.change_silence"])
    assert not editor.has_perm("appeals.publish_appeal")
    assert moderators.permissions.filter(codename="publish_appeal").exists()
    client.force_login(editor)
    assert client.post("/appeals/silence/", {"silent": "yes"}).status_code == 302


def test_who_may_not_silence_is_refused(client: Client, paper: SmallPaper) -> None:
    reader = get_user_model().objects.create_user(username="nobody", password="x")
    client.force_login(reader)
    client.post("/appeals/silence/", {"silent": "yes"})
    assert not current_silence().is_silent


# --- Why is this not shown? ---


def why(desk: Client, appeal: Appeal, story: ArticlePage, reader: str = "new", day: str = "2026-12-03") -> str:
    return read(desk.get(f"/appeals/{appeal.pk}/why/", {"article": story.pk, "reader": reader, "day": day}))


def test_each_rule_answers_for_an_appeal_that_shows(desk: Client, paper: SmallPaper, story: ArticlePage) -> None:
    said = why(desk, an_appeal(paper, "spring"), story)
    assert "It shows, as variant A" in said
    assert said.count("Appeals may ask.") == 1
    assert "No other appeal comes before it." in said


WHY: dict[str, tuple[dict[str, Any], str, str]] = {
    "days": ({"first_day": date(2026, 12, 4)}, "new", "has not begun on this day, or is over"),
    "articles": ({"articles": 5}, "new", "The reader has read too little: 0, and 5 articles are wanted."),
    "quiet": ({}, "quiet", "nothing asks until that is over"),
}


@pytest.mark.parametrize("rule", WHY)
def test_the_rule_that_keeps_it_away_is_named(desk: Client, paper: SmallPaper, story: ArticlePage, rule: str) -> None:
    fields, reader, sentence = WHY[rule]
    said = why(desk, an_appeal(paper, "spring", **fields), story, reader)
    assert "It does not show" in said
    assert sentence in said


def test_a_frequent_reader_has_read_enough(desk: Client, paper: SmallPaper, story: ArticlePage) -> None:
    appeal = an_appeal(paper, "spring", articles=50)
    assert "The reader has read enough: 72, and 50 articles are wanted." in why(desk, appeal, story, "frequent")


def test_silence_and_a_sensitive_article_are_told(desk: Client, paper: SmallPaper, story: ArticlePage) -> None:
    appeal = an_appeal(paper, "spring")
    set_silence(True, user=None)
    ArticlePage.objects.filter(pk=story.pk).update(is_sensitive=True)
    said = why(desk, appeal, story)
    assert "The newsroom is silent: nothing asks." in said
    assert "The article is sensitive: it never asks." in said


def test_another_appeal_that_comes_first_is_told(desk: Client, paper: SmallPaper, story: ArticlePage) -> None:
    an_appeal(paper, "first", priority=9)
    assert "Another appeal comes first in this place, and shows." in why(desk, an_appeal(paper, "second"), story)


def test_one_that_is_over_takes_no_turn(desk: Client, paper: SmallPaper, story: ArticlePage) -> None:
    for number in range(3):
        an_appeal(paper, f"a{number}", priority=9, last_day=date(2026, 12, 2))
    assert "It shows" in why(desk, an_appeal(paper, "spring"), story)


def test_the_form_of_an_appeal_says_it_in_short(desk: Client, paper: SmallPaper, story: ArticlePage) -> None:
    appeal = an_appeal(paper, "spring", last_day=NOW.date() - timedelta(days=1))
    shown = read(desk.get(edit(appeal)))
    assert "A new reader does not see it on the newest article today. The appeal has not begun" in shown


def test_without_an_article_there_is_nothing_to_ask_about(desk: Client, paper: SmallPaper) -> None:
    appeal = an_appeal(paper, "spring")
    assert "There is no published article in this language yet." in read(desk.get(f"/appeals/{appeal.pk}/why/"))
    assert desk.get(edit(appeal)).status_code == 200


def test_how_many_queries_an_answer_takes_does_not_depend_on_the_number_of_articles(
    desk: Client, paper: SmallPaper, story: ArticlePage, django_assert_max_num_queries: Any
) -> None:
    appeal = an_appeal(paper, "spring")
    why(desk, appeal, story)
    with django_assert_max_num_queries(60) as seen:
        why(desk, appeal, story)
    assert isinstance(seen, CaptureQueriesContext)


# --- The sample ---


def test_the_sample_is_laid_once_in_every_language_of_the_paper(paper: SmallPaper) -> None:
    assert len(sample_files()) == 3
    assert lay_appeals() == 4
    assert lay_appeals() == 0
    assert Appeal.objects.filter(live=True).count() == 4
    for appeal in Appeal.objects.all():
        appeal.full_clean()
        for variant in appeal.variants.all():
            assert len(re.sub(r"<[^>]+>", "", variant.text)) <= appeals.LONGEST[appeal.slot]
