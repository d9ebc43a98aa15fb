"""Over the onion service the frontdesk answers with addresses of the onion service."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from stet.frontdesk.desk import Desk, reached_at, the_desk
from stet.project.settings import Newsroom, Onion

ADDRESS = "b" * 56 + ".onion"


def test_a_reader_who_signs_up_over_the_onion_service_stays_there(the: Desk, newsroom: Newsroom, settings: Any) -> None:
    settings.STET = replace(newsroom, settings=replace(newsroom.settings, onion=Onion(address=ADDRESS)))
    settings.ALLOWED_HOSTS = [ADDRESS, "testserver"]
    with reached_at(f"{ADDRESS}:81"):
        answer = Client(headers={"host": f"{ADDRESS}:81"}).get("/en/join")
    html = answer.content.decode()
    assert f'action="http://{ADDRESS}:81/en/join"' in html
    assert f'<base href="http://{ADDRESS}/">' in html
    assert the.own_url not in html + answer["Content-Security-Policy"]
    assert the.paper_url not in html + answer["Content-Security-Policy"]


@pytest.mark.django_db(databases=["readers"])
def test_a_printed_form_sent_to_the_onion_address_is_answered_there(
    the: Desk, newsroom: Newsroom, settings: Any
) -> None:
    settings.STET = replace(newsroom, settings=replace(newsroom.settings, onion=Onion(address=ADDRESS)))
    settings.ALLOWED_HOSTS = [ADDRESS, "testserver"]
    client = Client(headers={"host": f"{ADDRESS}:81", "origin": "null", "sec-fetch-site": "cross-site"})
    with reached_at(f"{ADDRESS}:81"):
        joined = client.post("/en/join", {"list": "en.the-week", "email": "ada@example.org", "wording": ""})
        asked = client.get("/en/give", {"interval": "monthly", "currency": "EUR", "website": ""})
    assert joined.status_code == 200
    for answer in (joined, asked):
        assert f'<base href="http://{ADDRESS}/">' in answer.content.decode()
        assert the.own_url not in answer.content.decode() + answer["Content-Security-Policy"]


def test_elsewhere_nothing_is_said_of_the_onion(the: Desk, newsroom: Newsroom, settings: Any) -> None:
    settings.STET = replace(newsroom, settings=replace(newsroom.settings, onion=Onion(address=ADDRESS)))
    with reached_at("join.example.org"):
        assert the_desk().own_url == the.own_url
        assert ADDRESS not in Client().get("/en/join").content.decode()
    with reached_at(""):
        assert the_desk().own_url == the.own_url
