"""`stet bundle` in a process of its own, on a newsroom that has printed nothing of these days."""

from pathlib import Path

from tests.folders import copied
from tests.project.conftest import Run


def test_a_language_that_the_paper_has_not_and_days_without_a_story_are_said(
    stet: Run, newsroom_folder: Path, tmp_path: Path
) -> None:
    paper = copied(newsroom_folder, tmp_path / "paper")
    assert stet("print", "-n", paper).returncode == 0
    unknown = stet("bundle", "-n", paper, "--language", "de")
    assert (unknown.returncode, "no language de; it has en, ru" in unknown.stderr) == (2, True)
    nothing = stet("bundle", "-n", paper)
    assert (nothing.returncode, "No article in en was published" in nothing.stderr) == (2, True)
    assert not (paper / "data/offline").exists()
