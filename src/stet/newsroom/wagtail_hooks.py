"""What the desk has beyond Wagtail: people, withdrawal notices, a word to readers when a story is withdrawn."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages as admin_messages
from wagtail.admin.menu import MenuItem
from wagtail.models import Page, Revision
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from stet.kit.errors import RefusedError
from stet.newsroom.accounts import ask_no_names, name_no_maker
from stet.newsroom.audit import hooks as audit_hooks  # noqa: F401 - they register
from stet.newsroom.bundles import hooks as bundle_hooks  # noqa: F401 - they register
from stet.newsroom.embargo import hooks as embargo_hooks  # noqa: F401 - they register
from stet.newsroom.home import hooks as home_hooks  # noqa: F401 - they register
from stet.newsroom.killing import hooks as killing_hooks  # noqa: F401 - they register
from stet.newsroom.live import hooks as live_hooks  # noqa: F401 - they register
from stet.newsroom.mirrors import hooks as mirror_hooks  # noqa: F401 - they register
from stet.newsroom.models import ArticlePage, Person, Withdrawal
from stet.newsroom.photos import hooks as photo_hooks  # noqa: F401 - they register
from stet.newsroom.roles import hooks as role_hooks  # noqa: F401 - they register
from stet.newsroom.sharing import hooks as sharing_hooks  # noqa: F401 - they register
from stet.newsroom.signing_in import hooks as signing_in_hooks  # noqa: F401 - they register
from stet.newsroom.translating import hooks as translating_hooks  # noqa: F401 - they register
from stet.newsroom.tree import hooks as tree_hooks  # noqa: F401 - they register
from stet.newsroom.views import follow_original
from stet.newsroom.withdrawing import withdraw
from stet.newsroom.workflow import hooks as workflow_hooks  # noqa: F401 - they register
from stet.newsroom.writing import hooks as writing_hooks  # noqa: F401 - they register

STYLES = """
/* What editors write runs the way its own words do, whatever language the desk speaks. */
input:not([type=file]), textarea, .title a, .chooser__title { unicode-bidi: plaintext }
/* Stet's name as a proofreader marks what stays: with dots below. */
.stet-mark { font: 600 1.5rem Georgia, serif; text-decoration: underline dotted; text-underline-offset: .3em }
.sidebar .stet-mark { color: var(--w-color-text-label-menus-active) }
.sidebar--slim .stet-mark { font-size: .9rem }
.login-logo { text-align: center }
/* A quiet button can be read on the colour of a help block, too. */
.help-block .button-secondary:not(:hover) { background-color: var(--w-color-surface-page) }
/* What is said of a photo that came in can be read in the dark, too. */
.upload-form .status-msg.success, #upload-list .status-msg.success { color: inherit }
/* On a phone the name of a screen has two lines, in place of one that ends in the middle of a word. */
@media (max-width: 40em) {
  .w-slim-header .w-breadcrumbs { flex: 1; min-width: 0; overflow: hidden }
  .w-slim-header .w-breadcrumbs :is(div, nav, ol) { min-width: 0 }
  .w-slim-header .w-breadcrumbs li:last-child { flex-shrink: 1; min-width: 0; white-space: normal }
  .w-slim-header .w-breadcrumbs li:last-child > * {
    display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; line-height: 1.2;
    overflow-wrap: anywhere; font-size: .875rem;
  }
  .w-slim-header .w-breadcrumbs .w-breadcrumbs__icon { display: none !important }
  .w-slim-header .w-header-button { white-space: normal; line-height: 1.2; max-width: 10rem }
  /* What is chosen in a list of long names ends with the form, not beyond the screen. */
  fieldset { min-width: 0 }
  .w-field, select { max-width: 100% }
}
/* And there is no room for the sign beside the name of what a form is about, which else shows an edge of itself. */
@media (max-width: 40em) { h2 > svg.-w-left-11 { display: none } }
/* On a phone the columns of a listing stand below its title: beside it there is room for a few letters of each word. */
@media (max-width: 40em) {
  .listing:has(td.title), .listing:has(td.title) :is(thead, tbody) { display: block; width: 100% }
  .listing:has(td.title) tr { display: flex; flex-wrap: wrap; align-items: center; column-gap: 1rem }
  .listing:has(td.title) tr { height: auto; padding: .75rem 1rem }
  .listing:has(td.title) tbody tr { border-block-end: 1px dashed var(--w-color-border-furniture) }
  .listing:has(td.title) :is(th, td) { width: auto; padding: .25rem 0; border: 0 }
  .listing:has(td.title) td.title { flex: 1 0 calc(100% - 4rem); order: 0 }
  .listing:has(td.title) .bulk-action-checkbox-cell + td.title ~ td { order: 1 }
  .listing:has(td.title) tbody tr:has(.bulk-action-checkbox-cell) { padding-inline-start: 3.5rem; position: relative }
  .listing:has(td.title) .bulk-action-checkbox-cell { position: absolute; inset: 1rem auto auto 1rem }
  [dir=rtl] .listing:has(td.title) .bulk-action-checkbox-cell { inset: 1rem 1rem auto auto }
  .listing:has(td.title) tbody tr:has(.bulk-action-checkbox-cell) td.title { flex-basis: 100% }
  .listing:has(td.title) td:is(:empty, .no-children) { display: none }
}
"""


class PersonViewSet(SnippetViewSet):
    """Bylines."""

    model = Person
    icon = "user"
    menu_label = _("People")
    menu_order = 300
    add_to_admin_menu = True
    list_display = ["name", "kind", "role", "locale"]
    list_filter = ["kind"]
    list_per_page = 15
    """Wagtail asks of each row whether it is translated."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Person]:  # noqa: ARG002 - Wagtail's signature
        """With the language of each."""
        return Person.objects.select_related("locale")


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
name_no_maker()


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _urls() -> list[object]:
    return [path("articles/<int:article_id>/follow-original/", follow_original, name="newsroom_follow_original")]


