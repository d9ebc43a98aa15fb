"""What appeals add to the desk: their list with the switch that silences them, and their pages."""

from functools import partial
from typing import Any

from django.urls import path
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.tables import LiveStatusTagColumn
from wagtail.log_actions import LogActionRegistry
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from stet.appeals import views
from stet.appeals.models import Appeal, SupportPage, current_silence
from stet.appeals.models.silence import CHANGED, LET_ASK, SILENCED
from stet.newsroom.writing.panel import viewset_of

STYLES = """
.stet-silence { display: flex; flex-wrap: wrap; gap: .75rem 1.5rem; align-items: center; margin-block: 1rem }
.stet-silence p { margin: 0; flex: 1 1 20rem }
.stet-silence form { display: flex; flex-wrap: wrap; gap: .75rem }
.stet-reasons { list-style: none; padding: 0; max-width: 50rem }
.stet-reasons li { display: flex; gap: .6rem; align-items: baseline; padding-block: .4rem;
  border-block-end: 1px solid var(--w-color-border-furniture) }
.stet-reasons .icon { flex: none; align-self: center; width: 1.1rem; height: 1.1rem }
.stet-form { margin-block: 1.5rem }
.stet-form select[multiple] { min-width: 20rem }
.stet-reasons .no { font-weight: 600 }
"""


class AppealIndexView(IndexView):
    """The list of appeals, below the switch."""

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """With what the switch says."""
        may_silence = self.request.user.has_perm("appeals.change_silence")
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        return {**context, "silence": current_silence(), "may_silence": may_silence}


class AppealViewSet(SnippetViewSet):
    """Appeals."""

    model = Appeal
    icon = "openquote"
    menu_label = _("Appeals")
    menu_name = "appeals"
    menu_order = 295
    add_to_admin_menu = True
    list_display = ["name", "slot", "code", "first_day", "last_day", "locale", LiveStatusTagColumn(label=_("Status"))]
    list_filter = ["slot", "priority"]
    index_view_class = AppealIndexView
    index_template_name = "appeals/index.html"


register_snippet(AppealViewSet)


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _urls() -> list[object]:
    return [
        path("appeals/silence/", views.silence, name="appeals_silence"),
        path("appeals/never/", views.never, name="appeals_never"),
        path("appeals/<int:appeal_id>/why/", views.why_not, name="appeals_why"),
    ]


hooks.register("register_admin_viewset", partial(viewset_of, SupportPage))


@hooks.register("insert_global_admin_css")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _styles() -> SafeString:
    return SafeString(f"<style>{STYLES}</style>")


@hooks.register("register_log_actions")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _log_actions(actions: LogActionRegistry) -> None:
    actions.register_action(SILENCED, _("Silence"), _("Silenced all appeals"))
    actions.register_action(LET_ASK, _("Let ask"), _("Let appeals ask again"))
    actions.register_action(CHANGED, _("Change"), _("Changed where nothing asks"))
