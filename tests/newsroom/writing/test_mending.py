"""What the panel asks the desk: words go in, places come out, and nothing is kept."""

import json
from typing import Any

import pytest
from django.test import Client

from stet.newsroom.writing import views
from stet.newsroom.writing.offline import key_of

PAGE = "/writing/mending/"


def asked(desk: Client, body: Any) -> Any:
    return desk.post(PAGE, body if isinstance(body, str) else json.dumps(body), content_type="application/json")


def test_places_are_counted_as_javascript_does(admin_client: Client) -> None:
    body = {"language": "ru", "paragraphs": [{"text": '🔥🔥 "да"'}, {"text": "да", "frozen": []}]}
    assert asked(admin_client, body).json() == {"edits": [[[5, 6, "«"], [8, 9, "»"]], []]}


def test_frozen_ranges_stay(admin_client: Client) -> None:
    body = {"language": "en", "paragraphs": [{"text": '🔥 "a" "b"', "frozen": [[3, 6]]}]}
    assert asked(admin_client, body).json() == {"edits": [[[7, 8, "“"], [9, 10, "”"]]]}


@pytest.mark.parametrize(
    "body",
    ["", "[]", "{", '{"language": 1, "paragraphs": []}', '{"language": "ru", "paragraphs": [{"text": null}]}',
     '{"language": "ru", "paragraphs": [{"text": "a", "frozen": [[1]]}]}', '{"language": "ru"}', "\x00"],
)  # fmt: skip
def test_what_no_panel_sends_is_refused(admin_client: Client, body: str) -> None:
    assert asked(admin_client, body).status_code == 400


def test_a_form_with_files_in_the_place_of_words_is_refused(admin_client: Client) -> None:
    assert admin_client.post(PAGE, {"language": "ru"}).status_code == 400


def test_places_beside_the_text_do_no_harm(admin_client: Client) -> None:
    body = {"language": "ru", "paragraphs": [{"text": "да...", "frozen": [[-5, 99], [7, 3]]}]}
    assert asked(admin_client, body).status_code == 200


def test_a_form_of_any_length_is_answered_or_refused(admin_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "LONGEST_FORM", 10_000)
    long = '"a b" ' * 1_600
    assert asked(admin_client, {"language": "ru", "paragraphs": [{"text": long}]}).status_code == 200
    assert asked(admin_client, {"language": "ru", "paragraphs": [{"text": long}, {"text": long}]}).status_code == 400


def test_only_who_is_signed_in_is_answered(client: Client, admin_client: Client) -> None:
    assert asked(client, {"language": "ru", "paragraphs": []}).status_code == 302
    assert admin_client.get(PAGE).status_code == 405


def test_each_editor_has_a_key_of_their_own_and_a_new_password_makes_a_new_one(
    django_user_model: Any, db: None
) -> None:
    lida, jonas = (django_user_model.objects.create_user(username=name, password="a long password") for name in "lj")
    old = key_of(lida)
    assert old == key_of(lida) != key_of(jonas)
    lida.set_password("another long password")
    assert key_of(lida) != old
