"""What the desk answers when a story is held back: where the editor is led, and what is said there.

An embargo holds it in `stet.newsroom.going_live`, a photo in `ArticlePage.publish`, behind every button that publishes
or approves. What a form had saved by then stands as a draft.
"""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin.modal_workflow import render_modal_workflow

from stet.newsroom.errors import StoryHeldError
from stet.newsroom.models import ArticlePage

Answer = Callable[[HttpRequest], HttpResponse]


class HeldStories:
    """A middleware near the views: says why a story was not published, instead of failing."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Lead to the story's form who may edit it; tell it to anybody else."""
        if not isinstance(error, StoryHeldError):
            return None
        article = ArticlePage.objects.filter(pk=error.page).first()
        if article is not None and article.live and article.first_published_at is None:
            # Wagtail makes a new page live before it publishes it.
            ArticlePage.objects.filter(pk=article.pk).update(live=False, has_unpublished_changes=True)
        may_edit = article is not None and article.permissions_for_user(request.user).can_edit()
        place = reverse("wagtailadmin_pages:edit", args=[error.page]) if may_edit else reverse("wagtailadmin_home")
        messages.error(request, str(error))
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            step = {"step": "success", "redirect": place}  # Wagtail's word for: close the dialogue and go there
            answer: HttpResponse = render_modal_workflow(request, "", None, {}, json_data=step)
            return answer
        return redirect(place)
