"""A WordPress export becomes articles, pages, people, sections, photos and redirects; the rest is accounted for."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from taggit.models import Tag
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from stet.intake.errors import ArchiveError
from stet.intake.importing import import_wordpress
from stet.intake.models import ImportedRecord
from stet.intake.report import LossReport, Outcome
from stet.newsroom.models import ArticlePage, FrontPage, Person, Photo, SectionPage, StaticPage
from tests.intake.builders import HOST, a_picture, an_attachment, an_export, an_item, written

pytestmark = pytest.mark.django_db

NOW = datetime(2025, 3, 1, tzinfo=UTC)

Import = Callable[..., LossReport]


@pytest.fixture
def imported(tmp_path: Path) -> Import:
    """Import an export made of these items."""

    def run(*items: str, head: str = "", media: Path | None = None) -> LossReport:
        return import_wordpress(written(tmp_path, an_export(*items, head=head)), media=media, now=NOW)

    return run


@pytest.fixture
def uploads(tmp_path: Path) -> Path:
    """A folder of the old site's files: one photo."""
    written(tmp_path / "uploads", a_picture(), "2024/03/ferry.jpg")
    return tmp_path / "uploads"


def reasons(report: LossReport, kind: str = "post") -> set[str]:
    return {reason for of_kind, reason in report.reasons() if of_kind == kind}


def test_a_post_becomes_an_article(imported: Import) -> None:
    report = imported(
        an_item(1, title="The ferry is late", content="It was late.\n\nVery.", tags=(("boats", "Boats"),))
    )
    page = ArticlePage.objects.get()
    assert (page.title, page.slug, page.live) == ("The ferry is late", "item-1", True)
    assert page.first_published_at == datetime(2024, 3, 1, 9, 30, tzinfo=UTC)
    assert page.get_parent().title == "Harbour"
    assert [byline.person.name for byline in page.bylines.all()] == ["Anna Quay"]
    assert list(page.tags.names()) == ["Boats"]
    assert str(page.body[0].value.source) == "<p>It was late.</p><p>Very.</p>"
    assert report.count("post", Outcome.TAKEN) == 1


def test_a_page_becomes_a_static_page_that_keeps_out_of_the_footer(imported: Import) -> None:
    imported(an_item(1, title="About", kind="page", categories=()))
    page = StaticPage.objects.get()
    assert (page.title, page.live, page.show_in_menus) == ("About", True, False)


def test_everything_read_is_accounted_for(imported: Import) -> None:
    report = imported(
        an_item(1, comments=3),
        an_item(2, kind="page", comments=1),
        an_item(3, kind="nav_menu_item"),
        an_item(4, kind="acme_event"),
        an_item(5, status="trash"),
        an_attachment(6, "lost.jpg"),
        "<item><title>No kind</title></item>",
        head="<wp:category><wp:category_nicename>empty</wp:category_nicename><wp:cat_name>Empty</wp:cat_name></wp:category>"
        "<wp:tag><wp:tag_slug>unused</wp:tag_slug><wp:tag_name>Unused</wp:tag_name></wp:tag>",
    )
    figures = {kind: (report.count(kind), report.count(kind, Outcome.LEFT_OUT)) for kind in report.kinds}
    assert figures == {
        "comment": (4, 4), "menu item": (1, 1), "acme_event": (1, 1), "post": (2, 1), "page": (1, 0),
        "attachment": (1, 1),
        "unreadable item": (1, 1), "category": (2, 1), "tag": (1, 1), "author": (1, 0), "old address": (2, 0),
    }  # fmt: skip
    assert reasons(report, "comment") == {"readers' comments are not taken"}
    assert reasons(report, "unreadable item") == {"the field wp:post_type is missing"}


STATES = {
    "a draft": ({"status": "draft"}, ""),
    "pending": ({"status": "pending"}, "was waiting for review: it is a draft now"),
    "private": ({"status": "private"}, "was private: it is a draft now"),
    "behind a password": (
        {"extra": "<wp:post_password>x</wp:post_password>"},
        "was behind a password: it is a draft now",
    ),
    "a status of a plugin": ({"status": "archived"}, "had the status “archived”: it is a draft now"),
    "without a status": ({"status": ""}, "the field wp:status is missing: it is a draft now"),
    "without a date": ({"date": "0000-00-00 00:00:00"}, "has no date: it is a draft now"),
    "an hour that was missed": (
        {"status": "future"},
        "its scheduled hour passed without WordPress publishing it: it is a draft now",
    ),
}


