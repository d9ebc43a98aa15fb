"""The sample paper's trial, hour by hour, as live coverage that is over."""

from datetime import timedelta

from stet.newsroom.live.sample import lay_live
from stet.newsroom.models import ArticlePage, LiveCoverage, LiveEntry
from tests.press.builders import NOON, SmallPaper, an_article, stored, text


def test_each_hour_becomes_an_entry_and_what_stands_before_stays(paper: SmallPaper) -> None:
    body = stored(
        ("note", "<p>This page is closed.</p>"),
        ("subhead", {"text": "۱۸:۰۵ The square empties", "level": "2"}),
        text("<p>We close.</p>"),
        ("subhead", {"text": "11:55. The sentences", "level": "2"}),
        text("<p>Seven years.</p>"),
        text("<p>He asks whether he may sit down.</p>"),
    )
    story = an_article(paper.sections["en"][0], "verdict", kind="live", body=body)
    an_article(paper.sections["en"][0], "plain", kind="live")
    assert (lay_live(), lay_live()) == (1, 0)
    entries = LiveEntry.objects.order_by("number").values_list("number", "headline", "text", "is_pinned")
    assert list(entries) == [
        (1, "The sentences", "<p>Seven years.</p><p>He asks whether he may sit down.</p>", True),
        (2, "The square empties", "<p>We close.</p>", False),
    ]
    coverage = LiveCoverage.objects.get()
    assert (coverage.pk, coverage.is_on) == (story.pk, False)
    assert coverage.ended_at is not None
    assert abs(coverage.ended_at - NOON) < timedelta(days=1)
    assert [block["type"] for block in ArticlePage.objects.get(pk=story.pk).body.raw_data] == ["note"]
