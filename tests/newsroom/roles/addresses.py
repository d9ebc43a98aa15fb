"""Every address of the desk, with one of each thing that it is about."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLResolver, get_resolver, reverse
from wagtail.models import Page

from tests.newsroom.roles.world import World

PAGE_WORDS = ("page_id", "parent_page_id", "page_to_move_id", "article_id", "letter_id", "list_id", "page_pk")
SPACES = {
    "wagtailusers_users": "user", "wagtailusers_groups": "group", "wagtaillocales": "locale", "wagtailsites": "site",
    "wagtailadmin_collections": "collection", "wagtailredirects": "redirect", "wagtailadmin_workflows": "workflow",
    "wagtaildocs_chooser": "document", "wagtailadmin_api:documents": "document",
}  # fmt: skip
"""Name spaces, and the thing that a bare number means there."""
BY_WORD = {"mfa_": "my passkey", "image": "photo", "task": "task"}
"""Parts of names, and the thing that a bare number means there."""
OWN_WORDS = {
    "image_id": ("photo", "my photo"), "document_id": ("document",), "doc_id": ("document",), "claim_id": ("claim",),
    "piece_id": ("evidence",), "appeal_id": ("appeal",), "task_id": ("task",), "redirect_id": ("redirect",),
    "collection_id": ("collection",), "photo_id": ("photo", "my photo"), "user_id": ("user",), "share_id": ("share",),
    "view_id": ("view",),
}  # fmt: skip
FIXED = {
    "app_label": "newsroom", "model_name": "articlepage", "content_type_app_name": "newsroom",
    "content_type_model_name": "articlepage", "app_name": "newsroom", "action_name": "approve", "action": "delete",
    "session_id": 1, "uploaded_file_id": 1, "restriction_id": 1, "filter_spec": "width-100", "copy": "original",
    "name": "north", "uidb64": "x", "token": "y", "workflow_state_id": 1, "task_state_id": 1,
}  # fmt: skip


BULK = ("mine", "theirs", "live", "my photo", "document", "user", "person", "claim")
"""What may be deleted many at once."""
FEW = ("section", "mine", "theirs", "live", "letter")
"""Pages that most addresses of pages are walked with: forms of stories take their time."""
ALL_PAGES = re.compile(
    r"wagtailadmin_pages:(edit|add_subpage|delete|unpublish|lock)|wagtailadmin_explore|letters_write"
)
"""Addresses that are walked with each page."""


@dataclass(frozen=True, slots=True)
class Address:
    """One address: its name, what it is about, and where it is."""

    name: str
    what: str
    url: str


def addresses(world: World) -> Iterator[Address]:
    """Every named address, on each thing that it may be about."""
    for name, words in sorted({(name, words) for name, words in _patterns()}):
        for what, values in _fillings(name, set(words), world):
            yield Address(name, what, reverse(name, **values))


def routes() -> tuple[set[str], set[str]]:
    """The shapes of all addresses, `<>` for what changes in them: those that have a name, and those that have none."""
    named: set[str] = set()
    unnamed: set[str] = set()
    for shape, name in _shapes(get_resolver(), ""):
        (named if name else unnamed).add(shape)
    return named, unnamed


def _shapes(resolver: Any, before: str) -> Iterator[tuple[str, str | None]]:
    for one in resolver.url_patterns:
        shape = before + re.sub(r"<[^>]*>|\([^)]*\)", "<>", str(one.pattern)).strip("^$")
        if isinstance(one, URLResolver):
            yield from _shapes(one, shape)
        else:
            yield shape, one.name


def _patterns(
    resolver: Any = None, space: tuple[str, ...] = (), above: tuple[str, ...] = ()
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The full name of each pattern, and the words that it and those around it ask for."""
    for one in (resolver or get_resolver()).url_patterns:
        words = (*above, *(one.pattern.converters or one.pattern.regex.groupindex))
        if isinstance(one, URLResolver):
            yield from _patterns(one, (*space, *([one.namespace] if one.namespace else [])), words)
        elif one.name:
            yield ":".join((*space, one.name)), words


