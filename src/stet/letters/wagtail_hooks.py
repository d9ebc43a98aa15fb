"""What letters add to the desk: their menu, their pages, the button that gathers, and a last look before publishing."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.models import Page

from stet.kit.clock import SystemClock
from stet.letters import views
from stet.letters.home import add_panel
from stet.letters.models import LetterPage, ListPage
from stet.letters.preflight import blocking
from stet.letters.writing import findings_of, gather_into
from stet.newsroom.roles.seeing import policy
from stet.newsroom.writing.panel import viewset_of

STYLES = """
.stet-findings { list-style: none; padding: 0; margin: 0 0 1rem }
.stet-findings .help-block { display: flex; gap: .5rem; align-items: baseline; margin-block: .5rem }
.stet-list { border-block-end: 1px solid var(--w-color-border-furniture); padding-block: 1.5rem; max-width: 60rem }
.stet-list h2 { margin-block: 0 .25rem; display: flex; flex-wrap: wrap; gap: .75rem; align-items: center }
.stet-facts { display: grid; grid-template-columns: max-content 1fr; gap: .5rem 1.5rem; margin-block: 1rem }
.stet-facts dt { font-weight: 600 } .stet-facts dd { margin: 0 }
.stet-list form, .stet-new-list, .stet-buttons { display: flex; flex-wrap: wrap; gap: .75rem }
:is(.stet-list form, .stet-new-list, .stet-buttons) .button { margin: 0 }
.stet-new-list { margin-block: 1.5rem }
.stet-subject { margin-block: 1.5rem .5rem }
"""


class LettersMenuItem(MenuItem):
    """Letters, for who may write pages."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whoever may add or change any page."""
        return bool(policy.user_has_any_permission(request.user, {"add", "change", "publish"}))


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _menu() -> MenuItem:
    return LettersMenuItem(gettext_lazy("Letters"), reverse("letters_overview"), icon_name="mail", order=290)


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _urls() -> list[object]:
    return [
        path("letters/", views.overview, name="letters_overview"),
        path("letters/lists/<int:list_id>/write/", views.write, name="letters_write"),
        path("letters/<int:letter_id>/check/", views.check, name="letters_check"),
        path("letters/<int:letter_id>/test/", views.proof, name="letters_test"),
    ]


for _kind in (LetterPage, ListPage):
    hooks.register("register_admin_viewset", partial(viewset_of, _kind))
hooks.register("construct_homepage_panels", add_panel)


@hooks.register("insert_global_admin_css")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _styles() -> SafeString:
    return SafeString(f"<style>{STYLES}</style>")


@hooks.register("after_create_page")  # type: ignore[untyped-decorator]  # Wagtail ships no types
@hooks.register("after_edit_page")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _gather(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Gather into the draft that the form has just saved: nothing an editor typed is lost."""
    if "gather" not in request.POST or not isinstance(page.specific, LetterPage):
        return None
    letter = page.specific.get_latest_revision_as_object()
    gathering = gather_into(letter, letter.list_page, now=SystemClock().now())
    if gathering.added:
        letter.save_revision(user=request.user, log_action=True, clean=False)
    views.tell(request, gathering)
    return redirect("wagtailadmin_pages:edit", page.pk)


@hooks.register("before_copy_page")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _copy_as_drafts(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Publish no letter by copying it: readers would get it once more, and nobody has looked it over."""
    is_alias, is_published = "alias" in request.POST, "publish_copies" in request.POST
    if request.method != "POST" or not (is_alias or is_published):
        return None
    copied = (
        page.get_descendants(inclusive=True) if "copy_subpages" in request.POST else Page.objects.filter(pk=page.pk)
    )
    letters = copied.type(LetterPage)
    if not (letters if is_alias else letters.live()).exists():
        return None
    messages.error(
        request,
        _("Nothing was copied. A copied letter is a draft: published, it would go out once more. Copy it unpublished."),
    )
    return redirect("wagtailadmin_pages:copy", page.pk)


@hooks.register("before_move_page")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _look_over_moved(request: HttpRequest, page: Page, destination: Page) -> HttpResponse | None:
    """Move no letter that waits to be sent into a list for which it is broken."""
    return _held_in_move(request, [page], destination) if request.method == "POST" else None


@hooks.register("before_bulk_action")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _look_over_moved_with_others(
    request: HttpRequest, action_type: str, objects: list[Page], action: Any
) -> HttpResponse | None:
    if request.method != "POST" or action_type != "move":
        return None
    return _held_in_move(request, objects, action.cleaned_form.cleaned_data["chooser"])


def _held_in_move(request: HttpRequest, pages: list[Page], destination: Page) -> HttpResponse | None:
    for page in pages:
        letter, target = page.specific, destination.specific
        is_waiting = isinstance(letter, LetterPage) and (letter.live or letter.approved_schedule)
        if is_waiting and isinstance(target, ListPage):
            found = blocking(findings_of(letter, target, now=SystemClock().now(), sets_mail=False))
            if found:
                sentence = _("“%(subject)s” was not moved, and nothing else either: %(why)s")
                why = " ".join(finding.sentence for finding in found)
                messages.error(request, sentence % {"subject": letter.title, "why": why})
                return redirect("wagtailadmin_pages:edit", letter.pk)
    return None
