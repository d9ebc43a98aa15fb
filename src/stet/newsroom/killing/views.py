"""The desk's pages that kill a story.

They ask for the permission to publish the story, and each translation that goes too.
"""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.models import PageLogEntry

from stet.kit.errors import RefusedError
from stet.newsroom.killing.carriers import carriers_of, translations_of
from stet.newsroom.killing.forms import KillForm
from stet.newsroom.killing.killing import ACTION, mirrors_here
from stet.newsroom.killing.killing import kill as kill_stories
from stet.newsroom.models import ArticlePage


@require_http_methods(["GET", "HEAD", "POST"])
def kill(request: HttpRequest, article_id: int) -> HttpResponse:
    """Withdraw a story at once, once its reason is written; before that, show who carries it."""
    article = get_object_or_404(ArticlePage.objects.select_related("locale"), pk=article_id)
    if not article.permissions_for_user(request.user).can_publish():
        raise PermissionDenied
    if not article.live:
        messages.warning(
            request, _("“%(headline)s” is not published, so there is nothing to kill.") % {"headline": article.title}
        )
        return redirect("wagtailadmin_pages:edit", article.pk)
    own = [page for page in translations_of(article) if page.permissions_for_user(request.user).can_publish()]
    carriers = carriers_of(article)
    form = KillForm(request.POST or None, article=article, translations=own)
    if request.method == "POST" and form.is_valid():
        try:
            kill_stories(list(form.killed()), user=request.user, carriers=carriers)
        except RefusedError as error:
            messages.error(request, str(error))
            return redirect("wagtailadmin_pages:edit", article.pk)
        return redirect("newsroom_killed", article.pk)
    context = {"article": article, "form": form, "carriers": carriers, **_head(_("Kill this story"), article)}
    return render(request, "newsroom/killing/kill.html", context)


@require_safe
def killed(request: HttpRequest, article_id: int) -> HttpResponse:
    """What came of it, and what is left to do by hand."""
    article = get_object_or_404(ArticlePage.objects.select_related("locale"), pk=article_id)
    entry = PageLogEntry.objects.filter(page=article.pk, action=ACTION).order_by("-timestamp").first()
    if not article.permissions_for_user(request.user).can_publish():
        raise PermissionDenied
    if entry is None or article.live:
        return redirect("wagtailadmin_pages:edit", article.pk)
    carriers, standing, mirrors = carriers_of(article), translations_of(article), mirrors_here()
    told = ngettext(
        "%(count)d mirror was told. Settings, Mirrors says how far it is.",
        "%(count)d mirrors were told. Settings, Mirrors says how far each is.",
        mirrors,
    )
    context = {
        "article": article,
        "path": article.printed_path(),
        "reason": entry.data.get("reason", ""),
        "beyond": [carrier for carrier in carriers if carrier.is_beyond_reach],
        "others": [carrier for carrier in carriers if not carrier.is_beyond_reach],
        "translations": standing,
        "mirrors": told % {"count": mirrors} if mirrors else "",
        **_head(_("This story is killed"), article),
    }
    return render(request, "newsroom/killing/killed.html", context)


def _head(title: str, article: ArticlePage) -> dict[str, object]:
    before = {"url": reverse("wagtailadmin_pages:edit", args=[article.pk]), "label": article.draft_title}
    crumbs = [{"url": reverse("wagtailadmin_home"), "label": _("Home")}, before, {"url": "", "label": title}]
    return {"header_title": title, "page_title": title, "header_icon": "cross", "breadcrumbs_items": crumbs}
