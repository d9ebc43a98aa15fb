"""What the desk has beyond Wagtail: people, withdrawal notices, a word to readers when a story is withdrawn."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.models import Page
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from stet.kit.errors import RefusedError
from stet.newsroom.accounts import ask_no_names
from stet.newsroom.models import ArticlePage, Person, Withdrawal
from stet.newsroom.views import follow_original
from stet.newsroom.withdrawing import withdraw


class PersonViewSet(SnippetViewSet):
    """Bylines."""

    model = Person
    icon = "user"
    menu_label = _("People")
    menu_order = 300
    add_to_admin_menu = True
    list_display = ["name", "kind", "role", "locale"]
    list_filter = ["kind"]


class WithdrawalViewSet(SnippetViewSet):
    """Notices that stand where a withdrawn story stood."""

    model = Withdrawal
    icon = "cross"
    menu_label = _("Withdrawal notices")
    menu_order = 310
    list_display = ["path", "withdrawn", "reason"]


register_snippet(PersonViewSet)
register_snippet(WithdrawalViewSet)
ask_no_names()


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _urls() -> list[object]:
    return [path("articles/<int:article_id>/follow-original/", follow_original, name="newsroom_follow_original")]


@hooks.register("insert_global_admin_css")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _directions() -> SafeString:
    """Let what editors write run the way its own words do, whatever language the desk speaks."""
    written = "input:not([type=file]), textarea, .title a, .chooser__title"
    return SafeString(f"<style>{written} {{ unicode-bidi: plaintext }}</style>")


@hooks.register("before_unpublish_page")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _withdraw_on_unpublish(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Leave the notice that the editor wrote on the confirmation page, if any; a notice that is refused stops it."""
    reason = request.POST.get("withdrawal_reason", "").strip()
    if request.method == "POST" and reason and isinstance(page.specific, ArticlePage):
        try:
            withdraw(page.specific, reason=reason)
        except RefusedError as error:
            messages.error(request, str(error))
            return redirect("wagtailadmin_pages:unpublish", page.pk)
    return None
