"""The press follows the database: what changed is printed, and nothing else."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

import pytest
from django.conf import settings
from django.db import transaction

from stet.newsroom.models import ArticleCorrection, ArticlePage
from stet.newsroom.withdrawing import withdraw
from stet.press import photos, printing, run
from stet.press.everything import in_order
from stet.press.photos import PhotoStore
from stet.press.printing import BULK
from stet.press.rows import PhotoRow, read_photos
from stet.press.setting import Done
from tests.press.builders import NOON, House, SmallPaper, a_photo, an_article, by, stored, text

STORY = "/2026/03/01/flood/"


def test_a_full_print_of_an_empty_paper_is_clean_and_verifies(house: House) -> None:
    house.print()
    assert house.check().ok
    assert house.verify() == []
    assert house.has("/")
    assert house.has("/ru/")


def test_a_new_story_stands_on_its_page_the_front_its_section_and_in_the_feeds(house: House, paper: SmallPaper) -> None:
    house.print()
    an_article(paper.sections["en"][0], "flood", title="Flood in Lomenna")
    house.print()
    for path in (STORY, "/", "/politics/", "/rss.xml", "/atom.xml", "/feed.json", "/2026/03/", "/sitemaps/2026-03.xml"):
        assert "Flood in Lomenna" in house.page(path) or "/flood/" in house.page(path), path
    assert house.check().ok
    assert house.verify() == []


def test_where_a_story_is_read_and_met_goes_first(house: House, paper: SmallPaper) -> None:
    by(an_article(paper.sections["en"][0], "older"), paper.people["en"])
    house.print()
    by(an_article(paper.sections["en"][0], "flood", title="Flood in Lomenna"), paper.people["en"])
    with house.place.edition:
        memory = house.memory()
        press = house.place.press(memory)
        first = press.follow(house.now)
        for path in (STORY, "/", "/politics/", "/rss.xml", "/politics/rss.xml"):
            assert "Flood in Lomenna" in house.page(path), path
        assert "Flood in Lomenna" not in house.page("/people/ann/")
        assert first.left > 0
        while press.follow(house.now).left:
            pass
        memory.close()
    assert "Flood in Lomenna" in house.page("/people/ann/")
    assert house.check().ok
    assert house.verify() == []


def test_a_page_that_is_printed_for_the_first_time_does_not_come_after_a_link_to_it(
    house: House, paper: SmallPaper
) -> None:
    house.print()
    story = an_article(paper.sections["en"][0], "flood", title="Flood in Lomenna")
    story.tags.add("river")
    story.save()
    with house.place.edition:
        memory = house.memory()
        house.place.press(memory).follow(house.now)
        memory.close()
    assert "/tags/river/" in house.page(STORY)
    assert "Flood in Lomenna" in house.page("/tags/river/")


def test_a_draft_leaves_no_trace(house: House, paper: SmallPaper) -> None:
    house.print()
    before = house.print().pointer
    an_article(paper.sections["en"][0], "secret", published=None, title="Secret plan")
    outcome = house.print()
    assert outcome.written == 0
    assert outcome.pointer == before
    assert not any("Secret plan" in f.read_text() for f in house.site.rglob("*.html"))


def test_an_unpublished_story_goes_from_every_sheet(house: House, paper: SmallPaper) -> None:
    article = an_article(paper.sections["en"][0], "flood", title="Flood in Lomenna")
    house.print()
    assert house.has(STORY)
    article.unpublish()
    house.print()
    assert not house.has(STORY)
    left = [f for f in house.site.rglob("*") if f.is_file() and b"Flood in Lomenna" in f.read_bytes()]
    assert left == []
    assert house.check().ok


def test_a_withdrawal_notice_stands_where_the_story_stood_until_it_comes_back(house: House, paper: SmallPaper) -> None:
    article = an_article(paper.sections["en"][0], "flood", title="Flood in Lomenna")
    house.print()
    withdraw(article, reason="The photograph showed another river.")
    article.unpublish()
    house.print()
    assert "The photograph showed another river." in house.page(STORY)
    assert "Flood in Lomenna" not in house.page(STORY)
    assert house.check().ok
    article.live = True
    article.save()
    house.print()
    assert "Flood in Lomenna" in house.page(STORY)
    assert house.check().ok


def test_a_story_that_is_killed_during_a_long_print_goes_before_the_rest_of_it(
    house: House, paper: SmallPaper, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = an_article(paper.sections["en"][0], "flood", title="Flood in Lomenna")
    house.print()
    monkeypatch.setattr(printing, "ASK_SECONDS", 0)
    with house.place.edition:
        memory = house.memory()
        press = house.place.press(memory)
        everything = set(memory.job_names())
        memory.enqueue((name, BULK, 0) for name in everything)
        setting = press._set

        def killed_meanwhile(names: Sequence[str], now: datetime) -> Iterator[Done]:
            for number, done in enumerate(setting(names, now)):
                if number == 3:
                    with transaction.atomic():
                        withdraw(article, reason="The photograph showed another river.")
                        article.unpublish()
                yield done

        monkeypatch.setattr(press, "_set", killed_meanwhile)
        outcome = press.follow(house.now)
        assert outcome.jobs == 4, "The story was killed while the fourth was set."
        assert outcome.left == len(everything) - 4
        monkeypatch.undo()
        outcome = press.follow(house.now)
        assert "The photograph showed another river." in house.page(STORY)
        assert outcome.left >= len(everything) - 4 - outcome.jobs, "The rest of the long print waits still."
        while press.follow(house.now).left:
            pass
        memory.close()
    assert house.check().ok
    assert house.verify() == []


def test_a_kill_waits_for_no_photo_that_came_with_it(
    house: House, paper: SmallPaper, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = an_article(paper.sections["en"][0], "flood", title="Flood in Lomenna")
    house.print()
    before = house.place.edition.pointer()
    other = an_article(paper.sections["en"][0], "bridge", lead_photo=a_photo())
    with house.place.edition:
        memory = house.memory()
        press = house.place.press(memory)
        store = press.materials.photo_store
        monkeypatch.setattr(press, "is_called", lambda: True)
        monkeypatch.setattr(store, "render_all", lambda *_, is_called, **__: not is_called())
        press.follow(house.now)
        assert house.place.edition.pointer() == before
        assert not house.has(str(other.printed_path())), "Called away, it takes all again with the next look."
        withdraw(article, reason="The photograph showed another river.")
        article.unpublish()
        outcome = press.follow(house.now)
        assert "The photograph showed another river." in house.page(STORY)
        assert not house.has(str(other.printed_path()))
        assert outcome.left > 0
        monkeypatch.undo()
        while press.follow(house.now).left:
            pass
        memory.close()
    assert "data:image/avif" in house.page(str(other.printed_path()))
    assert house.check().ok
    assert house.verify() == []


def test_photos_are_rendered_until_the_press_is_called_away(
    house: House, paper: SmallPaper, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = list(read_photos(a_photo(f"#3366{number}0").pk for number in range(4)).values())
    store = PhotoStore(house.folder / "renditions", Path(settings.MEDIA_ROOT))
    rendering, is_cancelled = store._render, Event()

    def one_after_the_other(row: PhotoRow) -> None:
        if row is not rows[0]:
            assert is_cancelled.wait(60)
        rendering(row)

    class Pool(ThreadPoolExecutor):
        def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
            super().shutdown(wait=False, cancel_futures=cancel_futures)
            is_cancelled.set()
            super().shutdown(wait=wait)

    monkeypatch.setattr(store, "_render", one_after_the_other)
    monkeypatch.setattr(photos, "ThreadPoolExecutor", Pool)
    assert not store.render_all(rows, processes=1, is_called=lambda: store.is_rendered(rows[0]))
    assert 1 <= sum(store.is_rendered(row) for row in rows) <= 2, "What was under way is finished."
    assert store.render_all(rows, processes=1)
    assert all(store.is_rendered(row) for row in rows)


def test_the_comparison_of_the_night_ends_where_a_story_is_killed(house: House, paper: SmallPaper) -> None:
    """The comparison's process is a real one; it would find no newsroom here and say that the edition differs."""
    assert not run.reconciled(lambda: False)
    assert run.reconciled(lambda: True)


