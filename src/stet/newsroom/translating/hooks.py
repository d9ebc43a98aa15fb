"""What translations add to the desk: a report, a button on each translation, two pages."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from stet.newsroom.models import ArticlePage
from stet.newsroom.translating import views

STYLES = """
.stet-beside { margin-block: 1rem; display: grid; gap: .5rem }
.stet-beside > div { display: grid; grid-template-columns: 1fr 1fr; gap: 1.5rem; padding: .75rem 1rem }
.stet-beside > div { border-block-start: 1px solid var(--w-color-border-furniture) }
.stet-beside p { margin: 0; overflow-wrap: anywhere; line-height: 1.6 }
.stet-beside .stet-since { border-inline-start: 4px solid var(--w-color-info-100) }
.stet-beside .stet-since { background: var(--w-color-surface-field-inactive) }
.stet-beside .w-status { margin-block-end: .5rem }
.stet-beside ins { font-weight: 600; text-decoration: underline; text-decoration-thickness: 2px }
.stet-beside del { text-decoration: line-through }
.stet-beside :is(.stet-headline, .stet-subhead) p { font-weight: 700 }
@media (max-width: 40em) { .stet-beside > div { grid-template-columns: 1fr } }
"""


class TranslationsMenuItem(MenuItem):
    """Translations that are behind, for who may change a page."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whoever may change or publish any page."""
        return views.may_see(request.user)


@hooks.register("register_reports_menu_item")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _menu() -> MenuItem:
    address = reverse("newsroom_translations")
    return TranslationsMenuItem(_("Translations that are behind"), address, icon_name="globe", order=650)


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _urls() -> list[object]:
    return [
        path("translations/", views.overview, name="newsroom_translations"),
        path("translations/<int:article_id>/", views.beside, name="newsroom_beside_original"),
        path("translations/<int:article_id>/up-to-date/", views.up_to_date, name="newsroom_up_to_date"),
    ]


@hooks.register("insert_global_admin_css")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _styles() -> SafeString:
    return SafeString(f"<style>{STYLES}</style>")


@hooks.register("register_page_header_buttons")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _button(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:  # noqa: ARG001 - Wagtail's names
    if isinstance(page, ArticlePage) and page.original_id and page.permissions_for_user(user).can_edit():
        url = reverse("newsroom_beside_original", args=[page.pk])
        yield Button(_("Beside the original"), url, icon_name="globe", priority=59)
