"""What the desk answers when a letter is held back: where the editor is led, and what is said there.

A letter is held in `LetterPage.publish`, behind every button that publishes: approval at the dashboard or in the
letter's form, publishing among others or below a page, the form itself. What a form had saved by then stands as a
draft.
"""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.modal_workflow import render_modal_workflow

from stet.letters.errors import LetterHeldError
from stet.letters.models import LetterPage

Answer = Callable[[HttpRequest], HttpResponse]


class HeldLetters:
    """The middleware nearest to the views: says why a letter was held, instead of failing."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Lead to the letter's findings who may mend them; tell them to anybody else."""
        if not isinstance(error, LetterHeldError):
            return None
        letter = LetterPage.objects.filter(pk=error.letter).first()
        if letter is not None and letter.live and letter.first_published_at is None:
            # Wagtail makes a new page live before it publishes it.
            letter.live, letter.has_unpublished_changes = False, True
            letter.save(update_fields=["live", "has_unpublished_changes"], clean=False)
        if letter is not None and letter.permissions_for_user(request.user).can_edit():
            place = reverse("letters_check", args=[letter.pk])
            messages.error(request, said_above_findings(request, error))
        else:
            place = reverse("wagtailadmin_home")
            messages.error(request, str(error))
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            step = {"step": "success", "redirect": place}  # Wagtail's word for: close the dialogue and go there
            answer: HttpResponse = render_modal_workflow(request, "", None, {}, json_data=step)
            return answer
        return redirect(place)


def said_above_findings(request: HttpRequest, error: LetterHeldError) -> str:
    """One sentence; the page below it has the findings, each with where it is mended."""
    is_among_others = request.resolver_match is not None and request.resolver_match.url_name == "wagtail_bulk_action"
    sentence = (
        _("“%(subject)s” was not published, and nothing else either. See below what is to be mended first.")
        if is_among_others
        else _("“%(subject)s” was not published. See below what is to be mended first.")
    )
    return sentence % {"subject": error.subject}
