"""The desk's own pages."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from stet.newsroom.models import ArticlePage


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
