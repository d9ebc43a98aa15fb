"""What `make bench` reports rests on these."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from tools.benchmarks import processes
from tools.benchmarks.errors import BenchmarkError
from tools.benchmarks.figures import percentile, spread
from tools.benchmarks.hugo import write_site
from tools.benchmarks.measuring import Order
from tools.benchmarks.serving import read_wrk
from tools.benchmarks.stories import PARAGRAPHS, SECTIONS, TAGS, stories
from tools.benchmarks.watching import Sheet

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
WRK = """\
Running 10s test @ http://127.0.0.1:8000
  Latency Distribution
     50%  812.00us
     99%   1.25s
  80312 requests in 10.01s, 1.00GB read
  Socket errors: connect 0, read 2, write 0, timeout 1
  Non-2xx or 3xx responses: 7
Requests/sec:   8023.18
"""

PERCENTILES = {
    "of one value it is that value": ([7.0], 95, 7.0),
    "the half of four is the second": ([4.0, 1.0, 3.0, 2.0], 50, 2.0),
    "95 of twenty is the nineteenth": ([float(n) for n in range(1, 21)], 95, 19.0),
    "100 is the largest": ([2.0, 9.0, 5.0], 100, 9.0),
}


@pytest.mark.parametrize(("values", "percent", "expected"), PERCENTILES.values(), ids=PERCENTILES)
def test_a_percentile_is_a_value_that_was_measured(values: list[float], percent: float, expected: float) -> None:
    assert percentile(values, percent) == expected


def test_no_values_have_no_percentile() -> None:
    with pytest.raises(ValueError, match="no values"):
        percentile([], 50)


def test_a_spread_counts_what_it_is_made_of() -> None:
    assert spread([1.0, 2.0, 3.0, 10.04]) == {"count": 4, "p50": 2.0, "p95": 10.0, "max": 10.0}


def test_the_same_archive_is_written_twice() -> None:
    assert list(stories(40, newest=NOON)) == list(stories(40, newest=NOON))


def test_more_stories_make_an_archive_longer_and_not_denser() -> None:
    few, many = list(stories(28, newest=NOON)), list(stories(56, newest=NOON))
    assert few[-1].published == many[-1].published == NOON
    assert round((NOON - few[0].published) / timedelta(days=1), 3) == round(27 / 14, 3)
    assert round((NOON - many[0].published) / timedelta(days=1), 3) == round(55 / 14, 3)


def test_a_story_has_nine_hundred_words_and_links_to_older_ones_only() -> None:
    for story in stories(60, newest=NOON):
        words = sum(len(paragraph.split()) for paragraph in story.paragraphs)
        assert len(story.paragraphs) == PARAGRAPHS
        assert 700 < words < 1100
        assert all(link < story.number for link in story.links)
        assert len(set(story.tags)) == 3
        assert max(story.tags) < TAGS


def test_no_two_stories_stand_at_one_address() -> None:
    found = [story.slug for story in stories(300, newest=NOON)]
    assert len(set(found)) == 300


def test_what_wrk_says_is_read_in_one_unit() -> None:
    assert read_wrk(WRK) == {"requests_per_second": 8023, "p50_ms": 0.81, "p99_ms": 1250.0, "failed": 10}


def test_a_silent_wrk_is_an_error() -> None:
    with pytest.raises(BenchmarkError, match="nothing of requests a second"):
        read_wrk("unable to connect")


def test_a_sheet_is_there_once_the_file_holds_the_word(tmp_path) -> None:
    file = tmp_path / "index.html"
    sheet = Sheet(str(file), b"Zq1")
    assert not sheet.is_there()
    file.write_text("an older headline")
    assert not sheet.is_there()
    new = tmp_path / "new"
    new.write_text("a headline with Zq1")
    new.replace(file)
    assert sheet.is_there()


def test_memory_counts_a_process_and_its_children() -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", "print(flush=True), input()"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert child.stdout.readline()
        assert child.pid in processes.family(os.getpid())
        assert processes.rss_bytes(child.pid) > 100_000
    finally:
        child.communicate(b"\n", timeout=20)
    assert processes.rss_bytes(child.pid) == 0


def test_a_command_that_fails_is_named() -> None:
    with pytest.raises(BenchmarkError, match="ended with code 3"):
        processes.run([sys.executable, "-c", "raise SystemExit(3)"], timeout_seconds=20)


def test_a_command_that_takes_too_long_is_ended() -> None:
    with pytest.raises(BenchmarkError, match="took longer than"):
        processes.run([sys.executable, "-c", "while True: pass"], timeout_seconds=0.5)


def test_hugo_gets_every_story_once(tmp_path) -> None:
    order = Order(stories=30, publishes=2, with_hugo=True, with_check=False, folder=tmp_path, newest=NOON)
    write_site(tmp_path, order, style="p{margin:0}")
    written = [file for file in (tmp_path / "content").rglob("*.md") if file.name != "_index.md"]
    assert len(written) == 30
    assert len(list((tmp_path / "content").iterdir())) == len(SECTIONS)
    assert "people" in json.loads((tmp_path / "config.json").read_text())["taxonomies"].values()
