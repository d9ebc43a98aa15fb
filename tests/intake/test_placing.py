"""Stet's archive becomes pages, once, and the desk's edits are respected."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.utils import translation
from wagtail.models import Locale, Page, ReferenceIndex, Site

from stet.intake.errors import ArchiveError, DiskError
from stet.intake.importing import import_stet_archive
from stet.intake.models import ImportedRecord
from stet.intake.report import LossReport, Outcome
from stet.newsroom.models import ArticlePage, FrontPage, Person, Photo, SectionPage, StaticPage, TopicPage
from tests.intake.builders import ARTICLE, FILES, SECOND, TRANSLATION, a_stet_archive, written

pytestmark = pytest.mark.django_db

NOW = datetime(2025, 3, 1, tzinfo=UTC)


def imported(folder: Path) -> LossReport:
    return import_stet_archive(folder, now=NOW)


def counts(report: LossReport, outcome: Outcome) -> int:
    return sum(report.count(kind, outcome) for kind in report.kinds)


def article(slug: str) -> ArticlePage:
    return ArticlePage.objects.get(slug=slug)


def test_a_whole_archive_is_placed_without_a_loss(tmp_path: Path) -> None:
    report = imported(a_stet_archive(tmp_path))
    assert counts(report, Outcome.TAKEN) == sum(report.count(kind) for kind in report.kinds) == 12
    assert Page.find_problems() == ([], [], [], [], [])


def test_each_language_has_a_tree_of_its_own(tmp_path: Path) -> None:
    imported(a_stet_archive(tmp_path))
    english, russian = FrontPage.objects.order_by("path")
    assert (english.title, russian.title) == ("The Lock", "Шлюз")
    assert english.translation_key == russian.translation_key
    assert [page.title for page in russian.get_children()] == ["Политика"]
    assert Site.objects.get().root_page.pk == english.pk
    assert Locale.objects.count() >= 2


def test_an_article_has_what_its_file_says(tmp_path: Path) -> None:
    imported(a_stet_archive(tmp_path))
    page = article("a-gate-was-stuck")
    assert page.title == "A gate was stuck"
    assert page.standfirst == "The letters said so in May."
    assert page.dateline == "Tarn"
    assert page.get_parent().slug == "politics"
    assert [byline.person.name for byline in page.bylines.all()] == ["Vera Lind"]
    assert list(page.tags.names()) == ["dams"]
    assert [topic.slug for topic in page.topics.all()] == ["the-gate"]
    assert page.lead_photo.credit == "Vera Lind"
    assert [block.block_type for block in page.body] == ["text", "subhead", "text", "pull_quote"]


def test_an_article_keeps_its_dates_and_has_one_published_revision(tmp_path: Path) -> None:
    imported(a_stet_archive(tmp_path))
    page = article("a-gate-was-stuck")
    assert page.first_published_at == page.last_published_at == datetime(2025, 2, 3, 6, 30, tzinfo=UTC)
    assert page.live
    assert not page.has_unpublished_changes
    assert page.revisions.count() == 1
    assert page.live_revision_id == page.latest_revision_id
    assert page.printed_path() == "/2025/02/03/a-gate-was-stuck/"


def test_what_refers_to_each_other_is_joined_whatever_the_order(tmp_path: Path) -> None:
    imported(a_stet_archive(tmp_path))
    first, second = article("a-gate-was-stuck"), article("the-gate-is-open")
    assert [pick.article_id for pick in second.picks.all()] == [first.pk]
    assert f'<a linktype="page" id="{first.pk}">we wrote</a>' in str(second.body[0].value.source)
    assert TopicPage.objects.get().timeline[0].value["article"].pk == first.pk
    front = FrontPage.objects.get(locale__language_code="en")
    assert [placement.article_id for placement in front.placements.all()] == [second.pk, first.pk]
    assert f'linktype="page" id="{StaticPage.objects.get().pk}"' in front.notice


def test_a_translation_follows_its_original(tmp_path: Path) -> None:
    imported(a_stet_archive(tmp_path))
    original, translation = article("a-gate-was-stuck"), article("zatvor")
    assert translation.original_id == original.pk
    assert not translation.is_behind_original
    assert translation.translation_key == original.translation_key
    assert translation.lead_alt == "Затвор плотины."


def test_a_correction_is_kept_with_its_day(tmp_path: Path) -> None:
    imported(a_stet_archive(tmp_path))
    correction = article("the-gate-is-open").corrections.get()
    assert (correction.date, "on Tuesday, not" in correction.text) == (date(2025, 2, 5), True)


def test_a_photo_is_taken_with_credit_and_words_of_the_papers_own_language(tmp_path: Path) -> None:
    imported(a_stet_archive(tmp_path))
    photo = Photo.objects.get()
    assert (photo.credit, photo.description, photo.caption) == ("Vera Lind", "A gate in a dam.", "The gate in May.")
    assert (photo.width, photo.height) == (64, 48)


def test_the_desk_accepts_every_block_and_article_as_it_was_placed(tmp_path: Path) -> None:
    imported(a_stet_archive(tmp_path))
    for page in ArticlePage.objects.all():
        page.full_clean()
        for block in page.body:
            block.block.clean(block.value)


def test_drafts_and_scheduled_articles_stay_so(tmp_path: Path) -> None:
    folder = a_stet_archive(
        tmp_path,
        articles_en_the_gate_is_open_md=SECOND.replace("published = 2025-02-04T06:30:00Z", 'status = "draft"'),
        articles_ru_zatvor_md=TRANSLATION.replace(
            "published = 2025-02-03T09:00:00Z", 'status = "scheduled"\ngo_live = 2027-01-15T06:00:00Z'
        ),
    )
    imported(folder)
    draft, scheduled = article("the-gate-is-open"), article("zatvor")
    assert (draft.live, draft.first_published_at, draft.has_unpublished_changes) == (False, None, True)
    assert scheduled.live is False
    assert scheduled.go_live_at == datetime(2027, 1, 15, 6, tzinfo=UTC)
    assert scheduled.approved_schedule is not None


def test_where_used_is_known_of_photos_and_people(tmp_path: Path) -> None:
    imported(a_stet_archive(tmp_path))
    assert ReferenceIndex.get_references_to(Photo.objects.get()).count() >= 3
    assert ReferenceIndex.get_references_to(Person.objects.get(locale__language_code="en")).count() == 2


def test_a_second_import_adds_nothing_and_says_so(tmp_path: Path) -> None:
    folder = a_stet_archive(tmp_path)
    imported(folder)
    before = list(Page.objects.order_by("pk").values_list("pk", "latest_revision_id"))
    report = imported(folder)
    assert counts(report, Outcome.ALREADY) == 12
    assert list(Page.objects.order_by("pk").values_list("pk", "latest_revision_id")) == before
    assert (Photo.objects.count(), Person.objects.count()) == (1, 2)


def test_what_changed_in_the_archive_is_brought_up_to_date(tmp_path: Path) -> None:
    imported(a_stet_archive(tmp_path))
    report = imported(
        a_stet_archive(tmp_path, articles_en_a_gate_was_stuck_md=ARTICLE.replace("A gate was", "Two gates were"))
    )
    assert report.count("article", Outcome.TAKEN) == 1
    assert article("a-gate-was-stuck").title == "Two gates were stuck"
    assert article("a-gate-was-stuck").live_revision.as_object().title == "Two gates were stuck"


def test_what_was_edited_in_the_desk_since_is_left_and_said(tmp_path: Path) -> None:
    imported(a_stet_archive(tmp_path))
    page = article("a-gate-was-stuck")
    page.title = "The desk's own headline"
    page.save_revision().publish()
    report = imported(
        a_stet_archive(tmp_path, articles_en_a_gate_was_stuck_md=ARTICLE.replace("A gate was", "Two gates were"))
    )
    assert article("a-gate-was-stuck").title == "The desk's own headline"
    assert report.count("article", Outcome.LEFT_OUT) == 1
    assert ("article", "changed in the archive and edited in the desk since: the desk's stays") in report.reasons()


def test_a_person_edited_in_the_desk_is_left(tmp_path: Path) -> None:
    imported(a_stet_archive(tmp_path))
    Person.objects.filter(locale__language_code="en").update(role="Editor")
    folder = a_stet_archive(
        tmp_path, people_vera_lind_toml=FILES["people/vera-lind.toml"].replace("Correspondent", "Reporter")
    )
    assert imported(folder).count("person", Outcome.LEFT_OUT) == 1
    assert Person.objects.get(locale__language_code="en").role == "Editor"


def test_what_was_deleted_in_the_desk_stays_deleted(tmp_path: Path) -> None:
    folder = a_stet_archive(tmp_path)
    imported(folder)
    article("the-gate-is-open").delete()
    report = imported(folder)
    assert not ArticlePage.objects.filter(slug="the-gate-is-open").exists()
    assert report.count("article", Outcome.LEFT_OUT) == 1


def test_a_run_that_was_cut_off_goes_on_where_it_stopped(tmp_path: Path) -> None:
    folder = a_stet_archive(tmp_path)

    class CutError(Exception):
        pass

    def cut(what: str, done: int, total: int) -> None:
        if what == "articles" and done == total:
            raise CutError

    with pytest.raises(CutError):
        import_stet_archive(folder, now=NOW, progress=cut)
    report = imported(folder)
    assert [pick.article.slug for pick in article("the-gate-is-open").picks.all()] == ["a-gate-was-stuck"]
    assert report.count("article") == 3
    assert not ImportedRecord.objects.filter(digest="").exists()


def test_progress_counts_each_kind_to_its_end(tmp_path: Path) -> None:
    steps: list[tuple[str, int, int]] = []
    import_stet_archive(a_stet_archive(tmp_path), now=NOW, progress=lambda *step: steps.append(step))
    assert ("articles", 1, 3) in steps
    assert ("articles", 3, 3) in steps


def test_a_wrong_archive_changes_nothing(tmp_path: Path) -> None:
    folder = a_stet_archive(tmp_path)
    written(folder, "no front matter", "articles/en/x.md")
    before = Page.objects.count()
    with pytest.raises(ArchiveError):
        imported(folder)
    assert (Page.objects.count(), Photo.objects.count()) == (before, 0)


def test_a_slug_that_the_newsroom_has_already_gets_a_number_and_is_said(tmp_path: Path) -> None:
    imported(
        a_stet_archive(
            tmp_path,
            articles_en_the_gate_is_open_md=None,
            paper_toml=FILES["paper.toml"].replace("the-gate-is-open", "a-gate-was-stuck"),
        )
    )
    desk = ArticlePage(title="From the desk", slug="the-gate-is-open", locale=Locale.objects.get(language_code="en"))
    SectionPage.objects.get(slug="politics").add_child(instance=desk)
    report = imported(a_stet_archive(tmp_path))
    assert article("the-gate-is-open").title == "From the desk"
    assert article("the-gate-is-open-2").title == "The gate is open"
    assert ("article", "address changed: the old one was taken or reserved") in report.reasons()


def test_an_import_that_lost_its_memory_finds_its_pages_again(tmp_path: Path) -> None:
    imported(a_stet_archive(tmp_path))
    ImportedRecord.objects.all().delete()
    report = imported(a_stet_archive(tmp_path))
    assert report.count("article", Outcome.ALREADY) == 3
    assert ArticlePage.objects.count() == 3


def test_sections_and_people_that_the_desk_made_are_joined(tmp_path: Path) -> None:
    imported(a_stet_archive(tmp_path))
    ImportedRecord.objects.filter(source_id__startswith="section:").delete()
    ImportedRecord.objects.filter(source_id__startswith="person:").delete()
    report = imported(a_stet_archive(tmp_path))
    assert (report.count("section", Outcome.ALREADY), report.count("person", Outcome.ALREADY)) == (2, 2)
    assert SectionPage.objects.count() == 2


def test_stories_that_the_desk_placed_on_the_front_stay(tmp_path: Path) -> None:
    imported(a_stet_archive(tmp_path))
    ImportedRecord.objects.filter(source_id="front:en").delete()
    FrontPage.objects.filter(locale__language_code="en").update(title="Our own name")
    report = imported(a_stet_archive(tmp_path))
    assert FrontPage.objects.get(locale__language_code="en").title == "Our own name"
    assert ("front", "the desk has placed stories already: they stay") in report.reasons()


def test_a_full_disk_is_told_in_a_sentence_and_keeps_what_was_placed(tmp_path: Path) -> None:
    def full(what: str, done: int, total: int) -> None:
        if what == "sections":
            raise OSError(28, "No space left on device")

    with pytest.raises(DiskError, match="run the same import again"):
        import_stet_archive(a_stet_archive(tmp_path), now=NOW, progress=full)
    assert Person.objects.count() == 2
    assert counts(imported(tmp_path), Outcome.ALREADY) >= 3


def test_a_file_that_is_no_photo_is_left_out_and_the_article_stays(tmp_path: Path) -> None:
    folder = a_stet_archive(tmp_path)
    written(folder, b"<svg/>", "photos/gate.jpg")
    report = imported(folder)
    assert report.count("photo", Outcome.LEFT_OUT) == 1
    assert article("a-gate-was-stuck").lead_photo is None
    assert ("article", "a file that was not taken") in report.reasons()


@pytest.mark.parametrize("language", ["ru", "fa"])
def test_the_report_is_in_english_whatever_the_newsroom_speaks(tmp_path: Path, language: str) -> None:
    folder = a_stet_archive(tmp_path)
    written(folder, b"<svg/>", "photos/gate.jpg")
    with translation.override(language):
        report = imported(folder)
        assert translation.get_language() == language
    [reason] = [reason for kind, reason in report.reasons() if kind == "photo"]
    assert reason.isascii(), reason
