"""A newsroom with one account for each role, and one of each thing that they work on."""

from dataclasses import dataclass, field
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.models import Collection, Locale, Page, Site, Workflow

from stet.appeals.models import Appeal, AppealVariant, SupportPage
from stet.newsroom.models import (
    Bundle,
    BundleMember,
    CheckedTask,
    DeskSession,
    LiveCoverage,
    LiveEntry,
    SavedView,
    Withdrawal,
)
from stet.newsroom.roles.laying import group_of, lay_roles
from stet.newsroom.roles.table import ROLES
from stet.newsroom.sharing.links import share
from stet.newsroom.workflow.laying import lay_workflow
from stet.sourcing.copies import current_folder
from stet.sourcing.models import Evidence
from tests.letters.builders import a_letter, a_list
from tests.newsroom.signing_in.builders import with_app
from tests.press.builders import NOON, a_paper, a_photo, an_article, clear_newsroom
from tests.sourcing.builders import a_claim, a_question, a_source


def accounts() -> dict[str, Any]:
    """An account for each role, with real names that few may see."""
    users: Any = get_user_model()
    made = {}
    for row in ROLES:
        made[row.key] = users.objects.create(username=f"{row.key}-1", first_name="Vera", last_name=f"Real{row.key}")
        made[row.key].groups.add(group_of(row.key))
    made["admin"] = users.objects.create(username="admin-1", is_superuser=True, is_staff=True)
    return made


def signed_in(account: Any) -> Client:
    """A browser in which somebody is signed in."""
    client = Client(headers={"x-requested-with": "XMLHttpRequest"})
    client.force_login(account)
    return client


@dataclass(slots=True, kw_only=True)
class World:
    """Everything, by the word that the rules use."""

    people: dict[str, Any]
    pages: dict[str, Any]
    things: dict[str, Any]
    steps: dict[str, Any] = field(default_factory=dict)
    """Of each page that is at a step of its way: the step's state."""
    token: str = ""
    """Of a link that somebody outside was given."""
    entries: dict[str, int] = field(default_factory=dict)
    """Of each story that is covered live: an entry that waits."""


def a_world() -> World:
    """Made anew in an otherwise empty newsroom."""
    clear_newsroom()
    paper = a_paper(["en", "ru"])
    lay_roles()
    lay_workflow()
    people = accounts()
    other = get_user_model().objects.create(username="other-1", first_name="Nadia", last_name="Secret")
    other.groups.add(group_of("reporter"))
    section = paper.sections["en"][0]
    shelf = a_list(paper, "The week")
    pages = {
        "section": section,
        "mine": an_article(section, "mine", published=None, owner=people["reporter"]),
        "theirs": an_article(section, "theirs", published=None, owner=other),
        "live": an_article(section, "live", owner=other),
        "sent": an_article(section, "sent", published=None, owner=other),
        "list": shelf,
        "letter": a_letter(shelf, "A flood", live=False, owner=other),
        "support": _support(paper.fronts["en"]),
    }
    for page in pages.values():
        page.save_revision(user=page.owner, clean=False)
    pages["sent"].get_workflow().start(pages["sent"], other)
    photos = {"photo": a_photo(title="Theirs"), "my photo": a_photo("#993366", title="Mine")}
    photos["my photo"].uploaded_by_user = people["reporter"]
    photos["my photo"].save()
    documents = get_document_model()
    document = documents(title="Theirs", file=ContentFile(b"words", name="theirs.txt"))
    document.save()
    things = {
        **photos,
        "document": document,
        "claim": a_claim(chain=(a_source(),)),
        "question": a_question(),
        "source": a_source("Another"),
        "evidence": _evidence(),
        "person": paper.people["en"],
        "view": SavedView.objects.create(owner=other, name="Shared", is_shared=True),
        "withdrawal": Withdrawal.objects.create(path="/gone/", locale=section.locale, reason="It was wrong."),
        "appeal": _appeal(section.locale),
        "user": other,
        "my passkey": _passkey(people["reporter"]),
        "their session": DeskSession.objects.create(
            token_digest="0" * 64, user=other, started=timezone.now(), seen=timezone.now()
        ),
        "bundle": _bundle("Sunday", pages["letter"], pages["live"]),
        "bundle of letters": _bundle("Letters", pages["letter"]),
        "group": group_of("reporter"),
        "collection": Collection.get_first_root_node().add_child(name="Archive"),
        "locale": Locale.objects.get(language_code="ru"),
        "site": Site.objects.first() or Site.objects.create(hostname="localhost", root_page=Page.objects.first()),
        "redirect": Redirect.objects.create(old_path="/old", redirect_link="https://example.org/"),
        "workflow": Workflow.objects.filter(workflow_tasks__task__checkedtask__isnull=False).first(),
        "task": CheckedTask.objects.order_by("pk").first(),
    }
    things["share"], token = share(
        pages["theirs"], recipient="Counsel", days=3, user=people["publisher"], now=timezone.now()
    )
    steps = {"sent": pages["sent"].current_workflow_task_state}
    entries = {name: _waiting_entry(pages[name]) for name in ("mine", "theirs", "live")}
    return World(people=people, pages=pages, things=things, steps=steps, token=token, entries=entries)


def _bundle(name: str, *pages: Any) -> BundleMember:
    """The last draft of a bundle."""
    bundle = Bundle.objects.create(name=name)
    return [BundleMember.objects.create(bundle=bundle, page=page, revision=page.latest_revision) for page in pages][-1]


def _passkey(account: Any) -> Authenticator:
    """A passkey, beside an app and recovery codes."""
    with_app(account)
    passkey: Authenticator = Authenticator.objects.create(
        user=account, type=Authenticator.Type.WEBAUTHN, data={"name": "laptop", "credential": {}}
    )
    return passkey


def _waiting_entry(article: Any) -> int:
    coverage = LiveCoverage.objects.create(article=article, started_at=NOON, changed_at=NOON)
    return LiveEntry.objects.create(coverage=coverage, headline="It waits").pk


def _support(front: Any) -> SupportPage:
    page: SupportPage = front.add_child(
        instance=SupportPage(
            title="Support us",
            slug="support",
            locale=front.locale,
            live=False,
            letter="<p>Give.</p>",
            statement_label="FAR SHORE",
        )
    )
    return page


def _appeal(locale: Locale) -> Appeal:
    appeal = Appeal(name="Winter", code="winter", locale=locale)
    appeal.variants = [AppealVariant(letter="a", text="Please give.")]
    appeal.save()
    appeal.save_revision(clean=False)
    return appeal


def _evidence() -> Evidence:
    digest = current_folder().keep_original(b"words")
    piece: Evidence = Evidence.objects.create(title="A letter", sha256=digest, size_bytes=5, file_name="letter.txt")
    return piece


__all__ = ["World", "a_world", "accounts", "signed_in"]
