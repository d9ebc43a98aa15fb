"""What the desk answers when a story does not pass a checklist: where the editor is led, and what is said there."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin.modal_workflow import render_modal_workflow
from wagtail.models import Page

from stet.newsroom.errors import ChecksOpenError

Answer = Callable[[HttpRequest], HttpResponse]


class HeldChecks:
    """A middleware near the views: says why a story was not approved, instead of failing."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Lead to the story's form who may mend it. What the form had saved by then stands as a draft."""
        if not isinstance(error, ChecksOpenError):
            return None
        page = Page.objects.filter(pk=error.page).first()
        may_mend = page is not None and page.permissions_for_user(request.user).can_edit()
        place = reverse("wagtailadmin_pages:edit", args=[error.page]) if may_mend else reverse("wagtailadmin_home")
        messages.error(request, str(error))
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            step = {"step": "success", "redirect": place}  # Wagtail's word for: close the dialogue and go there
            answer: HttpResponse = render_modal_workflow(request, "", None, {}, json_data=step)
            return answer
        return redirect(place)
