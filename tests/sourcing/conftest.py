"""A newsroom for each test: a story, an editor who is signed in, a plain assistant, a place for evidence."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from stet.kit.clock import SystemClock
from stet.newsroom.models import ArticlePage
from stet.project.founding import make_folders, make_keys
from stet.sourcing import scanning, stories
from stet.sourcing.copies import EvidenceFolder
from stet.sourcing.sealing import make_key
from tests.press.builders import SmallPaper, an_article
from tests.sourcing.fake_assistant import FakeAssistant


@pytest.fixture
def paper(small_paper: Callable[[], SmallPaper], db: None) -> SmallPaper:
    """A small paper in an otherwise empty newsroom."""
    return small_paper()


@pytest.fixture
def story(paper: SmallPaper) -> ArticlePage:
    """A story in the first section."""
    return an_article(paper.sections["en"][0], "story")


@pytest.fixture
def desk(admin_client: Client) -> Client:
    """The desk, with everything allowed."""
    return admin_client


@pytest.fixture(scope="session")
def keys(_newsroom_folder: None) -> None:
    """The newsroom's keys: a preview is set with the site's fingerprint."""
    make_folders(settings.STET)
    make_keys(settings.STET, now=SystemClock().now())


@pytest.fixture
def plain_assistant(monkeypatch: pytest.MonkeyPatch) -> FakeAssistant:
    """The desk asks an assistant of a few plain patterns."""
    plain = FakeAssistant()
    for module in (stories, scanning):
        monkeypatch.setattr(module, "assistant", lambda: plain)
    return plain


@pytest.fixture
def evidence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> EvidenceFolder:
    """A place for evidence, with a key to seal; its private half lies beside it as `key.pem`."""
    private, public = make_key()
    (tmp_path / "key.pem").write_bytes(private)
    (tmp_path / "evidence-public").write_bytes(public)
    folder = EvidenceFolder(
        folder=tmp_path / "evidence", sealing_key=tmp_path / "evidence-public", largest_bytes=100_000
    )
    monkeypatch.setattr(settings, "STET_EVIDENCE", folder)
    return folder
