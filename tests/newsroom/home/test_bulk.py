"""What is done with several articles at once: by whom, to which, and what the log says of it."""

from typing import Any

import pytest
from django.test import Client
from wagtail.models import PageLogEntry

from stet.newsroom.models import ArticlePage, Withdrawal
from tests.press.builders import SmallPaper, an_article

BULK = "/bulk/newsroom/articlepage/"


def signed_in(account: Any) -> Client:
    client = Client()
    client.force_login(account)
    return client


@pytest.fixture
def two(paper: SmallPaper, people: dict[str, Any]) -> list[ArticlePage]:
    """Two live articles by a reporter."""
    made = [an_article(paper.sections["en"][0], slug, owner=people["reporter"]) for slug in ("one", "two")]
    for article in made:
        article.save_revision(clean=False).publish()
    return made


def do(client: Client, action: str, articles: list[ArticlePage], **form: Any) -> Any:
    ids = "&".join(f"id={article.pk}" for article in articles)
    return client.post(f"{BULK}{action}/?{ids}&next=/articles/", form, follow=True)


def again(article: ArticlePage) -> ArticlePage:
    return ArticlePage.objects.get(pk=article.pk)


def logged(article: ArticlePage, action: str, account: Any) -> int:
    return PageLogEntry.objects.filter(page=article.pk, action=action, user=account).count()


def test_articles_move_to_another_section_of_their_language(
    paper: SmallPaper, people: dict[str, Any], two: list[ArticlePage]
) -> None:
    politics, culture = paper.sections["en"]
    client = signed_in(people["publisher"])
    asked = client.get(f"{BULK}section/?id={two[0].pk}&id={two[1].pk}").content.decode()
    assert "culture en" in asked
    assert "culture ru" not in asked
    assert again(two[0]).is_child_of(politics)
    said = do(client, "section", two, section=culture.pk).content.decode()
    assert "2 articles stand in “culture en” now." in said
    assert "move them back to: politics en." in said
    assert all(again(article).is_child_of(culture) for article in two)
    assert [logged(article, "wagtail.move", people["publisher"]) for article in two] == [1, 1]


def test_articles_of_several_languages_move_nowhere(
    paper: SmallPaper, people: dict[str, Any], two: list[ArticlePage]
) -> None:
    russian = an_article(paper.sections["ru"][0], "po-russki")
    said = do(signed_in(people["publisher"]), "section", [two[0], russian], section=paper.sections["en"][1].pk)
    assert "in several languages" in said.content.decode()
    assert again(two[0]).is_child_of(paper.sections["en"][0])


def test_a_topic_is_added_to_what_is_live_and_to_drafts(
    paper: SmallPaper, people: dict[str, Any], two: list[ArticlePage]
) -> None:
    topic = paper.topics["en"]
    changing, draft = two[1], an_article(paper.sections["en"][0], "draft", published=None)
    changing.standfirst = "Not yet."
    changing.save_revision(clean=False)
    said = do(signed_in(people["publisher"]), "topic", [*two, draft], topic=topic.pk).content.decode()
    assert "“Dam en” was added to 3 articles." in said
    assert "In 1 of them it stands in the draft until that is published." in said
    assert [one.pk for one in again(two[0]).topics.all()] == [topic.pk]
    assert [one.pk for one in again(changing).topics.all()] == []
    assert again(changing).standfirst == ""
    for article in (changing, draft):
        assert [one.pk for one in again(article).get_latest_revision_as_object().topics.all()] == [topic.pk]
    assert logged(two[0], "wagtail.edit", people["publisher"]) == 1
    assert logged(two[0], "wagtail.publish", people["publisher"]) == 1


def test_who_may_not_publish_adds_a_topic_to_drafts_alone(
    paper: SmallPaper, people: dict[str, Any], two: list[ArticlePage]
) -> None:
    do(signed_in(people["editor"]), "topic", two, topic=paper.topics["en"].pk)
    assert [one.pk for one in again(two[0]).topics.all()] == []
    assert again(two[0]).has_unpublished_changes


def test_articles_are_taken_down_with_a_notice(people: dict[str, Any], two: list[ArticlePage]) -> None:
    said = do(signed_in(people["publisher"]), "unpublish", two, reason="They were wrong.").content.decode()
    assert "2 articles were unpublished." in said
    assert "nothing of it is lost" in said
    assert not any(again(article).live for article in two)
    assert {notice.reason for notice in Withdrawal.objects.all()} == {"They were wrong."}
    assert Withdrawal.objects.count() == 2
    assert [logged(article, "wagtail.unpublish", people["publisher"]) for article in two] == [1, 1]


def test_who_may_not_changes_nothing_and_is_told_of_no_draft(
    paper: SmallPaper, people: dict[str, Any], two: list[ArticlePage]
) -> None:
    hidden = an_article(paper.sections["en"][0], "hidden", published=None, title="Zanzibar", owner=people["editor"])
    ArticlePage.objects.filter(pk__in=[article.pk for article in two]).update(owner=people["editor"])
    client = signed_in(people["reporter"])
    for action, form in (
        ("section", {"section": paper.sections["en"][1].pk}), ("topic", {"topic": paper.topics["en"].pk}),
        ("unpublish", {"reason": ""}),
    ):  # fmt: skip
        asked = client.get(f"{BULK}{action}/?id={hidden.pk}&id={two[0].pk}").content.decode()
        assert "Zanzibar" not in asked
        assert "You may do this to none" in asked
        do(client, action, [hidden, *two], **form)
    assert all(again(article).live and again(article).is_child_of(paper.sections["en"][0]) for article in two)
    assert not PageLogEntry.objects.filter(user=people["reporter"]).exclude(action="wagtail.create").exists()


def test_all_and_nonsense_choose_nothing(people: dict[str, Any], two: list[ArticlePage]) -> None:
    client = signed_in(people["admin"])
    for what in ("id=all", "id=x", "", "id=" + "9" * 40):
        assert client.post(f"{BULK}unpublish/?{what}", {"reason": ""}).status_code == 404
    assert all(again(article).live for article in two)