@pytest.mark.parametrize("sentence", STATES)
def test_what_was_not_public_is_a_draft(sentence: str, imported: Import) -> None:
    fields, reason = STATES[sentence]
    report = imported(an_item(1, **fields))
    page = ArticlePage.objects.get()
    assert (page.live, page.go_live_at, page.first_published_at) == (False, None, None)
    assert (reason in reasons(report)) is bool(reason)
    assert Redirect.objects.count() == 0


def test_a_scheduled_post_keeps_its_hour(imported: Import) -> None:
    imported(an_item(1, status="future", date="2030-01-01 12:00:00"))
    page = ArticlePage.objects.get()
    assert (page.live, page.go_live_at) == (False, datetime(2030, 1, 1, 12, tzinfo=UTC))


def test_a_damaged_post_is_a_draft_that_says_so(imported: Import) -> None:
    report = imported(an_item(1).replace("<wp:status>publish</wp:status>", "<wp:status>publish</wp:stat>"))
    assert not ArticlePage.objects.get().live
    assert any("damaged" in reason for reason in reasons(report))


def test_the_first_category_is_the_section_and_the_others_are_tags(imported: Import) -> None:
    report = imported(an_item(1, categories=(("harbour", "Harbour"), ("prices", "Prices &amp; pay"))))
    page = ArticlePage.objects.get()
    assert page.get_parent().title == "Harbour"
    assert list(page.tags.names()) == ["Prices & pay"]
    assert [section.title for section in SectionPage.objects.all()] == ["Harbour"]
    assert "more than one category: the first is its section, the others became tags" in reasons(report)


def test_a_post_without_a_category_stands_in_news(imported: Import) -> None:
    report = imported(an_item(1, categories=()))
    assert ArticlePage.objects.get().get_parent().slug == "news"
    assert "has no category: it stands in the section “News”" in reasons(report)


def test_tags_that_differ_in_capitals_are_one(imported: Import) -> None:
    imported(an_item(1, tags=(("boats", "Boats"), ("boats-2", "boats"))))
    assert Tag.objects.count() == 1


def test_no_address_and_no_login_of_an_author_is_stored(imported: Import) -> None:
    imported(an_item(1, creator="anna"), an_item(2, creator="stranger"))
    assert [(person.name, person.slug, person.contact) for person in Person.objects.all()] == [
        ("Anna Quay", "anna-quay", "")
    ]
    stored = " ".join(str(value) for row in ImportedRecord.objects.values_list("source_id", "digest") for value in row)
    assert "anna" not in stored


def test_an_author_who_is_not_in_the_export_leaves_no_byline(imported: Import) -> None:
    report = imported(an_item(1, creator="stranger"))
    assert ArticlePage.objects.get().bylines.count() == 0
    assert "its author is not among the authors of the export: it has no byline" in reasons(report)


TITLES = {
    "marks": ("The <em>late</em> ferry", "The late ferry", "marks inside a headline dropped"),
    "nothing": ("", "It was late.", "has no title: its first words stand in its place"),
    "entities": ("A &amp; B", "A & B", ""),
}


@pytest.mark.parametrize("sentence", TITLES)
def test_a_headline_is_plain_text(sentence: str, imported: Import) -> None:
    raw, title, reason = TITLES[sentence]
    report = imported(an_item(1, title=raw))
    assert ArticlePage.objects.get().title == title
    assert (reason in reasons(report)) is bool(reason)


def test_a_photo_that_is_found_is_taken_and_shown(imported: Import, uploads: Path) -> None:
    report = imported(
        an_attachment(7, "ferry.jpg", alt="A ferry at night", caption="Waiting. Photo: Vera Lind"),
        an_item(
            1,
            content='<img class="wp-image-7" src="https://old.example.org/x/ferry-300x200.jpg">Late.',
            meta=(("_thumbnail_id", "7"),),
        ),
        media=uploads,
    )
    photo = Photo.objects.get()
    assert (photo.description, photo.credit) == ("A ferry at night", "Vera Lind")
    page = ArticlePage.objects.get()
    assert page.lead_photo_id == photo.pk
    assert [block.block_type for block in page.body] == ["text"]
    assert report.count("attachment", Outcome.TAKEN) == 1


