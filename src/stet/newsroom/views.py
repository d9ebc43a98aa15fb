"""The desk's own pages."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django.views.i18n import JavaScriptCatalog
from wagtail.admin.localization import get_localized_response

from stet.newsroom.models import ArticlePage

SCRIPT_WORDS = JavaScriptCatalog.as_view(packages=["wagtail.admin", "stet.newsroom"])


@never_cache
def script_words(request: HttpRequest) -> HttpResponse:
    """What Wagtail's scripts say, in the language of who looks, with the newsroom's words where Wagtail has none."""
    answer: HttpResponse = get_localized_response(SCRIPT_WORDS, request)
    return answer


@require_POST
def follow_original(request: HttpRequest, article_id: int) -> HttpResponse:
    """An editor says that a translation agrees with its original as published now."""
    article = get_object_or_404(ArticlePage, pk=article_id)
    if not article.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    if article.original is not None:
        article.follow_original(article.original)
        messages.success(request, _("Noted: this translation agrees with its original again."))
    return redirect("wagtailadmin_pages:edit", article_id)
