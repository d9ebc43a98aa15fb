"""What the sample newsroom's sheets weigh in brotli, kind by kind: what is over its budget may never arrive."""

from pathlib import Path

import pytest

from tests.whole.conftest import SampleNewsroom

KINDS = {
    "pages": ("**/*.html", 9_000),
    "photos for narrow screens": ("media/*-640.avif", 9_000),
    "parts of the manifest": (".well-known/stet/shards/*/*", 9_000),
    "nodes of the manifest": (".well-known/stet/nodes/*/*", 576),
    "the pointer": (".well-known/stet/edition.json", 1_000),
    "articles as data": ("**/20*/**/*.json", 9_000),
    "maps for search engines": ("**/*sitemap*.xml", 9_000),
}
"""Each kind of sheet with its own budget. Feeds are read by programs, and one holds ten whole texts, so they have none.
verify.html is a program, handed on as a file; what arrives everywhere is check.html.
"""


def packed(file: Path) -> int:
    """What of it goes over the line."""
    copy = file.with_name(file.name + ".br")
    return (copy if copy.exists() else file).stat().st_size


@pytest.mark.parametrize(("pattern", "budget"), KINDS.values(), ids=KINDS.keys())
def test_every_sheet_of_the_sample_is_within_its_budget(sample: SampleNewsroom, pattern: str, budget: int) -> None:
    sheets = [file for file in sample.site.glob(pattern) if file.is_file() and file not in sample.mails()]
    sheets = [file for file in sheets if file != sample.site / "verify.html"]
    assert sheets
    assert {str(file.relative_to(sample.site)): packed(file) for file in sheets if packed(file) > budget} == {}


def test_every_page_has_both_compressed_copies(sample: SampleNewsroom) -> None:
    ends = (".br", ".gz")
    assert [page for page in sample.pages() if not all(page.with_name(page.name + end).exists() for end in ends)] == []