def test_a_photo_without_credit_and_words_gets_both_and_is_said(imported: Import, uploads: Path) -> None:
    report = imported(
        an_attachment(7, "ferry.jpg", alt=""), an_item(1, content='<img class="wp-image-7">'), media=uploads
    )
    photo = Photo.objects.get()
    assert (photo.credit, photo.description) == ("Credit not recorded", "ferry.jpg")
    assert reasons(report, "attachment") == {
        "a photo without a credit: “Credit not recorded” stands in its place",
        "a photo without an alternative text: its caption or title stands in its place",
    }


def test_a_photo_that_no_attachment_names_is_found_in_the_folder(imported: Import, uploads: Path) -> None:
    report = imported(
        an_item(1, content=f'<img src="{HOST}/wp-content/uploads/2024/03/ferry-150x150.jpg">'), media=uploads
    )
    assert [block.block_type for block in ArticlePage.objects.get().body] == ["photo"]
    assert report.count("picture in a text") == 1


def test_without_a_folder_of_media_pictures_become_cards(imported: Import) -> None:
    report = imported(
        an_attachment(7, "ferry.jpg"),
        an_item(1, content=f'<img class="wp-image-7" src="{HOST}/ferry.jpg" alt="A ferry">'),
    )
    assert [(block.block_type, block.value["title"]) for block in ArticlePage.objects.get().body] == [
        ("embed", "A ferry")
    ]
    assert reasons(report, "attachment") == {"no folder of media was named (--media)"}


def test_a_gallery_without_numbers_shows_the_posts_own_photos(imported: Import, uploads: Path) -> None:
    written(uploads, a_picture(colour=(1, 2, 3)), "quay.jpg")
    imported(
        an_attachment(8, "quay.jpg", parent=1),
        an_attachment(7, "ferry.jpg", parent=1),
        an_item(1, content="[gallery]"),
        media=uploads,
    )
    block = ArticlePage.objects.get().body[0]
    assert [item["photo"].title for item in block.value["photos"]] == ["ferry.jpg", "quay.jpg"]


def test_an_order_that_is_no_number_counts_as_none(imported: Import, uploads: Path) -> None:
    attachment = an_attachment(9, "ferry.jpg", parent=1)
    attachment = attachment.replace("<wp:post_parent>", "<wp:menu_order>²</wp:menu_order><wp:post_parent>")
    imported(an_item(1, content="[gallery]"), attachment, media=uploads)
    assert [block.block_type for block in ArticlePage.objects.get().body] == ["photo"]


def test_a_file_that_is_no_picture_is_left_out(imported: Import, uploads: Path) -> None:
    written(uploads, b"GIF89a not really", "2024/03/ferry.jpg")
    report = imported(an_attachment(7, "ferry.jpg"), an_item(1, meta=(("_thumbnail_id", "7"),)), media=uploads)
    assert report.count("attachment", Outcome.LEFT_OUT) == 1
    assert ArticlePage.objects.get().lead_photo is None


def test_links_between_posts_lead_to_the_new_pages(imported: Import) -> None:
    text = f'<a href="{HOST}/2024/03/item-2/">a</a> <a href="/?p=2">b</a> <a href="{HOST}/elsewhere/">c</a>'
    imported(an_item(1, content=text), an_item(2, title="Second"))
    target = ArticlePage.objects.get(slug="item-2").pk
    source = str(ArticlePage.objects.get(slug="item-1").body[0].value.source)
    assert source.count(f'linktype="page" id="{target}"') == 2
    assert f'href="{HOST}/elsewhere/"' in source


