"""Letters at a glance, on the desk's home: of each list the next letter, or that none was begun."""

from typing import Any

from django.http import HttpRequest
from wagtail.admin.ui.components import Component

from stet.kit.clock import SystemClock
from stet.letters.views import shelves_of


class LettersPanel(Component):
    """The lists that somebody works on."""

    name = "letters"
    order = 155
    template_name = "letters/home.html"

    def __init__(self, shelves: list[Any]) -> None:
        self._shelves = shelves

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:  # noqa: ARG002 - Wagtail's signature
        """Each list."""
        return {"shelves": self._shelves}


def add_panel(request: HttpRequest, panels: list[Any]) -> None:
    """For those who work on a list."""
    shelves = shelves_of(request.user, now=SystemClock().now())
    if shelves:
        panels.append(LettersPanel(shelves))
