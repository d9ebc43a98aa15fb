"""What gifts are counted under: a variant keeps its letter for ever, its code is known for a year afterwards."""

import html
import re
from datetime import date, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from wagtail.models import Revision
from wagtail.test.utils.form_data import inline_formset, rich_text

from stet.appeals.models import Appeal, AppealVariant, Campaign
from stet.kit import clock
from tests.appeals.test_desk import ADD, NOW, edit, form, read
from tests.press.appeal_builders import an_appeal
from tests.press.builders import SmallPaper

PUBLISH = {"action-publish": "1"}


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, NOW)


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(clock.SystemClock, "now", lambda self: moment)


def letters(appeal: Appeal) -> dict[str, str]:
    """What each variant is called, by its title, in the editors' order."""
    return dict(AppealVariant.objects.filter(appeal=appeal).order_by("sort_order").values_list("title", "letter"))


def send(desk: Client, appeal: Appeal, *titles: str, dropped: tuple[str, ...] = (), **fields: Any) -> None:
    """Send the appeal's form with these variants in this order: known ones, those to drop, then new ones."""
    appeal.refresh_from_db()
    known = {variant.title: variant.pk for variant in appeal.get_latest_revision_as_object().variants.all()}
    kept = [title for title in titles if known.get(title)]
    rows = [
        {"id": str(known[title]), "title": title, "text": rich_text("<p>Please.</p>"), "ORDER": str(number)}
        | ({"DELETE": "1"} if title in dropped else {})
        for number, title in enumerate([*kept, *dropped], 1)
    ]
    new = [
        {"id": "", "title": title, "text": rich_text("<p>Please.</p>"), "ORDER": str(titles.index(title) + 1)}
        for title in titles
        if not known.get(title)
    ]
    variants = inline_formset([*rows, *new], initial=len(rows))
    answer = desk.post(edit(appeal), form(**{"variants": variants, **fields}))
    assert answer.status_code == 302, read(answer)


def test_a_new_appeals_variants_are_called_in_order(desk: Client, paper: SmallPaper) -> None:
    desk.post(ADD, form(("One", "<p>x</p>"), ("Two", "<p>x</p>"), **PUBLISH))
    assert letters(Appeal.objects.get()) == {"One": "a", "Two": "b"}


def test_variants_keep_their_letters_in_another_order(desk: Client, paper: SmallPaper) -> None:
    appeal = an_appeal(paper, words=("One", "Two", "Three"))
    send(desk, appeal, "Three", "One", "Two", **PUBLISH)
    assert letters(appeal) == {"Three": "c", "One": "a", "Two": "b"}
    assert list(letters(appeal)) == ["Three", "One", "Two"]


def test_the_letter_of_a_variant_that_went_is_never_given_again(desk: Client, paper: SmallPaper) -> None:
    appeal = an_appeal(paper, words=("One", "Two"))
    send(desk, appeal, "Two", "Three", dropped=("One",), **PUBLISH)
    assert letters(appeal) == {"Two": "b", "Three": "c"}
    send(desk, appeal, "Two", dropped=("Three",), **PUBLISH)
    send(desk, appeal, "Two", "Four", **PUBLISH)
    assert letters(appeal) == {"Two": "b", "Four": "d"}


def test_an_older_version_gives_no_letter_a_second_time(desk: Client, paper: SmallPaper) -> None:
    appeal = an_appeal(paper, words=("One",))
    first = appeal.save_revision()
    first.publish()
    send(desk, appeal, "One", "Two", **PUBLISH)
    first.publish()
    assert letters(appeal) == {"One": "a"}
    appeal.refresh_from_db()
    send(desk, appeal, "One", "Three", **PUBLISH)
    assert letters(appeal) == {"One": "a", "Three": "c"}


def test_a_draft_that_is_saved_often_uses_up_no_letters(desk: Client, paper: SmallPaper) -> None:
    appeal = an_appeal(paper, words=("One",))
    for _again in range(3):
        send(desk, appeal, "One", "Two")
    appeal.refresh_from_db()
    assert [v.letter for v in appeal.get_latest_revision_as_object().variants.all()] == ["a", "b"]
    send(desk, appeal, "One", "Two", **PUBLISH)
    assert letters(appeal) == {"One": "a", "Two": "b"}


