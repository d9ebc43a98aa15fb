"""A small newsroom in the test database, and a press for it in a folder of its own."""

import io
import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from PIL import Image
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Collection, Locale, Page

from stet.appeals.models import Appeal, Silence
from stet.edition.folder import EditionFolder
from stet.edition.keys import PrivateKey
from stet.edition.root import SiteKey, first_root
from stet.edition.verify import verify_folder
from stet.newsroom.models import (
    ArticleByline,
    ArticlePage,
    FrontPage,
    OutboxEntry,
    Person,
    Photo,
    SectionPage,
    StaticPage,
    TopicPage,
    Withdrawal,
)
from stet.press.memory import Memory
from stet.press.printing import Outcome
from stet.press.run import CheckReport, Workplace, check_at, print_at
from tests.sourcing.builders import clear_sourcing

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ROOT_KEY, EDITION_KEY = PrivateKey.from_seed(b"r" * 32), PrivateKey.from_seed(b"e" * 32)


def text(html: str) -> tuple[str, str]:
    """A block of running text."""
    return "text", html


def stored(*blocks: tuple[str, Any]) -> str:
    """Blocks as the database stores them."""
    return json.dumps([{"type": kind, "value": value, "id": str(uuid4())} for kind, value in blocks])


def a_photo(colour: str = "#336699", *, title: str = "A photo", credit: str = "Someone / Example") -> Photo:
    """A small photo of one colour."""
    body = io.BytesIO()
    Image.new("RGB", (48, 32), colour).save(body, "PNG")
    photo = Photo(title=title, credit=credit, description=f"A field of {colour}")
    photo.file = ContentFile(body.getvalue(), name="photo.png")
    photo.save()
    return photo


@dataclass(slots=True)
class SmallPaper:
    """The pages and people that tests begin with, in English and Russian."""

    fronts: dict[str, FrontPage]
    sections: dict[str, list[SectionPage]]
    topics: dict[str, TopicPage]
    people: dict[str, Person]
    about: StaticPage


def a_paper(languages: Iterable[str] = ("en", "ru")) -> SmallPaper:
    """Two languages, two sections each, a topic, a person, a page."""
    locales = {code: Locale.objects.get_or_create(language_code=code)[0] for code in languages}
    root = a_root()
    fronts, sections, topics, people = {}, {}, {}, {}
    for code, locale in locales.items():
        front = FrontPage(title=f"Paper {code}", slug=f"front-{code}", locale=locale)
        root.add_child(instance=front)
        fronts[code] = front
        sections[code] = [
            front.add_child(
                instance=SectionPage(title=f"{name} {code}", slug=f"{name}", locale=locale, show_in_menus=True)
            )
            for name in ("politics", "culture")
        ]
        topics[code] = front.add_child(instance=TopicPage(title=f"Dam {code}", slug="dam", locale=locale))
        people[code] = Person.objects.create(name=f"Ann {code}", slug="ann", locale=locale)
    about = fronts["en"].add_child(
        instance=StaticPage(
            title="About", slug="about", locale=fronts["en"].locale, body=stored(text("<p>We print.</p>"))
        )
    )
    return SmallPaper(fronts=fronts, sections=sections, topics=topics, people=people, about=about)


def a_root() -> Page:
    """The page above all fronts: a test that committed for real took it away with everything else."""
    if Collection.get_first_root_node() is None:
        Collection.add_root(name="Root")
    Locale.objects.get_or_create(language_code="en")
    return Page.get_first_root_node() or Page.add_root(instance=Page(title="Root", slug="root"))


def an_article(section: SectionPage, slug: str, *, published: datetime | None = NOON, **fields: Any) -> ArticlePage:
    """An article; live unless `published` is None."""
    fields.setdefault("title", slug.replace("-", " ").capitalize())
    fields.setdefault("body", stored(text(f"<p>The text of {slug}.</p>")))
    article = ArticlePage(slug=slug, locale=section.locale, live=published is not None, **fields)
    article.first_published_at = article.last_published_at = published
    section.add_child(instance=article)
    return article


def by(article: ArticlePage, person: Person) -> ArticlePage:
    """The same article, with a byline."""
    ArticleByline.objects.create(page=article, person=person, sort_order=0)
    return article


def clear_newsroom() -> None:
    """Take everything out of the newsroom's tables."""
    clear_sourcing()
    Appeal.objects.all().delete()
    Silence.objects.all().delete()
    Redirect.objects.all().delete()
    Withdrawal.objects.all().delete()
    for page in Page.objects.filter(depth=2):
        page.delete()
    Person.objects.all().delete()
    for photo in Photo.objects.all():
        photo.delete()
    OutboxEntry.objects.all().delete()


class House:
    """A press in a folder: prints, compares, verifies."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = NOON + timedelta(days=1)
        press = SimpleNamespace(processes=1, budget_bytes=9000, is_compressed=True, reconcile_at="03:30")
        key = folder / "edition.pem"
        folder.mkdir(parents=True, exist_ok=True)
        if not key.exists():
            EDITION_KEY.save(key)
        self.newsroom: Any = SimpleNamespace(
            folder=folder, media=Path(settings.MEDIA_ROOT), theme=folder / "theme", edition=folder / "edition",
            edition_key=key, settings=SimpleNamespace(press=press),
        )  # fmt: skip
        root = first_root([ROOT_KEY], [EDITION_KEY.public_key], now=NOON)
        self.site_key = SiteKey.of(root.root)
        with EditionFolder(self.newsroom.edition) as edition:
            edition.put_root(root)
        self.place = Workplace(self.newsroom)

    @property
    def site(self) -> Path:
        """The printed tree."""
        return self.folder / "edition" / "site"

    def print(self, *, anew: bool = False) -> Outcome:
        """Print what changed, or everything."""
        return print_at(self.place, lambda *_: None, is_anew=anew, packs=False, now=self.now).outcome

    def check(self) -> CheckReport:
        """Compare with a full print."""
        return check_at(self.place, lambda *_: None, now=self.now)

    def verify(self) -> list[str]:
        """What is wrong with the tree, if anything."""
        return list(verify_folder(self.site, root=self.site_key, now=self.now).problems)

    def page(self, path: str) -> str:
        """A printed sheet's text."""
        return (self.site / path.lstrip("/")).joinpath("index.html" if path.endswith("/") else "").read_text()

    def has(self, path: str) -> bool:
        """Whether a sheet stands."""
        return (self.site / path.lstrip("/")).joinpath("index.html" if path.endswith("/") else "").is_file()

    def memory(self) -> Memory:
        """The press's memory."""
        return Memory(self.place.memory_path)

    def forget(self) -> None:
        """Lose the memory."""
        shutil.rmtree(self.folder / "data", ignore_errors=True)