def test_old_addresses_lead_to_the_new_pages(imported: Import) -> None:
    report = imported(
        an_item(1), an_item(2, link=f"{HOST}/?p=2"), an_item(3, link=f"{HOST}//%d0%bf%d0%b0%d1%80%d0%be%d0%bc/"),
        an_item(4, kind="page", name="about", link=f"{HOST}/about/"),
    )  # fmt: skip
    assert {redirect.old_path: redirect.redirect_page.slug for redirect in Redirect.objects.all()} == {
        "/2024/03/item-1": "item-1",
        "/паром": "item-3",
    }
    assert reasons(report, "old address") == {"an address with a question mark cannot lead on in a printed edition"}
    assert (report.count("old address"), report.count("old address", Outcome.TAKEN)) == (4, 3)


SLUGS = {
    "escaped Cyrillic": ("%d0%bf%d0%b0%d1%80%d0%be%d0%bc", "паром"),
    "none": ("", "the-ferry-is-late"),
    "one that the paper uses itself": ("archive", "archive-2"),
}


@pytest.mark.parametrize("sentence", SLUGS)
def test_a_page_gets_an_address_of_its_own(sentence: str, imported: Import) -> None:
    name, slug = SLUGS[sentence]
    imported(an_item(1, kind="page", name=name))
    assert StaticPage.objects.get().slug == slug


def test_two_posts_of_one_name_both_stay(imported: Import) -> None:
    imported(an_item(1, name="same"), an_item(2, name="same", link=f"{HOST}/other/"))
    assert sorted(ArticlePage.objects.values_list("slug", flat=True)) == ["same", "same-2"]


def test_a_second_import_adds_nothing_and_says_so(imported: Import, uploads: Path) -> None:
    items = (
        an_attachment(7, "ferry.jpg"),
        an_item(
            1,
            content="[gallery ids=7]",
            tags=(("boats", "Boats"),),
            categories=(("harbour", "Harbour"), ("pay", "Pay")),
        ),
        an_item(2, kind="page"),
    )
    imported(*items, media=uploads)
    before = (
        Page.objects.count(),
        Photo.objects.count(),
        Person.objects.count(),
        Tag.objects.count(),
        Redirect.objects.count(),
    )
    report = imported(*items, media=uploads)
    assert (
        Page.objects.count(),
        Photo.objects.count(),
        Person.objects.count(),
        Tag.objects.count(),
        Redirect.objects.count(),
    ) == before
    assert {outcome for row in report.rows if (outcome := row.outcome) is not Outcome.ALREADY} == set()


def test_photos_found_by_a_later_import_replace_their_cards(imported: Import, uploads: Path) -> None:
    items = (an_attachment(7, "ferry.jpg"), an_item(1, content=f'<img class="wp-image-7" src="{HOST}/ferry.jpg">'))
    imported(*items)
    imported(*items, media=uploads)
    assert [block.block_type for block in ArticlePage.objects.get().body] == ["photo"]


def test_fields_that_are_missing_cost_no_more_than_themselves(imported: Import) -> None:
    item = "<item><title>Bare</title><content:encoded>Text.</content:encoded><wp:post_type>post</wp:post_type></item>"
    report = imported(item, item)
    page = ArticlePage.objects.get()
    assert (page.title, page.slug, page.live) == ("Bare", "bare", False)
    assert "has the number of an earlier one" in reasons(report)


def test_a_new_newsroom_takes_the_old_papers_name(imported: Import) -> None:
    imported(an_item(1))
    assert FrontPage.objects.get().title == "The Old Paper"


def test_a_language_that_the_paper_is_not_in_is_said(tmp_path: Path) -> None:
    text = an_export(an_item(1)).replace("<language>en-US<", "<language>pt-BR<")
    report = import_wordpress(written(tmp_path, text), now=NOW)
    assert "pt-BR" in report.notes[0]
    assert ArticlePage.objects.get().locale.language_code == "en"


def test_an_export_in_a_language_of_the_paper_is_placed_there(tmp_path: Path) -> None:
    text = an_export(an_item(1)).replace("<language>en-US<", "<language>ru-RU<")
    import_wordpress(written(tmp_path, text), now=NOW)
    assert ArticlePage.objects.get().locale.language_code == "ru"


def test_an_unsafe_export_changes_nothing(tmp_path: Path) -> None:
    before = Page.objects.count()
    with pytest.raises(ArchiveError, match="DOCTYPE"):
        import_wordpress(written(tmp_path, an_export(an_item(1), prolog="<!DOCTYPE rss>")), now=NOW)
    assert Page.objects.count() == before
