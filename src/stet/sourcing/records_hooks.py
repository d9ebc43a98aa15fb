"""What records add to the desk: lists and forms, the menu, pages beside them. `wagtail_hooks` of this room loads it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry

from stet.sourcing import views, viewsets
from stet.sourcing.menus import sourcing_menu

STYLES = """
#header-title > span { unicode-bidi: plaintext }
.help-block code { direction: ltr; unicode-bidi: isolate }
.stet-standing { display: flex; flex-wrap: wrap; gap: .75rem; align-items: center; margin-block: .5rem }
.stet-facts { display: grid; grid-template-columns: max-content 1fr; gap: .5rem 1.5rem; margin-block: 1rem }
.stet-facts dt { font-weight: 600 } .stet-facts dd { margin: 0; min-width: 0; overflow-wrap: anywhere }
.stet-plain { list-style: none; margin: 0; padding: 0 }
.stet-row { display: flex; flex-wrap: wrap; gap: 0 1.5rem } .stet-row > * { flex: 1 1 10rem }
.stet-more { margin-block: .5rem 1rem } .stet-more summary { cursor: pointer; margin-block-end: .75rem }
.stet-languages { display: grid; gap: .5rem } .stet-languages label { font-size: .8rem }
.stet-timeline { list-style: none; margin: 1rem 0; padding: 0;
  border-inline-start: 2px solid var(--w-color-border-furniture) }
.stet-timeline li { padding: .25rem 1rem .75rem; position: relative; overflow-wrap: anywhere }
.stet-timeline li::before { content: ""; position: absolute; inset-inline-start: -6px; inset-block-start: .65rem;
  width: 10px; height: 10px; border-radius: 50%; background: var(--w-color-secondary) }
.stet-timeline p { margin-block: .25rem }
.stet-note { border-inline-start: 3px solid currentColor; padding-inline-start: .75rem }
.stet-digest { overflow-wrap: anywhere } .stet-wide { overflow-x: auto } .stet-gone { opacity: .7 }
.stet-teaching { max-width: 40rem } .stet-teaching p { margin-block: .5rem }
@media (max-width: 40em) {
  .stet-facts { grid-template-columns: 1fr; gap: .15rem } .stet-facts dd { margin-block-end: .75rem }
}
"""

viewsets.register()


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _menu() -> MenuItem:
    return sourcing_menu()


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _urls() -> list[object]:
    return [
        path("sourcing/claims/<int:claim_id>/status/", views.change_status, name="sourcing_status"),
        path("sourcing/evidence/<int:piece_id>/<slug:copy>/", views.evidence_copy, name="sourcing_evidence_copy"),
    ]


@hooks.register("insert_global_admin_css")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _styles() -> SafeString:
    return SafeString(f"<style>{STYLES}</style>")


@hooks.register("before_bulk_action")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _keep_what_is_used(request: HttpRequest, action_type: str, objects: list[Any], _action: Any) -> HttpResponse | None:
    """Delete none of several where one of them is used."""
    is_deleting = request.method == "POST" and action_type == "delete"
    return viewsets.refused(request, objects) if is_deleting else None


@hooks.register("register_log_actions")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _log_actions(actions: LogActionRegistry) -> None:
    actions.register_action(views.STATUS_ADDED, _("Status"), _("Added a status to the claim"))
    actions.register_action(views.COPY_TAKEN, _("Download"), _("Downloaded a copy of the evidence"))
