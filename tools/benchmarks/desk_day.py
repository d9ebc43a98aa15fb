"""A day at the desk of a large archive: drafts, steps, schedules, corrections; then every list, timed and counted.

Django is set up before this is imported. What is told of each list is server time of the whole answer, through every
middleware, and how often the database was asked.
"""

import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test import Client
from wagtail.models import Page, PageLogEntry, Revision, get_default_page_content_type
from wagtail.search.backends import get_search_backend
from wagtail.search.models import IndexEntry

from stet.newsroom.models import ArticleCorrection, ArticlePage, FrontPage, Person, SectionPage, TopicPage
from stet.newsroom.roles.laying import group_of, lay_roles
from stet.newsroom.workflow.laying import lay_workflow

PEOPLE = ("reporter", "editor", "publisher")
DRAFTS, SENT, SCHEDULED, CORRECTED = 600, 60, 12, 400
TOPICS = 20
AT_ONCE = 1_000


def fill_once() -> dict[str, int]:
    """Give the archive accounts, revisions, a log, and a day's work, unless it has them; answer how much of it."""
    if not get_user_model().objects.filter(username="day-editor").exists():
        _fill()
    index_articles()
    return {
        "articles": ArticlePage.objects.filter(live=True).count(), "revisions": Revision.objects.count(),
        "log": PageLogEntry.objects.count(), "found_by_words": IndexEntry.objects.count(),
        "drafts": DRAFTS, "sent": SENT, "scheduled": SCHEDULED,
    }  # fmt: skip


def index_articles() -> None:
    """Let the desk's search know every article: the archive's were written past it."""
    index = get_search_backend().get_index_for_model(ArticlePage)
    kind = ContentType.objects.get_for_model(ArticlePage)
    known = set(IndexEntry.objects.filter(content_type=kind).values_list("object_id", flat=True))
    missing = [
        page for page in ArticlePage.objects.order_by("pk").values_list("pk", flat=True) if str(page) not in known
    ]
    for start in range(0, len(missing), AT_ONCE):
        with transaction.atomic():
            index.add_items(ArticlePage, list(ArticlePage.objects.filter(pk__in=missing[start : start + AT_ONCE])))


def _fill() -> None:
    lay_roles()
    lay_workflow()
    users: Any = get_user_model()
    people = {}
    for role in PEOPLE:
        people[role] = users.objects.create(username=f"day-{role}", first_name="Vera", last_name=role)
        people[role].groups.add(group_of(role))
    everything = list(ArticlePage.objects.order_by("pk").values_list("pk", flat=True))
    with transaction.atomic():
        _revise(everything, list(people.values()))
        _topics(everything)
        ArticleCorrection.objects.bulk_create(
            ArticleCorrection(
                page_id=page, date=datetime.now(UTC).date() - timedelta(days=place), text="<p>It was not.</p>"
            )
            for place, page in enumerate(everything[-CORRECTED:])
        )
    _work(people)


def _revise(pages: list[int], people: list[Any]) -> None:
    """A revision and two lines of the log for each article; their contents are short."""
    kind, base = ContentType.objects.get_for_model(ArticlePage), get_default_page_content_type()
    for start in range(0, len(pages), AT_ONCE):
        batch = list(Page.objects.filter(pk__in=pages[start : start + AT_ONCE]))
        revisions = Revision.objects.bulk_create(
            Revision(
                content_type=kind, base_content_type=base, object_id=str(page.pk), created_at=page.last_published_at,
                user=people[page.pk % 3], object_str=page.title, content={"pk": page.pk, "title": page.title},
            )
            for page in batch
        )  # fmt: skip
        for page, revision in zip(batch, revisions, strict=True):
            page.owner, page.latest_revision, page.live_revision = people[page.pk % 3], revision, revision
        Page.objects.bulk_update(batch, ["owner", "latest_revision", "live_revision"])
        PageLogEntry.objects.bulk_create(
            PageLogEntry(
                content_type=kind, page_id=page.pk, label=page.title, action=action, user=people[page.pk % 3],
                timestamp=page.last_published_at, data={}, revision=revision,
            )
            for page, revision in zip(batch, revisions, strict=True)
            for action in ("wagtail.edit", "wagtail.publish")
        )  # fmt: skip


def _topics(pages: list[int]) -> None:
    front = FrontPage.objects.order_by("path").first()
    assert front is not None
    topics = [
        front.add_child(
            instance=TopicPage(title=f"Running story {number}", slug=f"running-{number}", locale=front.locale)
        )
        for number in range(TOPICS)
    ]
    through = ArticlePage.topics.through
    through.objects.bulk_create(
        through(articlepage_id=page, topicpage_id=topics[page % TOPICS].pk) for page in pages if page % 5 == 0
    )


