"""What happens by the clock."""

from datetime import UTC, datetime, timedelta

import pytest

from stet.project import scheduler


def test_what_was_scheduled_is_published_when_its_minute_has_come(transactional_db: None) -> None:
    from wagtail.models import Locale

    from stet.newsroom.models import FrontPage
    from tests.press.builders import a_root, clear_newsroom

    clear_newsroom()
    hour = timedelta(hours=1)
    locale, _ = Locale.objects.get_or_create(language_code="en")
    front = FrontPage(
        title="The paper", slug="the-paper", locale=locale, live=False, go_live_at=datetime.now(UTC) + hour
    )
    a_root().add_child(instance=front)
    front.save_revision(approved_go_live_at=front.go_live_at)
    scheduler.publish_what_is_due()
    assert not FrontPage.objects.get().live
    front.go_live_at = datetime.now(UTC) - hour
    front.save_revision(approved_go_live_at=front.go_live_at)
    scheduler.publish_what_is_due()
    assert FrontPage.objects.get().live


def test_marks_of_claims_are_followed_once_a_day(
    db: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from stet.newsroom.models import ArticlePage
    from stet.sourcing.models import Mention
    from tests.press.builders import a_paper, an_article, clear_newsroom, stored, text
    from tests.sourcing.builders import a_claim

    clear_newsroom()
    story = an_article(a_paper().sections["en"][0], "story")
    marked = f'<p><a linktype="claim" id="{a_claim().pk}" mark="k3f9x2" exact="600">600</a></p>'
    ArticlePage.objects.filter(pk=story.pk).update(body=stored(text(marked)))
    monkeypatch.setattr(scheduler, "DUTIES", [duty for duty in scheduler.DUTIES if duty[1] is scheduler.follow_marks])
    monkeypatch.setattr(scheduler, "close_old_connections", lambda: None)
    scheduler.run_duties(24 * 60 + 1)
    assert not Mention.objects.exists()
    scheduler.run_duties(24 * 60)
    assert [row.exact for row in Mention.objects.all()] == ["600"]
    assert "1 rows were not so any more" in caplog.text


def test_a_duty_that_fails_does_not_keep_the_others_from_their_turn(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    done = []

    def fail_this() -> None:
        raise OSError("disk")

    monkeypatch.setattr(
        scheduler, "DUTIES", ((1, fail_this), (1, lambda: done.append("second")), (7, lambda: done.append("7")))
    )
    monkeypatch.setattr(scheduler, "close_old_connections", lambda: None)
    scheduler.run_duties(8)
    assert done == ["second"]
    assert "could not fail this" in caplog.text


def test_the_next_minute_is_waited_for_and_not_one_more() -> None:
    assert scheduler.seconds_to_next_minute(60.0) == 60.2
    assert scheduler.seconds_to_next_minute(119.9) == pytest.approx(0.3)
