"""What the desk answers when a page is held back: where the editor is led, and what is said there.

What holds it stands behind every button that publishes or approves, at the dashboard, in a dialogue, in the form or
among others: an embargo in `stet.newsroom.going_live`, a photo in `ArticlePage.publish`, a checklist in
`stet.newsroom.workflow`, sourcing in its own step, a letter's findings in `LetterPage.publish`. What a form had saved
by then stands as a draft.
"""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin.modal_workflow import render_modal_workflow
from wagtail.models import Page

from stet.newsroom.errors import HeldError

Answer = Callable[[HttpRequest], HttpResponse]


class HeldPages:
    """The middleware nearest to the views: says why a page was held, instead of failing."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Lead to where it is mended who may edit the page; tell it to anybody else."""
        if not isinstance(error, HeldError):
            return None
        # Wagtail makes a new page live before it publishes it.
        new = Page.objects.filter(pk=error.page, live=True, first_published_at=None)
        new.update(live=False, has_unpublished_changes=True)
        page = Page.objects.filter(pk=error.page).first()
        if page is not None and page.permissions_for_user(request.user).can_edit():
            is_among_others = (
                request.resolver_match is not None and request.resolver_match.url_name == "wagtail_bulk_action"
            )
            place = reverse(error.place, args=[error.page])
            messages.error(request, error.said_there(is_among_others=is_among_others))
        else:
            place = reverse("wagtailadmin_home")
            messages.error(request, str(error))
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            step = {"step": "success", "redirect": place}  # Wagtail's word for: close the dialogue and go there
            answer: HttpResponse = render_modal_workflow(request, "", None, {}, json_data=step)
            return answer
        return redirect(place)