@hooks.register("insert_global_admin_css")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _styles() -> SafeString:
    return SafeString(f"<style>{STYLES}</style>")


@hooks.register("insert_global_admin_js")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _names() -> SafeString:
    return format_html('<script src="{}"></script>', static("newsroom/naming.js"))


@hooks.register("construct_help_menu")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _help(_request: HttpRequest, items: list[MenuItem]) -> None:
    """Help is about the desk: what is new in a version of Wagtail, who updates it reads elsewhere."""
    items[:] = [item for item in items if not item.name.startswith("whats-new-in-wagtail")]


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


@hooks.register("before_edit_page")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _tell_of_another_version(request: HttpRequest, page: Page) -> None:
    """Say it when somebody saved the page since this form was opened. Their version is kept among the revisions.

    Wagtail warns while both are writing, by a script; who sends the form all the same puts their own version on top.
    """
    latest = page.latest_revision
    if request.method != "POST" or latest is None or _is_latest(latest, request.POST) or not _is_read(request):
        return
    who = latest.user.get_username() if latest.user else _("Somebody")
    admin_messages.warning(
        request,
        _("%(who)s saved another version while you wrote. Nothing of it is lost: it stands in the page's history.")
        % {"who": who},
        buttons=[
            admin_messages.button(
                reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, latest.pk, "latest"]),
                _("See what differs"),
            )
        ],
    )


def _is_latest(latest: Revision, form: QueryDict) -> bool:
    """Whether the form was opened on the latest revision, as it is now; a form that does not say counts as such."""
    if own := form.get("overwrite_revision_id"):
        return own == str(latest.pk)
    opened, as_of = form.get("loaded_revision_id"), form.get("loaded_revision_created_at")
    return not opened or (opened == str(latest.pk) and as_of in (None, "", latest.created_at.isoformat()))


def _is_read(request: HttpRequest) -> bool:
    """Whether a person sees the answer; the desk's script is told of another version by Wagtail."""
    return request.accepts("text/html")