def _fillings(name: str, words: set[str], world: World) -> Iterator[tuple[str, dict[str, Any]]]:
    if name == "wagtailadmin_pages:revisions_compare":
        for what in FEW:
            page = world.pages[what]
            yield what, {"args": [page.pk, page.latest_revision_id, "latest"]}
    elif name == "wagtailsnippets_appeals_appeal:revisions_compare":
        yield "appeal", {"args": [world.things["appeal"].pk, "earliest", "latest"]}
    elif name == "wagtail_bulk_action":
        for what in BULK:
            row = world.pages.get(what) or world.things[what]
            kind = row._meta if what in world.things else Page._meta
            yield what, {"args": [kind.app_label, kind.model_name, "delete"], "query": {"id": row.pk}}
    elif name == "wagtaildocs_serve":
        yield "document", {"args": [world.things["document"].pk, world.things["document"].filename]}
    elif name == "newsroom_shared":
        yield "", {"kwargs": {"token": world.token}}
    elif name == "newsroom_end_session":
        yield "their session", {"kwargs": {"session_id": world.things["their session"].pk}}
    elif name == "desk_media":
        for what in ("photo", "my photo", "document"):
            yield what, {"kwargs": {"name": world.things[what].file.name}}
    else:
        for what, own in _subjects(name, words, world):
            yield what, {"kwargs": {word: own[word] if word in own else FIXED[word] for word in words}}


def _subjects(name: str, words: set[str], world: World) -> Iterator[tuple[str, dict[str, Any]]]:
    """The things that an address may be about, with what they are called in it."""
    space = name.rpartition(":")[0]
    if words & set(PAGE_WORDS) or (space == "wagtailadmin_api:pages" and words):
        some = (*FEW, "sent") if "workflow" in name else world.pages if ALL_PAGES.fullmatch(name) else FEW
        yield from ((what, own) for what, own in _pages(words, world) if what in some)
    elif space.startswith(("wagtailsnippets_", "wagtailsnippetchoosers_")):
        thing = space.rpartition("_")[2]
        row = world.things[thing]
        yield thing, {"pk": row.pk, "revision_id": getattr(row, "latest_revision_id", None) or 1, "task_id": 1}
    elif "bundle_id" in words:
        for what in ("bundle", "bundle of letters"):
            member = world.things[what]
            yield what, {"bundle_id": member.bundle_id, "member_id": member.pk}
    elif own := next((things for word, things in OWN_WORDS.items() if word in words), None):
        word = next(word for word in OWN_WORDS if word in words)
        for thing in own:
            yield thing, {word: world.things[thing].pk}
    elif words & {"pk", "object_id"}:
        thing = next((thing for word, thing in BY_WORD.items() if word in name), SPACES.get(space, "appeal"))
        row = world.things[thing]
        yield thing, {"pk": row.pk, "object_id": str(row.pk), "model_name": row._meta.model_name,
                      "app_label": row._meta.app_label, "app_name": row._meta.app_label}  # fmt: skip
    else:
        yield "", {}


def _pages(words: set[str], world: World) -> Iterator[tuple[str, dict[str, Any]]]:
    for what, page in world.pages.items():
        step = world.steps.get(what)
        yield (
            what,
            {
                **dict.fromkeys(words & {*PAGE_WORDS, "pk"}, page.pk),
                "revision_id": page.latest_revision_id,
                "destination_id": world.pages["section"].pk,
                "task_state_id": step.pk if step else 1,
                "workflow_state_id": step.workflow_state_id if step else 1,
                "task_id": world.things["task"].pk,
                "entry_id": world.entries.get(what, 1),
                "workflow_pk": world.things["workflow"].pk,
            },
        )
