"""What the desk answers when a story is not approved for its sourcing: where the editor is led, and what is said there.

A story is held in `SourcingTask.on_action`, behind every button of a workflow: at the dashboard, in the dialogue and in
the story's form. What a form had saved by then stands as a draft.
"""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.modal_workflow import render_modal_workflow
from wagtail.models import Page

from stet.sourcing.errors import ReasonMissingError, SourcingHeldError

Answer = Callable[[HttpRequest], HttpResponse]


class HeldSourcing:
    """A middleware near the views: says why a story was not approved, instead of failing."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Lead to what is open who may mend it; tell it to anybody else."""
        if not isinstance(error, SourcingHeldError | ReasonMissingError):
            return None
        page = Page.objects.filter(pk=error.page).first()
        may_mend = page is not None and page.permissions_for_user(request.user).can_edit()
        place = reverse("sourcing_story_gaps", args=[error.page]) if may_mend else reverse("wagtailadmin_home")
        messages.error(request, self._said(error, above_findings=may_mend))
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            step = {"step": "success", "redirect": place}  # Wagtail's word for: close the dialogue and go there
            answer: HttpResponse = render_modal_workflow(request, "", None, {}, json_data=step)
            return answer
        return redirect(place)

    @staticmethod
    def _said(error: SourcingHeldError | ReasonMissingError, *, above_findings: bool) -> str:
        if above_findings and isinstance(error, SourcingHeldError):
            sentence = _("“%(headline)s” was not approved. See below what is open in its sourcing.")
            return sentence % {"headline": error.headline}
        return str(error)