def test_a_change_that_sends_no_signal_is_printed(house: House, paper: SmallPaper) -> None:
    article = an_article(paper.sections["en"][0], "flood", title="Flood in Lomenna")
    house.print()
    ArticlePage.objects.filter(pk=article.pk).update(title="Flood in Harsk")
    house.print()
    assert "Flood in Harsk" in house.page(STORY)
    assert "Flood in Harsk" in house.page("/")
    assert house.check().ok


def test_a_renamed_person_is_renamed_on_every_story(house: House, paper: SmallPaper) -> None:
    by(an_article(paper.sections["en"][0], "flood"), paper.people["en"])
    house.print()
    paper.people["en"].name = "Anna Other"
    paper.people["en"].save()
    house.print()
    assert "Anna Other" in house.page(STORY)
    assert "Anna Other" in house.page("/people/ann/")
    assert house.check().ok


def test_a_person_whose_byline_is_withheld_loses_their_page_and_name(house: House, paper: SmallPaper) -> None:
    by(an_article(paper.sections["en"][0], "flood"), paper.people["en"])
    house.print()
    person = paper.people["en"]
    person.kind, person.name = "withheld", "Byline withheld"
    person.save()
    house.print()
    assert not house.has("/people/ann/")
    assert not any(b"Ann en" in f.read_bytes() for f in house.site.rglob("*") if f.is_file())
    assert house.check().ok


