"""Old addresses that lead on, where Wagtail makes none by itself.

Wagtail keeps a redirect when a page's slug changes, and asks the page for its address: so those of articles, sections,
topics, pages and lists are right. What it cannot see: people are no pages, and a page whose address has the slug of
another in it, such as a letter's that of its list. A redirect made here counts as made by itself, as Wagtail's do.
"""

from typing import Any

from django.db.models import Model
from django.db.models.signals import pre_save
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from stet.newsroom import addresses
from stet.newsroom.models.people import Person
from stet.newsroom.paper import current_paper


def lead_on(old_path: str, *, page: Page | None = None, path: str = "") -> None:
    """Keep a redirect from a printed path to a page, or to another path. What stands there again needs none."""
    old = Redirect.normalise_path(old_path)
    made = Redirect.objects.filter(automatically_created=True)
    made.filter(old_path=old).delete()
    if path:
        made.filter(old_path=Redirect.normalise_path(path)).delete()
        made.filter(redirect_link=old_path).update(redirect_link=path)
    if not Redirect.objects.filter(old_path=old).exists():
        Redirect.objects.create(old_path=old, redirect_page=page, redirect_link=path, automatically_created=True)


def person_path(person: Person) -> str | None:
    """Where a person's page stands; a withheld byline has none."""
    if person.kind == Person.Kind.WITHHELD:
        return None
    return addresses.person_path(current_paper().prefix(person.locale.language_code), person.slug)


def _follow_person(instance: Model, *, raw: bool = False, **_signal: Any) -> None:
    if raw or not isinstance(instance, Person) or instance.pk is None:
        return
    before = Person.objects.select_related("locale").filter(pk=instance.pk).first()
    old, new = person_path(before) if before else None, person_path(instance)
    if old and new and old != new:
        lead_on(old, path=new)


def connect() -> None:
    """Follow people from now on."""
    pre_save.connect(_follow_person, sender=Person, dispatch_uid="newsroom-person-moved")
