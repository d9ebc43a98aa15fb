"""The sample newsroom's lists and letters, out of the files in `sample/`.

Laid twice, nothing changes: what stands is left as it is. The letters of the sample are printed and not sent: their
days have passed, and nobody joined their lists yet.
"""

import json
import re
import tomllib
from collections.abc import Iterator
from datetime import time
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction

from stet.letters.models import LetterPage, ListPage
from stet.newsroom.models import ArticlePage, FrontPage

_LINK = re.compile(r"\[([^\]]+)\]\(article:([^)]+)\)")
_STRONG = re.compile(r"\*\*([^*]+)\*\*")
_LEANING = re.compile(r"\*([^*]+)\*")


def sample_files() -> list[Path]:
    """The files of the sample, one for each list, such as `en.the-week.toml`."""
    return sorted((Path(str(files("stet.letters"))) / "sample").glob("*.toml"))


def lay_sample() -> int:
    """Lay every list whose language the newsroom has; answer how many letters are new."""
    return sum(_lay(file) for file in sample_files())


@transaction.atomic
def _lay(file: Path) -> int:
    language = file.name.split(".", 1)[0]
    front = FrontPage.objects.filter(locale__language_code=language).first()
    if front is None:
        return 0
    values = tomllib.loads(file.read_text(encoding="utf-8"))
    articles = dict(ArticlePage.objects.filter(locale=front.locale).values_list("slug", "pk"))
    page = ListPage.objects.child_of(front).filter(slug=values["list"]["slug"]).first() or _lay_list(
        front, values["list"]
    )
    if LetterPage.objects.child_of(page).exists():
        return 0
    ArticlePage.objects.filter(locale=front.locale, slug__in=values["picks"]).update(is_pick=True)
    _lay_letter(page, values["letter"], articles)
    return 1


def _lay_list(front: FrontPage, values: dict[str, Any]) -> ListPage:
    fields = {**values, "hour": time.fromisoformat(values["hour"]), "about": rich(values["about"], {})}
    page: ListPage = front.add_child(instance=ListPage(locale=front.locale, **fields))
    page.save_revision().publish()
    return page


def _lay_letter(page: ListPage, values: dict[str, Any], articles: dict[str, int]) -> None:
    letter = LetterPage(
        title=values["subject"],
        slug=values["slug"],
        preheader=values["preheader"],
        due_date=values["due_date"],
        is_sent=False,
        intro=rich(values["intro"], articles),
        body=json.dumps(list(_blocks(values["blocks"], articles, page=page))),
        sign_off=rich(values["sign_off"], articles),
        locale=page.locale,
    )
    page.add_child(instance=letter)
    letter.save_revision().publish()


def _blocks(blocks: list[dict[str, Any]], articles: dict[str, int], *, page: ListPage) -> Iterator[dict[str, Any]]:
    for number, block in enumerate(blocks):
        value: Any
        match block["kind"]:
            case "story" if block["article"] in articles:
                value = {
                    "article": articles[block["article"]],
                    "headline": block.get("headline", ""),
                    "teaser": block.get("teaser", ""),
                    "photo": None,
                    "with_photo": block.get("with_photo", True),
                }
            case "divider":
                value = block["text"]
            case "text":
                value = rich(block["text"], articles)
            case "appeal":
                value = {name: block[name] for name in ("link_label", "link_url")}
                value["text"] = rich(block["text"], articles)
            case _:
                continue
        # The same number each time: a sample that is laid anew makes the same pages.
        yield {"type": block["kind"], "value": value, "id": str(uuid5(NAMESPACE_URL, f"{page.key}/{number}"))}


def rich(text: str, articles: dict[str, int]) -> str:
    """The files' few signs as stored rich text; a link to an article that is not there becomes words.

    >>> rich("*A* [word](article:x).", {"x": 7})
    '<p><i>A</i> <a linktype="page" id="7">word</a>.</p>'
    """

    def link(found: re.Match[str]) -> str:
        words, slug = found[1], found[2]
        return f'<a linktype="page" id="{articles[slug]}">{words}</a>' if slug in articles else words

    html = _LEANING.sub(r"<i>\1</i>", _STRONG.sub(r"<b>\1</b>", _LINK.sub(link, escape(text.strip(), quote=False))))
    return "".join(f"<p>{' '.join(paragraph.split())}</p>" for paragraph in re.split(r"\n\s*\n", html))