def _work(people: dict[str, Any]) -> None:
    """Drafts by a reporter and an editor, some of them sent on or scheduled."""
    section = SectionPage.objects.order_by("path").last()
    person = Person.objects.first()
    assert section is not None
    assert person is not None
    now = datetime.now(UTC)
    for number in range(DRAFTS):
        owner = people["reporter" if number % 2 else "editor"]
        article = ArticlePage(
            title=f"A draft of the harbour {number}", slug=f"draft-{number}", locale=section.locale, live=False,
            owner=owner,
        )  # fmt: skip
        article.bylines.create(person=person, sort_order=0)
        section.add_child(instance=article)
        article.save_revision(user=owner, log_action=True, clean=False)
        if number < SENT:
            article.get_workflow().start(article, owner)
        elif number < SENT + SCHEDULED:
            Revision.objects.filter(pk=article.latest_revision_id).update(
                approved_go_live_at=now + timedelta(minutes=number)
            )


# --- Measuring ---


def addresses() -> dict[str, str]:
    """Every list that is measured, by what it is."""
    section = SectionPage.objects.exclude(slug="news").order_by("path").first()
    topic, person = TopicPage.objects.order_by("path").first(), Person.objects.order_by("pk").first()
    front = FrontPage.objects.order_by("path").first()
    assert section is not None
    assert topic is not None
    assert person is not None
    assert front is not None
    since = (datetime.now(UTC) - timedelta(days=365)).date().isoformat()
    narrowed = {
        "by section": {"section": section.pk}, "by byline": {"byline": person.pk}, "by topic": {"topic": topic.pk},
        "by kind": {"kind": "news"}, "by language": {"locale": "en"}, "of a year": {"first_published_at_from": since},
        "drafts": {"status": "draft"}, "sent on": {"status": "review"}, "scheduled": {"status": "scheduled"},
        "embargoed": {"status": "embargoed"}, "live": {"status": "live"}, "changed": {"status": "changed"},
        "taken down": {"status": "taken_down"}, "one's own": {"whose": "mine"},
        "by section, byline and topic": {"section": section.pk, "byline": person.pk, "topic": topic.pk, "kind": "news"},
        "page 1,000": {"p": 1000}, "by headline": {"ordering": "title"},
        "by first publication": {"ordering": "-first_published_at"},
        "words": {"q": "harbour"}, "two letters": {"q": "ha"},
        "words in the list of a section": {"q": "minister", "section": section.pk},
    }  # fmt: skip
    return {
        "home": "/",
        "articles": "/articles/",
        **{f"articles: {what}": f"/articles/?{urlencode(query)}" for what, query in narrowed.items()},
        "Wagtail's list of a section": f"/pages/{section.pk}/",
        "Wagtail's list of a front": f"/pages/{front.pk}/",
        "Wagtail's list, searched": f"/pages/{front.pk}/?q=harbour",
        "chooser of a story": f"/choose-page/{section.pk}/?page_type=newsroom.articlepage",
        "chooser of a story, searched": "/choose-page/search/?q=harbour&page_type=newsroom.articlepage",
        "chooser, of a front": f"/choose-page/{front.pk}/?page_type=newsroom.articlepage",
        "menu's tree": f"/api/main/pages/?child_of={section.pk}&for_explorer=1",
        "menu's tree of a front": f"/api/main/pages/?child_of={front.pk}&for_explorer=1",
        "live coverage": "/live/",
        "bundles": "/bundles/",
        "translations": "/translations/",
        "shared drafts": "/shares/",
        "gaps in sourcing": "/sourcing/gaps/",
        "claims": "/snippets/sourcing/claim/",
        "people": "/snippets/newsroom/person/",
        "appeals": "/snippets/appeals/appeal/",
        "photos": "/images/",
        "files": "/documents/",
        "letters": "/letters/",
        "redirects": "/redirects/",
        "site history": "/reports/site-history/",
        "aging pages": "/reports/aging-pages/",
        "locked pages": "/reports/locked/",
        "workflows": "/reports/workflow/",
        "workflow tasks": "/reports/workflow_tasks/",
    }


def measure(times: int) -> Iterator[dict[str, object]]:
    """Each list, as each of the people sees it: median and worst milliseconds of server time, and queries."""
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    settings.STET_SECOND_FACTOR = "offered"
    lists = addresses()
    for role in PEOPLE:
        client = Client()
        client.force_login(get_user_model().objects.get(username=f"day-{role}"))
        for what, address in lists.items():
            if client.get(address).status_code == HTTPStatus.OK:  # otherwise it is not theirs to see
                yield {"who": role, "list": what, **_measured(client, address, times)}


def _measured(client: Client, address: str, times: int) -> dict[str, object]:
    asked = 0

    def count(execute: Any, *order: Any) -> Any:
        nonlocal asked
        asked += 1
        return execute(*order)

    with connection.execute_wrapper(count):
        status = client.get(address).status_code
    taken = []
    for _ in range(times):
        began, used = time.perf_counter(), time.process_time()
        client.get(address)
        taken.append((time.process_time() - used, time.perf_counter() - began))
    cpu, wall = zip(*taken, strict=True)
    return {
        "status": status,
        "queries": asked,
        "cpu_ms": round(statistics.median(cpu) * 1000),
        "wall_ms": round(statistics.median(wall) * 1000),
    }
