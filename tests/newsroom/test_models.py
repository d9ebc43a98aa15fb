"""What the newsroom's records refuse, and what they know of each other."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.test import RequestFactory
from wagtail.models import Locale

from stet.newsroom.models import ArticlePage, FrontPage, Person, Photo, SectionPage, StaticPage, TopicPage
from stet.newsroom.paper import current_paper
from tests.press.builders import NOON, SmallPaper, a_photo, an_article, by


def refusal(record: object) -> dict[str, list[str]]:
    """What a record is refused for, by field; nothing where it is taken."""
    try:
        record.full_clean()  # type: ignore[attr-defined]
    except ValidationError as error:
        return error.message_dict
    return {}


# --- Addresses ---


def test_a_slug_is_an_articles_own_in_its_whole_language(paper: SmallPaper) -> None:
    an_article(paper.sections["en"][0], "flood")
    with pytest.raises(ValidationError, match="slug"):
        an_article(paper.sections["en"][1], "flood")
    an_article(paper.sections["ru"][0], "flood")


def test_the_desks_links_to_a_page_lead_to_the_readers_site(paper: SmallPaper) -> None:
    article = an_article(paper.sections["en"][0], "flood")
    base = current_paper().base_url
    request = RequestFactory().get("/pages/")
    assert article.get_url(request) == article.url == article.full_url == f"{base}/2026/03/01/flood/"
    assert paper.sections["ru"][0].get_url(request) == f"{base}/ru/politics/"
    assert an_article(paper.sections["en"][0], "draft", published=None).get_url(request) is None


@pytest.mark.parametrize("slug", ["topics", "people", "tags", "archive", "corrections", "media", "2026", "ru", "fa"])
@pytest.mark.parametrize("kind", [SectionPage, StaticPage])
def test_a_section_or_page_leaves_the_presss_own_addresses_alone(
    paper: SmallPaper, kind: type[SectionPage | StaticPage], slug: str
) -> None:
    with pytest.raises(ValidationError, match="used by the paper itself"):
        paper.fronts["en"].add_child(instance=kind(title="A page", slug=slug, locale=paper.fronts["en"].locale))


def test_a_page_may_stand_where_the_paper_says_where_to_find_it_and_a_section_may_not(paper: SmallPaper) -> None:
    front = paper.fronts["en"]
    with pytest.raises(ValidationError, match="used by the paper itself"):
        front.add_child(instance=SectionPage(title="Reach", slug="reach-us", locale=front.locale))

    page = FrontPage.objects.get(pk=front.pk).add_child(
        instance=StaticPage(title="Reach us", slug="reach-us", locale=front.locale)
    )
    assert page.printed_path() == "/reach-us/"


def test_an_article_may_have_a_word_in_its_address_that_a_section_may_not(paper: SmallPaper) -> None:
    assert an_article(paper.sections["en"][0], "archive").printed_path() == "/2026/03/01/archive/"


def test_a_draft_has_no_address(paper: SmallPaper) -> None:
    assert an_article(paper.sections["en"][0], "draft", published=None).printed_path() is None


def test_every_kind_of_page_says_where_it_stands(paper: SmallPaper) -> None:
    assert paper.fronts["en"].printed_path() == "/"
    assert paper.fronts["ru"].printed_path() == "/ru/"
    assert paper.sections["ru"][0].printed_path() == "/ru/politics/"
    assert paper.topics["en"].printed_path() == "/topics/dam/"
    assert paper.about.printed_path() == "/about/"
    assert an_article(paper.sections["ru"][0], "flood").printed_path() == "/ru/2026/03/01/flood/"


def test_a_move_does_not_change_an_articles_address(paper: SmallPaper) -> None:
    article = an_article(paper.sections["en"][0], "flood")
    article.move(paper.sections["en"][1], pos="last-child")
    assert ArticlePage.objects.get(pk=article.pk).printed_path() == "/2026/03/01/flood/"


def test_two_people_of_one_language_do_not_share_an_address(paper: SmallPaper) -> None:
    english = paper.people["en"].locale
    assert "slug" in refusal(Person(name="Another Ann", slug="ann", locale=english))


# --- Photos ---


def test_an_article_takes_no_photo_without_a_credit_or_an_alternative_text(paper: SmallPaper) -> None:
    article = an_article(paper.sections["en"][0], "flood")
    article.lead_photo = a_photo(credit="")
    assert refusal(article) == {"lead_photo": ["This photo has no credit. Say who took it."]}
    photo = a_photo()
    photo.description = ""
    article.lead_photo = photo
    assert refusal(article) == {"lead_photo": ["This photo has no alternative text. Describe it in a sentence."]}
    article.lead_alt = "A river over its banks."
    assert refusal(article) == {}


def test_a_photo_record_needs_a_credit(paper: SmallPaper) -> None:
    photo = a_photo()
    photo.credit = ""
    assert "credit" in refusal(photo)


def test_a_deleted_photo_leaves_the_article_standing(paper: SmallPaper) -> None:
    article = an_article(paper.sections["en"][0], "flood", lead_photo=a_photo())
    Photo.objects.all().delete()
    article.refresh_from_db()
    assert article.lead_photo is None


# --- People ---


def test_a_withheld_byline_has_no_photo(paper: SmallPaper) -> None:
    person = paper.people["en"]
    person.photo = a_photo()
    assert refusal(person) == {}
    person.kind = Person.Kind.WITHHELD
    assert refusal(person) == {"photo": ["A withheld byline has no photo. Take it out."]}


def test_a_person_who_signed_a_story_is_not_deleted(paper: SmallPaper) -> None:
    from django.db.models import ProtectedError

    by(an_article(paper.sections["en"][0], "flood"), paper.people["en"])
    with pytest.raises(ProtectedError):
        paper.people["en"].delete()


def test_no_field_holds_a_real_name_behind_a_pen_name() -> None:
    fields = {field.name for field in Person._meta.get_fields()}
    assert not {name for name in fields if "real" in name or "legal" in name or "mail" in name or "phone" in name}


# --- Pages ---


def test_a_privacy_policy_says_its_version_and_date(paper: SmallPaper) -> None:
    page = paper.about
    page.role = StaticPage.Role.PRIVACY
    assert refusal(page) == {"version": ["A privacy policy needs a version and its date."]}
    page.version = "2"
    assert "version" in refusal(page)
    page.version_date = date(2026, 3, 1)
    assert refusal(page) == {}


def test_articles_stand_under_sections_only() -> None:
    assert ArticlePage.allowed_parent_page_models() == [SectionPage]
    assert ArticlePage.allowed_subpage_models() == []
    assert TopicPage.allowed_subpage_models() == []


# --- Translations ---


def test_a_translation_is_behind_when_its_original_is_published_anew(paper: SmallPaper) -> None:
    for english, russian in zip(paper.sections["en"], paper.sections["ru"], strict=True):
        SectionPage.objects.filter(pk=russian.pk).update(translation_key=english.translation_key)
    original = an_article(paper.sections["en"][0], "flood")
    original.save_revision().publish()
    original.refresh_from_db()
    translation = original.copy_for_translation(Locale.objects.get(language_code="ru"))
    assert translation.original == original
    assert not translation.is_behind_original
    original.title = "A draft says otherwise"
    original.save_revision()
    assert not reread(translation).is_behind_original
    original.save_revision().publish()
    assert reread(translation).is_behind_original
    reread(translation).follow_original(ArticlePage.objects.get(pk=original.pk))
    assert not reread(translation).is_behind_original


def test_a_story_that_is_no_translation_is_behind_nothing(paper: SmallPaper) -> None:
    assert not an_article(paper.sections["en"][0], "flood", published=NOON).is_behind_original


def test_a_translation_outlives_its_original(paper: SmallPaper) -> None:
    original = an_article(paper.sections["en"][0], "flood")
    translation = an_article(paper.sections["ru"][0], "potop")
    translation.follow_original(original)
    ArticlePage.objects.get(pk=original.pk).delete()
    assert reread(translation).original is None


def reread(article: ArticlePage) -> ArticlePage:
    """The article as the database has it."""
    return ArticlePage.objects.get(pk=article.pk)
