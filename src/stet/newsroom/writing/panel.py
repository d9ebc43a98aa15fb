"""The panel "Writing" beside the form of every page of the paper, in Wagtail's own row of side panels."""

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

from stet.kit.reading import words_a_minute
from stet.newsroom.models import FrontPage, SectionPage, StaticPage, TopicPage
from stet.newsroom.models.articles import WEIGHT_MODE
from stet.newsroom.tree.lists import TreeFilterSet, TreeViewSet
from stet.newsroom.writing.offline import key_of

SCRIPTS = ["places", "counting", "finding", "mending", "suggesting", "offline", "panel"]
LONG_HEADLINE = 90
"""Characters from which a headline is said to be long: a phone shows it in more than three lines."""


class WritingSidePanel(BaseSidePanel):
    """Length, weight, quotes and spaces, find and replace, suggestions. Its scripts fill it."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        """The button that opens it; its counter is the number of suggestions that wait."""

        aria_label = gettext_lazy("Toggle writing")
        icon_name = "pilcrow"
        counter_classname = "w-bg-info-100"

    name = "writing"
    title = gettext_lazy("Writing")
    template_name = "newsroom/writing/panel.html"
    order = 150

    def __init__(self, page: Any, request: Any, *, preview_url: str, can_save: bool) -> None:
        super().__init__(page, request)
        self._preview_url, self._can_save = preview_url, can_save

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """What the scripts have to know."""
        context: dict[str, Any] = super().get_context_data(parent_context)
        page = self.object
        language = page.locale.language_code if page.locale_id else ""
        is_weighed = WEIGHT_MODE in [mode for mode, _label in page.preview_modes]
        config = {
            "language": language,
            "wordsAMinute": words_a_minute(language),
            "longHeadline": LONG_HEADLINE,
            "mend": reverse("newsroom_mending"),
            "weigh": f"{self._preview_url}?mode={WEIGHT_MODE}" if is_weighed else None,
            "preview": self._preview_url,
            "key": key_of(self.request.user) if self._can_save else None,
            "form": f"{type(page).__name__}-{page.pk or 'new'}-{language}",
            "words": _words(),
        }
        return {**context, "config": config, "is_weighed": is_weighed}

    @property
    def media(self) -> Media:
        """Its scripts and its style."""
        scripts = [f"newsroom/writing/{name}.js" for name in SCRIPTS]
        return Media(js=scripts, css={"all": ["newsroom/writing/writing.css"]})


def _words() -> dict[str, str]:
    """What the scripts say by themselves."""
    return {
        "failed": _("The desk does not answer. Nothing is lost: try again."),
        "denied": _(
            "The desk refuses: you may not do this, or have to sign in again in another window. Nothing is lost."
        ),
        "nothing": _("Nothing to mend."),
        "mended": _("Mended. Nothing is saved yet: look at it, or undo."),
        "replaced": _("Replaced. Nothing is saved yet: look at it, or undo."),
        "undone": _("Undone."),
        "stays": _("Some words were changed since then; they stay as they are."),
        "none": _("Not found."),
        "place": _("{place} of {all}"),
        "go": _("Show in the text"),
        "one": _("Mend"),
        "apply": _("Take it"),
        "gone": _("The words it is about are gone."),
        "applied": _("Taken over. Nothing is saved yet: look at it, or undo."),
        "invalid": _("The page can't be weighed while something in the form is missing or wrong."),
        "long": _("long for a phone"),
        "kept": _("The desk does not answer. What you write is kept on this device, locked, until it does."),
        "unkept": _("The desk does not answer, and this device can't keep a copy. Do not close this window."),
        "found": _("This device keeps words of {time} that did not reach the desk."),
        "back": _("Save them as a new version"),
        "away": _("Throw them away"),
        "backFailed": _("It was not saved. The copy is still here."),
        "broken": _("The copy can't be opened with your account."),
    }


class WithWriting:
    """A view of Wagtail's with the panel."""

    def get_side_panels(self: Any) -> MediaContainer:
        """Wagtail's own, and ours; an answer to the script that saves by itself does not make ours anew."""
        panels = super().get_side_panels()  # type: ignore[misc]  # it is mixed into a view
        if getattr(self, "expects_json_response", False) or getattr(self, "hydrate_create_view", False):
            return panels
        page = self.page
        if not page.locale_id:
            page.locale = self.locale or page.get_default_locale()
        can_save = not getattr(self, "is_reverting", False)
        panel = WritingSidePanel(page, self.request, preview_url=self.get_preview_url(), can_save=can_save)
        return MediaContainer([*panels, panel])


class WritingCreateView(WithWriting, CreateView):
    """A new page."""


class WritingEditView(WithWriting, EditView):
    """A page."""


class WritingRevertView(WithWriting, RevisionsRevertView):
    """An old version of a page."""


def viewset_of(page_model: Any) -> TreeViewSet:
    """Wagtail's pages of the desk about a page of this kind, with the panel beside its form."""
    own = {
        "model": page_model,
        "add_view_class": WritingCreateView,
        "edit_view_class": WritingEditView,
        "revisions_revert_view_class": WritingRevertView,
        "filterset_class": TreeFilterSet,
    }
    made: TreeViewSet = type("WritingViewSet", (TreeViewSet,), own)(f"writing_{page_model._meta.model_name}s")
    return made


WRITTEN = (FrontPage, SectionPage, TopicPage, StaticPage)
"""Pages of this room that are written in; rooms above add their own, articles mix in `WithWriting`."""