def test_a_photo_is_printed_while_a_story_shows_it_and_not_longer(house: House, paper: SmallPaper) -> None:
    photo = a_photo()
    house.print()
    assert not list(house.site.glob("media/*"))
    article = an_article(paper.sections["en"][0], "flood", lead_photo=photo)
    house.print()
    assert list(house.site.glob("media/*.avif"))
    assert photo.credit in house.page(STORY)
    article.lead_photo = None
    article.save()
    house.print()
    assert not list(house.site.glob("media/*"))
    assert house.check().ok


def test_page_one_of_an_archive_stays_as_it_is_when_stories_are_added(house: House, paper: SmallPaper) -> None:
    section = paper.sections["en"][0]
    for number in range(45):
        an_article(section, f"story-{number}", published=NOON - timedelta(hours=100 - number))
    an_article(section, "of-that-morning", published=NOON - timedelta(hours=2))
    house.print()
    first = (house.site / "politics/archive/1/index.html").stat()
    an_article(section, "the-newest")
    outcome = house.print()
    assert (house.site / "politics/archive/1/index.html").stat().st_mtime_ns == first.st_mtime_ns
    assert outcome.written < 20
    assert house.check().ok


def test_a_story_added_in_the_middle_shifts_the_pages_after_it_only(house: House, paper: SmallPaper) -> None:
    section = paper.sections["en"][0]
    for number in range(65):
        an_article(section, f"story-{number}", published=NOON - timedelta(hours=100 - number))
    house.print()
    first = (house.site / "politics/archive/1/index.html").stat().st_mtime_ns
    an_article(section, "found-later", published=NOON - timedelta(hours=70.5))
    house.print()
    assert (house.site / "politics/archive/1/index.html").stat().st_mtime_ns == first
    assert "found-later" in house.page("/politics/archive/2/")
    assert house.check().ok


def test_a_link_to_a_story_that_goes_loses_its_address_and_keeps_its_words(house: House, paper: SmallPaper) -> None:
    target = an_article(paper.sections["en"][0], "flood")
    linking = f'<p>As <a linktype="page" id="{target.pk}">we reported</a>.</p>'
    an_article(paper.sections["en"][1], "after", body=stored(text(linking)), published=NOON - timedelta(days=2))
    house.print()
    assert f'href="{STORY}"' in house.page("/2026/02/27/after/")
    target.unpublish()
    house.print()
    assert "we reported" in house.page("/2026/02/27/after/")
    assert STORY not in house.page("/2026/02/27/after/")
    assert house.check().ok


