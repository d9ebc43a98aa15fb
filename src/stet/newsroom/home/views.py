"""The desk's small pages around the list of articles: where one begins to write, and saved views."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from wagtail.models import Page

from stet.newsroom.home import saved
from stet.newsroom.models import SavedView, SectionPage
from stet.newsroom.roles.seeing import policy, sees_names

LOOKED_AT = 20
"""Newest pages of somebody among which the section is looked for that they wrote in last."""


class ViewForm(forms.ModelForm[SavedView]):
    """A view's name, and whether it is the desk's."""

    class Meta:
        model = SavedView
        fields = ("name", "is_shared")


def sections_to_write_in(user: Any) -> list[SectionPage]:
    """The sections in which somebody may begin an article."""
    sections = SectionPage.objects.select_related("locale").order_by("path")
    return [section for section in sections if section.permissions_for_user(user).can_add_subpage()]


def last_section(user: Any, sections: list[SectionPage]) -> SectionPage | None:
    """Of these sections the one in which somebody wrote last; else the first one."""
    newest = Page.objects.filter(owner_id=user.pk).order_by("-pk").values_list("path", flat=True)[:LOOKED_AT]
    own = (section for path in newest for section in sections if path.startswith(section.path))
    return next(own, sections[0] if sections else None)


@require_safe
def write(request: HttpRequest) -> HttpResponse:
    """Open the form of a new article in the section that was chosen, or let one be chosen."""
    sections = sections_to_write_in(request.user)
    asked = request.GET.get("section", "")
    chosen = [section for section in sections if str(section.pk) == asked] or (sections if len(sections) == 1 else [])
    if chosen:
        return redirect("wagtailadmin_pages:add", "newsroom", "articlepage", chosen[0].pk)
    if not sections and not sees_names(request.user):  # Editors are told what is missing.
        raise PermissionDenied
    context = {
        "sections": sections,
        "last": last_section(request.user, sections),
        "several_languages": len({section.locale_id for section in sections}) > 1,
        **_head(_("Write an article"), []),
    }
    return render(request, "newsroom/home/write.html", context)


# --- Saved views ---


@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep the filters of the list under a name."""
    _let_in(request)
    query = saved.current_query(QueryDict(request.POST.get("query", "")[: saved.LONGEST_QUERY]))
    form = ViewForm(request.POST)
    if form.is_valid() and len(query) <= saved.LONGEST_QUERY:
        try:
            view, is_new = saved.save(request.user, query=query, **form.cleaned_data)
        except ValueError:
            messages.error(request, _("You have as many views as one can have. Delete one first."))
        else:
            sentence = _("“%(name)s” is saved.") if is_new else _("“%(name)s” shows these filters now.")
            messages.success(request, sentence % {"name": view.name})
    else:
        messages.error(request, _("It was not saved: a view needs a name of at most 60 letters."))
    return redirect(f"{reverse('newsroom_articles')}?{query}")


@require_safe
def views(request: HttpRequest) -> HttpResponse:
    """The views that somebody may change."""
    _let_in(request)
    own = saved.changeable_by(request.user)
    context = {
        "views": [(view, ViewForm(instance=view, prefix=f"view-{view.pk}")) for view in own],
        "user_id": request.user.pk,
        **_head(_("Saved views"), [_crumb()]),
    }
    return render(request, "newsroom/home/views.html", context)


@require_POST
def change_view(request: HttpRequest, view_id: int) -> HttpResponse:
    """Give a view another name, share it or keep it to oneself, or delete it."""
    _let_in(request)
    view = get_object_or_404(saved.changeable_by(request.user), pk=view_id)
    if "delete" in request.POST:
        view.delete()
        messages.success(request, _("“%(name)s” is deleted; the articles in it are where they were.") % {"name": view})
        return redirect("newsroom_views")
    form = ViewForm(request.POST, instance=view, prefix=f"view-{view.pk}")
    same = SavedView.objects.filter(owner_id=view.owner_id, name=request.POST.get(f"view-{view.pk}-name", "").strip())
    if same.exclude(pk=view.pk).exists():
        messages.error(request, _("There is a view of that name already. Choose another name."))
    elif form.is_valid():
        form.save()
        messages.success(request, _("“%(name)s” is saved.") % {"name": view})
    else:
        messages.error(request, _("It was not saved: a view needs a name of at most 60 letters."))
    return redirect("newsroom_views")


def _let_in(request: HttpRequest) -> None:
    """Refuse who has no list of articles."""
    if not policy.user_has_any_permission(request.user, {"add", "change", "publish"}):
        raise PermissionDenied


def _crumb() -> dict[str, str]:
    return {"url": reverse("newsroom_articles"), "label": _("Articles")}


def _head(title: str, before: list[dict[str, str]]) -> dict[str, object]:
    crumbs = [{"url": reverse("wagtailadmin_home"), "label": _("Home")}, *before, {"url": "", "label": title}]
    return {"header_title": title, "page_title": title, "header_icon": "doc-full", "breadcrumbs_items": crumbs}
