"""The sourcing panel beside a story's form, in Wagtail's own row of side panels."""

from typing import Any

from django.forms import Media
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.ui.side_panels import BaseSidePanel
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.views.pages.revisions import RevisionsRevertView

from stet.newsroom.writing.panel import WithWriting

TAKEN_OFF = "sourcing_taken_off"
"""The field of a story's form that names marks an editor took off."""


class SourcingSidePanel(BaseSidePanel):
    """The story's claims in order, what is missing, and the assistant's offers. Its script fills it."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        """The button that opens it; its counter is the number of gaps."""

        aria_label = gettext_lazy("Toggle sourcing")
        icon_name = "stet-claim"
        counter_classname = "w-bg-critical-200"

    name = "sourcing"
    title = gettext_lazy("Sourcing")
    template_name = "sourcing/editor/panel.html"
    order = 200

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """What the script has to know."""
        context: dict[str, Any] = super().get_context_data(parent_context)
        names = ("words", "mark", "find_claims", "find_sources", "find_questions", "new_claim", "story", "suggest")
        config = {
            "page": self.object.pk,
            "language": self.object.locale.language_code if self.object.locale_id else "",
            "urls": {name: reverse(f"sourcing_{name}") for name in (*names, "seen")},
            "words": _words(),
        }
        return {**context, "config": config, "taken_off": TAKEN_OFF}

    @property
    def media(self) -> Media:
        """Its scripts, and the style of everything of sourcing in the editor."""
        scripts = [f"sourcing/{name}.js" for name in ("texts", "drawer", "claim", "panel")]
        return Media(js=scripts, css={"all": ["sourcing/editor.css"]})


def _words() -> dict[str, str]:
    """What the scripts say by themselves."""
    return {
        "claim": _("Claim"),
        "close": _("Close"),
        "failed": _("The desk does not answer. Nothing is lost: try again."),
        "denied": _(
            "The desk refuses: you may not do this, or have to sign in again in another window. Nothing is lost."
        ),
        "nothing": _("Select the words first, then press “Claim”."),
        "link": _(
            "These words hold a link, and words can't carry both. Take the link off, or select the words beside it."
        ),
        "marked": _("Some of these words are marked already. Select words beside that mark."),
        "elsewhere": _("Claims are marked in the text of a story."),
        "kept": _("As marked"),
        "changed": _("Words changed since they were marked"),
        "saved": _("The words are marked. Save the story to keep it."),
        "removed": _("The mark is off. Save the story to keep it so."),
        "again": _("The words are marked again. Save the story to keep it."),
        "aside": _("Put aside."),
    }


class WithSourcing:
    """A view of Wagtail's with the panel."""

    def get_side_panels(self: Any) -> MediaContainer:
        """Wagtail's own, and ours; an answer to the script that saves by itself does not make ours anew."""
        panels = super().get_side_panels()  # type: ignore[misc]  # it is mixed into a view
        if getattr(self, "expects_json_response", False) or getattr(self, "hydrate_create_view", False):
            return panels
        page = self.page
        if not page.locale_id:
            page.locale = self.locale or page.get_default_locale()
        return MediaContainer([*panels, SourcingSidePanel(page, self.request)])


class ArticleCreateView(WithSourcing, WithWriting, CreateView):
    """A new story."""


class ArticleEditView(WithSourcing, WithWriting, EditView):
    """A story."""


class ArticleRevertView(WithSourcing, WithWriting, RevisionsRevertView):
    """An old version of a story."""
