"""Saved views: whose they are, who sees and who changes them, and what is kept of an address."""

from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from stet.newsroom.home.saved import MOST_VIEWS, current_query
from stet.newsroom.models import SavedView
from tests.newsroom.home.test_bulk import signed_in

SAVE, VIEWS = "/articles/views/save/", "/articles/views/"


def view_of(account: Any, name: str = "Mine", **fields: Any) -> SavedView:
    return SavedView.objects.create(owner=account, name=name, **{"query": "status=draft", **fields})


@pytest.fixture
def reporter(people: dict[str, Any]) -> Client:
    return signed_in(people["reporter"])


def test_only_filters_are_kept_and_always_in_one_order() -> None:
    asked = QueryDict("p=3&kind=news&kind=feature&status=draft&id=7&_w_filter_fragment=1&q=&token=x")
    assert current_query(asked) == "status=draft&kind=feature&kind=news"
    assert current_query(QueryDict("kind=feature&kind=news&status=draft")) == current_query(asked)


def test_a_view_is_saved_and_stands_above_the_list(people: dict[str, Any], reporter: Client) -> None:
    said = reporter.post(SAVE, {"name": "My drafts", "query": "status=draft&p=2"}, follow=True)
    assert said.redirect_chain[-1][0] == "/articles/?status=draft"
    assert "“My drafts” is saved." in said.content.decode()
    assert said.context["saved_views"] == [(SavedView.objects.get(), True)]
    assert "My drafts" in reporter.get("/").content.decode()
    reporter.post(SAVE, {"name": "My drafts", "query": "status=review"})
    assert SavedView.objects.get().query == "status=review"


def test_others_see_what_is_shared_and_change_nothing_of_it(people: dict[str, Any], reporter: Client) -> None:
    view_of(people["editor"], "Private")
    shared = view_of(people["editor"], "Shared", is_shared=True)
    shown = reporter.get("/articles/").content.decode()
    assert "Shared" in shown
    assert "Private" not in shown
    assert reporter.post(f"{VIEWS}{shared.pk}/", {"delete": "yes"}).status_code == 404
    assert SavedView.objects.filter(pk=shared.pk).exists()


def test_a_view_is_renamed_shared_and_deleted(people: dict[str, Any], reporter: Client) -> None:
    view, other = view_of(people["reporter"]), view_of(people["reporter"], "Other")
    name = f"view-{view.pk}-name"
    reporter.post(f"{VIEWS}{view.pk}/", {name: "Ours", f"view-{view.pk}-is_shared": "on"})
    view.refresh_from_db()
    assert (view.name, view.is_shared) == ("Ours", True)
    said = reporter.post(f"{VIEWS}{view.pk}/", {name: "Other"}, follow=True).content.decode()
    assert "There is a view of that name already." in said
    reporter.post(f"{VIEWS}{other.pk}/", {"delete": "yes"})
    assert list(SavedView.objects.values_list("name", flat=True)) == ["Ours"]


def test_publishers_tidy_up_what_is_shared(people: dict[str, Any]) -> None:
    shared, private = view_of(people["editor"], "Shared", is_shared=True), view_of(people["editor"], "Private")
    publisher = signed_in(people["publisher"])
    assert publisher.post(f"{VIEWS}{private.pk}/", {"delete": "yes"}).status_code == 404
    publisher.post(f"{VIEWS}{shared.pk}/", {"delete": "yes"})
    assert list(SavedView.objects.all()) == [private]


def test_nobody_has_more_views_than_can_be_shown(people: dict[str, Any], reporter: Client) -> None:
    SavedView.objects.bulk_create(SavedView(owner=people["reporter"], name=f"V {n}") for n in range(MOST_VIEWS))
    assert "Delete one first." in reporter.post(SAVE, {"name": "One more", "query": ""}, follow=True).content.decode()
    assert "a name of at most 60" in reporter.post(SAVE, {"name": "x" * 61, "query": ""}, follow=True).content.decode()
    assert SavedView.objects.count() == MOST_VIEWS


def test_what_a_colleague_shared_stays_when_they_go(people: dict[str, Any]) -> None:
    view_of(people["reporter"], "Private")
    shared = view_of(people["reporter"], "Shared", is_shared=True)
    people["reporter"].delete()
    assert list(SavedView.objects.all()) == [shared]


def test_who_has_no_list_saves_no_view(people: dict[str, Any]) -> None:
    finance = signed_in(people["finance"])
    for address in (SAVE, VIEWS):
        answer = finance.post(address, {"name": "x"}) if address == SAVE else finance.get(address)
        assert answer.status_code in (302, 403)
    assert not SavedView.objects.exists()