def test_a_correction_stands_on_the_story_and_in_the_list(house: House, paper: SmallPaper) -> None:
    article = an_article(paper.sections["en"][0], "flood")
    house.print()
    ArticleCorrection.objects.create(page=article, date=NOON.date(), text="<p>It was Tuesday.</p>")
    house.print()
    assert "It was Tuesday." in house.page(STORY)
    assert "It was Tuesday." in house.page("/corrections/")
    assert house.check().ok


def test_the_news_sitemap_lets_go_of_a_story_after_two_days_without_any_change(house: House, paper: SmallPaper) -> None:
    an_article(paper.sections["en"][0], "flood", published=house.now - timedelta(hours=1))
    house.print()
    assert "/flood/" in house.page("/sitemaps/news.xml")
    house.now += timedelta(hours=48)
    house.print()
    assert "/flood/" not in house.page("/sitemaps/news.xml")
    assert house.check().ok


def test_a_quiet_edition_is_signed_again_after_an_hour(house: House) -> None:
    house.print()
    first = house.print().pointer
    house.now += timedelta(minutes=61)
    second = house.print().pointer
    assert first
    assert second
    assert second.seq == first.seq + 1
    assert second.root == first.root


def test_what_is_being_packed_when_a_press_starts_is_not_swept_away(house: House) -> None:
    """The packer's thread begins before the press agrees with the disk, which empties the folder it writes in."""
    house.print()
    memory = house.memory()
    press = house.place.press(memory)
    left = house.folder / "edition" / "staging" / "of the packer"

    @contextmanager
    def packed() -> Iterator[None]:
        assert left.exists()
        yield
        assert not left.exists()

    with house.place.edition:
        left.write_bytes(b"half a copy")
        press.guard(packed(), nullcontext())
        press.mend()
    assert not left.exists()
    memory.close()


def test_a_lost_memory_comes_back_and_nothing_is_written_twice(house: House, paper: SmallPaper) -> None:
    an_article(paper.sections["en"][0], "flood")
    house.print()
    house.forget()
    outcome = house.print()
    assert outcome.written == 0
    assert outcome.removed == 0
    an_article(paper.sections["en"][0], "after")
    house.print()
    assert house.check().ok


def test_an_outbox_trimmed_beyond_the_press_leads_to_a_full_print(house: House, paper: SmallPaper) -> None:
    from stet.newsroom.models import OutboxEntry

    house.print()
    an_article(paper.sections["en"][0], "flood")
    newest = OutboxEntry.objects.order_by("-id").first()
    assert newest
    OutboxEntry.objects.filter(id__lt=newest.id).delete()
    house.print()
    assert house.has(STORY)
    assert house.check().ok


def test_a_renamed_topic_is_renamed_at_the_archives_entrance(house: House, paper: SmallPaper) -> None:
    house.print()
    assert "Dam en" in house.page("/archive/")
    paper.topics["en"].title = "The levee"
    paper.topics["en"].save()
    house.print()
    assert "The levee" in house.page("/archive/")
    assert house.check().ok


def test_a_photo_that_changes_while_its_last_story_lets_go_of_it_is_gone(house: House, paper: SmallPaper) -> None:
    photo = a_photo()
    article = an_article(paper.sections["en"][0], "flood", lead_photo=photo)
    house.print()
    photo.credit = "Another / Example"
    photo.save()
    article.lead_photo = None
    article.save()
    house.print()
    assert not list(house.site.glob("media/*"))
    assert house.check().ok


def test_archive_pages_that_show_the_same_stories_are_set_near_each_other() -> None:
    names = [*(f"archive:section:1:{n}" for n in range(4)), *(f"archive:tag:en:2:{n}" for n in range(2)), "article:9"]
    assert in_order(names) == [
        "article:9", "archive:section:1:0", "archive:tag:en:2:0", "archive:section:1:1", "archive:section:1:2",
        "archive:tag:en:2:1", "archive:section:1:3",
    ]  # fmt: skip
