"""What mirrors add to the desk: an entry under Settings, and their pages. `wagtail_hooks` of this room loads it."""

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from stet.newsroom.mirrors import views

STYLES = """
.stet-mirror h2 bdi { overflow-wrap: anywhere } .stet-mirror h2 small { font-weight: normal }
.stet-mirror--bad { border-inline-start: 3px solid var(--w-color-critical-200); padding-inline-start: 1rem }
.stet-teaches { max-width: 40rem } .stet-teaches p { margin-block: .75rem }
.stet-mirror-form { max-width: 40rem; margin-block: 1.5rem } .stet-mirror-form details { margin-block: 1.5rem }
.stet-mirror-form code { direction: ltr; unicode-bidi: isolate; white-space: nowrap }
.stet-mirror-form summary { cursor: pointer; display: list-item; margin-block-end: 1rem; margin-inline-start: 1rem }
.stet-mirror-form .w-field__help { overflow-wrap: anywhere }
"""


class MirrorsMenuItem(MenuItem):
    """Mirrors, for who may publish."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whoever may publish the paper."""
        return views.may_see(request.user)


@hooks.register("register_settings_menu_item")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _menu() -> MenuItem:
    return MirrorsMenuItem(gettext_lazy("Mirrors"), reverse("newsroom_mirrors"), icon_name="site", order=50)


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _urls() -> list[object]:
    return [
        path("mirrors/", views.overview, name="newsroom_mirrors"),
        path("mirrors/add/", views.add, name="newsroom_mirrors_add"),
        path("mirrors/<slug:name>/carry/", views.wish, {"what": "carry"}, name="newsroom_mirrors_carry"),
        path("mirrors/<slug:name>/check/", views.wish, {"what": "check"}, name="newsroom_mirrors_check"),
        path("mirrors/<slug:name>/retire/", views.retire, name="newsroom_mirrors_retire"),
        path("mirrors/<slug:name>/remove/", views.remove, name="newsroom_mirrors_remove"),
    ]


@hooks.register("insert_global_admin_css")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _styles() -> SafeString:
    return SafeString(f"<style>{STYLES}</style>")
