"""A killed story that is published again says so: its notice becomes an update note on it, which editors can reword."""

from datetime import date
from typing import Any

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail.log_actions import log

RETURNED = "stet.return"


def tell_of_return(article: Any, revision: Any, *, user: Any, today: date) -> None:
    """Turn the notice at the story's address, if there is one, into an update note in the revision."""
    from stet.newsroom.models import ArticlePage, ArticleUpdate, Withdrawal  # not before all models are there

    going = revision.as_object()
    if not isinstance(going, ArticlePage) or (going.go_live_at and going.go_live_at > timezone.now()):
        return
    path = going.printed_path()
    notice = Withdrawal.objects.filter(path=path).first() if path and not article.live else None
    if notice is None:
        return
    with translation.override(going.locale.language_code):
        day = date_format(notice.withdrawn, "DATE_FORMAT")
        words = _("This story was withdrawn on %(day)s and is published again.") % {"day": day}
        going.updates.add(ArticleUpdate(date=today, text=format_html("<p>{} {}</p>", words, notice.reason)))
    revision.content = going.serializable_data()
    revision.save(update_fields=["content"])
    notice.delete()
    log(instance=article, action=RETURNED, user=user, revision=revision)
