"""Where Wagtail says that a story changed: its marks get names of their own before, and are followed after.

Signals only wake. What is true is what the database says (`stet.sourcing.marking`).
"""

import json
from typing import Any

from django.db.models.signals import post_save, pre_save
from wagtail.models import Revision
from wagtail.signals import copy_for_translation_done, page_published, page_unpublished

from stet.newsroom.models import ArticlePage
from stet.sourcing.marking import follow, own_names, without_quotes


def connect() -> None:
    """Listen. Safe to repeat."""
    name = "stet.sourcing.waking"
    pre_save.connect(_name_in_page, sender=ArticlePage, dispatch_uid=f"{name}.page")
    pre_save.connect(_name_in_revision, sender=Revision, dispatch_uid=f"{name}.revision")
    post_save.connect(_follow_page, sender=ArticlePage, dispatch_uid=f"{name}.page")
    page_published.connect(_follow_told, dispatch_uid=f"{name}.published")
    page_unpublished.connect(_follow_told, dispatch_uid=f"{name}.unpublished")
    copy_for_translation_done.connect(_begin_translation, dispatch_uid=f"{name}.translation")


def _name_in_page(instance: ArticlePage, *, raw: bool = False, **_signal: object) -> None:
    anew = None if raw else own_names(instance.body)
    if anew is not None:
        instance.body = json.dumps(anew)


def _name_in_revision(instance: Revision, *, raw: bool = False, **_signal: object) -> None:
    body = None if raw else _body_of(instance)
    anew = own_names(body) if body else None
    if anew is not None:
        instance.content["body"] = json.dumps(anew)


def _body_of(revision: Revision) -> str | None:
    """The body of an article's revision, which is JSON within JSON; None where the revision is of something else."""
    content: Any = revision.content
    is_article = isinstance(content, dict) and "lead_photo" in content and "standfirst" in content
    body = content.get("body") if is_article else None
    return body if isinstance(body, str) else None


def _follow_page(instance: ArticlePage, *, raw: bool = False, **_signal: object) -> None:
    if not raw:
        follow(instance)


def _follow_told(instance: Any, **_signal: object) -> None:
    """Wagtail publishes and takes down pages without looking what they are."""
    follow(ArticlePage(pk=instance.pk))


def _begin_translation(target_obj: Any, **_signal: object) -> None:
    """A translation's marks stand on words that are still to be written: none agrees until an editor says so."""
    article = target_obj.specific if hasattr(target_obj, "specific") else target_obj
    if not isinstance(article, ArticlePage) or article.alias_of_id:
        return
    anew = without_quotes(article.body)
    if anew is None:
        return
    article.body = json.dumps(anew)
    article.save(clean=False)
    revision = article.latest_revision
    if revision is not None:
        revision.content = {**revision.content, "body": json.dumps(anew)}
        revision.save()
    follow(article)
