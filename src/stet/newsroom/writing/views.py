"""What the panel "Writing" asks the desk. Words are looked at and forgotten: nothing here is stored or logged."""

from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse, JsonResponse, RawPostDataException
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from stet.kit.typography import Edit, edits

LONGEST_FORM = 1_000_000
"""Characters of a form that are looked at, all paragraphs together."""


class Paragraph(msgspec.Struct, forbid_unknown_fields=True):
    """A paragraph, and the ranges of it that stay: code. Places are counted as JavaScript does, in UTF-16."""

    text: str
    frozen: list[tuple[int, int]] = []


class Asked(msgspec.Struct, forbid_unknown_fields=True):
    """The words of a form."""

    language: str
    paragraphs: list[Paragraph]


@require_POST
def mending(request: HttpRequest) -> HttpResponse:
    """What there is to mend in each paragraph: [start, end, words instead]."""
    try:
        asked = msgspec.json.decode(request.body, type=Asked)
    except (msgspec.MsgspecError, RawPostDataException):  # a form with files is read before a view can
        return JsonResponse({"error": _("The desk could not read this. Load the page again.")}, status=400)
    if sum(len(paragraph.text) for paragraph in asked.paragraphs) > LONGEST_FORM:
        return JsonResponse({"error": _("This is too long to look at in one go.")}, status=400)
    return JsonResponse({"edits": [_of(paragraph, asked.language) for paragraph in asked.paragraphs]})


def _of(paragraph: Paragraph, language: str) -> list[list[Any]]:
    here = _Halves(paragraph.text)
    frozen = [(here.character(start), here.character(end)) for start, end in paragraph.frozen]
    return [here.told(edit) for edit in edits(paragraph.text, language, frozen=frozen)]


class _Halves:
    """Places in a text: Python counts characters, JavaScript counts two for those above U+FFFF."""

    def __init__(self, text: str) -> None:
        self._half_of = [0]
        for sign in text:
            self._half_of.append(self._half_of[-1] + (2 if ord(sign) > 0xFFFF else 1))
        self._character_of = {half: place for place, half in enumerate(self._half_of)}

    def character(self, half: int) -> int:
        return self._character_of.get(half, self._character_of.get(half - 1, len(self._half_of) - 1))

    def told(self, edit: Edit) -> list[Any]:
        return [self._half_of[edit.start], self._half_of[edit.end], edit.text]
