"""The sample newsroom's support pages, out of the files in `sample/`. Laid twice, nothing changes."""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction

from stet.appeals.models import SupportPage
from stet.newsroom.models import FrontPage

_STRONG = re.compile(r"\*\*([^*]+)\*\*")
_LEANING = re.compile(r"\*([^*]+)\*")
_RICH = ("letter", "pays_for", "other_ways")


def support_files() -> list[Path]:
    """The files of the sample, one for each language, such as `support.en.toml`."""
    return sorted((Path(str(files("stet.appeals"))) / "sample").glob("support.*.toml"))


def lay_support() -> int:
    """Lay the page of every language that the newsroom has; answer how many are new."""
    return sum(_lay(file) for file in support_files())


@transaction.atomic
def _lay(file: Path) -> int:
    language = file.name.split(".")[1]
    front = FrontPage.objects.filter(locale__language_code=language).first()
    if front is None or SupportPage.objects.child_of(front).exists():
        return 0
    values: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    blocks = {name: values.pop(name) for name in ("currencies", "methods", "warnings")}
    fields = {name: rich(value) if name in _RICH else value for name, value in values.items()}
    stored = {name: json.dumps(list(_blocks(name, rows, language))) for name, rows in blocks.items()}
    page = SupportPage(
        slug="support", locale=front.locale, search_description=fields.pop("description"), **fields, **stored
    )
    front.add_child(instance=page)
    page.save_revision().publish()
    return 1


_KINDS = {"currencies": "currency", "methods": "method", "warnings": "warning"}


def _blocks(name: str, rows: Iterable[dict[str, Any]], language: str) -> Iterator[dict[str, Any]]:
    for number, row in enumerate(rows):
        # The same number each time: a sample that is laid anew makes the same pages.
        number_of = uuid5(NAMESPACE_URL, f"support/{language}/{name}/{number}")
        yield {"type": _KINDS[name], "value": row, "id": str(number_of)}


def rich(text: str) -> str:
    r"""The files' few signs as stored rich text.

    >>> rich("*A* b\n\n- one\n- **two**")
    '<p><i>A</i> b</p><ul><li>one</li><li><b>two</b></li></ul>'
    """
    html = _LEANING.sub(r"<i>\1</i>", _STRONG.sub(r"<b>\1</b>", escape(text.strip(), quote=False)))
    return "".join(_paragraph(part) for part in re.split(r"\n\s*\n", html))


def _paragraph(part: str) -> str:
    if not part.startswith("- "):
        return f"<p>{' '.join(part.split())}</p>"
    lines = (" ".join(line.split()) for line in part[2:].split("\n- "))
    return f"<ul>{''.join(f'<li>{line}</li>' for line in lines)}</ul>"