def test_the_form_says_what_each_variant_is_counted_under(desk: Client, paper: SmallPaper) -> None:
    appeal = an_appeal(paper, words=("One", "Two"))
    send(desk, appeal, "Two", "One")
    page = desk.get(edit(appeal)).content.decode()
    assert "Gifts are counted under the appeal's code and this letter." in html.unescape(page)
    assert re.findall(r'child-letter-label"[^>]*aria-readonly="true">\s*(\w)\s*<', page) == ["b", "a"]


def test_a_translation_has_the_same_letters(paper: SmallPaper) -> None:
    appeal = an_appeal(paper, words=("One", "Two", "Three"))
    appeal.variants.set([variant for variant in appeal.variants.all() if variant.title != "Two"])
    appeal.save()
    russian = appeal.copy_for_translation(paper.fronts["ru"].locale)
    russian.save()
    assert letters(russian) == {"One": "a", "Three": "c"}


def test_variants_of_before_keep_the_letters_of_their_order(paper: SmallPaper) -> None:
    appeal = an_appeal(paper, words=("One", "Two"))
    draft = appeal.save_revision()
    for variant in draft.content["variants"]:
        del variant["letter"]
    Revision.objects.filter(pk=draft.pk).update(content=draft.content)
    AppealVariant.objects.update(letter="")
    Appeal.objects.update(letters_given=0)

    import_module("stet.appeals.migrations.0004_first_letters").give(apps, None)
    assert letters(appeal) == {"One": "a", "Two": "b"}

    draft = Revision.objects.get(pk=draft.pk)
    draft.content["variants"].reverse()
    for number, variant in enumerate(draft.content["variants"]):
        variant["sort_order"] = number
    draft.save()
    draft.publish()
    assert letters(appeal) == {"Two": "b", "One": "a"}, "A draft of before the change knows them too."


# --- What was printed is known for a year ---


def known() -> dict[str, date]:
    return dict(Campaign.objects.values_list("code", "last_day"))


def test_the_codes_of_an_appeal_that_goes_are_kept(paper: SmallPaper) -> None:
    goes = {"unpublished": Appeal.unpublish, "deleted": Appeal.delete}
    for code, go in goes.items():
        go(an_appeal(paper, code, words=("One", "Two")))
    an_appeal(paper, "many")
    an_appeal(paper, "draft", live=False)
    Appeal.objects.exclude(live=True).filter(code="draft").delete()
    Appeal.objects.filter(code="many").delete()

    codes = {"deleted-a", "deleted-b", "many-a", "unpublished-a", "unpublished-b"}
    assert known() == dict.fromkeys(codes, NOW.date())


def test_a_code_that_an_editor_changes_is_kept(desk: Client, paper: SmallPaper) -> None:
    appeal = an_appeal(paper, words=("One", "Two"))
    send(desk, appeal, "One", "Two", code="summer")
    assert "spring-b" not in known() or Appeal.objects.get().code == "spring", "A draft changes nothing."
    send(desk, appeal, "Two", dropped=("One",), code="summer", **PUBLISH)
    assert {"spring-a", "spring-b"} <= set(known())
    assert [a.code for a in Appeal.objects.all()] == ["summer"]


def test_a_code_counts_from_the_last_day_on_which_it_was_printed(
    paper: SmallPaper, monkeypatch: pytest.MonkeyPatch
) -> None:
    appeal = an_appeal(paper)
    appeal.name = "Changed"
    appeal.save()
    at(monkeypatch, NOW + timedelta(days=30))
    appeal.unpublish()
    assert known() == {"spring-a": NOW.date() + timedelta(days=30)}
    at(monkeypatch, NOW + timedelta(days=60))
    appeal.save()
    appeal.delete()
    assert known() == {"spring-a": NOW.date() + timedelta(days=30)}
