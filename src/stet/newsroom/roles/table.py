"""The desk's roles and what each may do. The one place where that is said.

The rules:
 * A right is a word: "room.codename" for Django's permissions, "place:action" for pages, "photos:action" and
   "documents:action" for what lies in collections.
 * Places of pages: "paper" is everything; "sections", "lists" and "support" are the pages of that kind and what stands
   below them, also those that are made later.
 * "add" on a page is Wagtail's: to write below it, and to change what one wrote oneself.
 * A right that is added here reaches newsrooms that stand already, once, with the next `stet init`.
 * Administrators are no group: Django's superuser may do everything.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_noop

PLACES = {
    "paper": None,
    "sections": "newsroom.SectionPage",
    "lists": "letters.ListPage",
    "support": "appeals.SupportPage",
}
"""Where rights on pages stand: the model of the pages, or None for the page above all fronts."""
ADMIN = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRow:
    """One role."""

    key: str
    name: str
    """What its group is called, in English; the desk says it in the language of whoever looks."""
    rights: tuple[str, ...] = ()


def _each(room: str, models: str, actions: str) -> tuple[str, ...]:
    return tuple(f"{room}.{action}_{model}" for model in models.split() for action in actions.split())


def _at(place: str, actions: str) -> tuple[str, ...]:
    return tuple(f"{place}:{action}" for action in actions.split())


SIGN_IN = ("wagtailadmin.access_admin",)
CHOOSE_FILES = (*_at("photos", "choose"), *_at("documents", "choose"))
ADD_FILES = (*_at("photos", "add choose"), *_at("documents", "add choose"))

REPORTER = (
    *SIGN_IN,
    *_at("sections", "add"),
    *ADD_FILES,
    *_each("sourcing", "claim source question", "add"),
)
EDITOR = (
    *SIGN_IN,
    *_at("paper", "add change lock unlock"),
    *ADD_FILES,
    *_at("photos", "change"),
    *_at("documents", "change"),
    *_each("newsroom", "person", "add change view"),
    *_each("newsroom", "withdrawal", "view"),
    *_each("sourcing", "claim source question evidence", "add change view"),
    *_each("appeals", "appeal", "add change"),
    *_each("appeals", "silence", "change"),
    *_each("simple_translation", "translation", "submit"),
)
PUBLISHER = (
    *EDITOR,
    *_at("paper", "publish bulk_delete"),
    *_at("photos", "delete"),
    *_at("documents", "delete"),
    *_each("newsroom", "person", "delete"),
    *_each("newsroom", "withdrawal", "add change delete"),
    *_each("sourcing", "source question evidence", "delete"),
    *_each("wagtailredirects", "redirect", "add change delete"),
    *_each("appeals", "appeal", "publish delete lock unlock"),
)

ROLES = (
    RoleRow(key="reporter", name=gettext_noop("Reporters"), rights=REPORTER),
    RoleRow(key="editor", name=gettext_noop("Editors"), rights=EDITOR),
    RoleRow(key="publisher", name=gettext_noop("Publishers"), rights=PUBLISHER),
    RoleRow(
        key="photo",
        name=gettext_noop("Photo desk"),
        rights=(*SIGN_IN, *_at("photos", "add change delete choose"), *_at("documents", "choose")),
    ),
    RoleRow(
        key="letters",
        name=gettext_noop("Letters"),
        rights=(*SIGN_IN, *_at("lists", "add change publish lock unlock"), *CHOOSE_FILES),
    ),
    RoleRow(
        key="appeals",
        name=gettext_noop("Appeals"),
        rights=(
            *SIGN_IN,
            *_at("support", "add change publish"),
            *CHOOSE_FILES,
            *_each("appeals", "appeal", "add change delete publish lock unlock"),
            *_each("appeals", "silence", "change"),
        ),
    ),
    RoleRow(key="finance", name=gettext_noop("Finance"), rights=SIGN_IN),
)
"""Finance only signs in: money is the office's, where accounts have roles of their own."""

ADOPTED = {"editor": "Editors", "publisher": "Moderators"}
"""Groups that Wagtail made before there were roles; whoever is in them keeps every right."""
KEYS = (*(role.key for role in ROLES), ADMIN)
NAMES = tuple(role.name for role in ROLES)


def rights_at(place: str, rights: Iterable[str]) -> tuple[str, ...]:
    """The actions that rights allow at a place."""
    return tuple(right.partition(":")[2] for right in rights if right.startswith(f"{place}:"))
