"""What the desk does with what none of its forms sends: every address, every field, every way of being damaged."""

import gc
import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import cycle, islice
from typing import Any
from urllib.parse import parse_qsl

import lxml.html
import pytest
from django.db import connection, transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from wagtail.test.utils.form_data import inline_formset, rich_text, streamfield

from stet.newsroom.models import ArticlePage, Photo
from tests.newsroom.test_desk import form
from tests.press.builders import SmallPaper, a_photo, an_article

# Wagtail leaves the file open that it writes a photo's sizes to.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")

HUGE = "99999999999999999999"
"""More than any database counts to."""
NAMES = {
    "<slug:content_type_app_name>/<slug:content_type_model_name>": "newsroom/articlepage",
    "<slug:app_label>/<slug:model_name>": "newsroom/articlepage",
    "<slug:app_name>/<slug:model_name>": "newsroom/person",
    "<str:app_label>/<str:model_name>/<str:action>": "wagtailcore/page/publish",
    "<str:app_label>/<str:model_name>": "newsroom/articlepage",
    r"(\d+)/(.*)": "<int:id>/a.pdf",
    r"(?P<pk>\d+)": "<int:id>",
    r"(?P<revision_id_a>live|earliest|\d+)": "<int:id>",
    r"(?P<revision_id_b>live|latest|\d+)": "<int:id>",
    r"\.\.\.": "...",
    "^": "",
    "$": "",
}
"""What makes an address out of a pattern."""
QUERIES = [
    "p=x&page=-1&q=%00&ordering=--x&locale=zz&collection_id=x&parent_page_id=x&id=x&tag=%00&page_type=nope&mode=x&user=x"
    "&content_type=x&next=//example.org&multiple=x&target_pages=x&created_at_from=99999-01-01&limit=x&offset=x&order=x"
    "&latest_revision_created_at_from=0000-00-00&child_of=x&fields=x&type=x&translation_of=x&site=x&link_text=%00&url=%00"
    "&filter=x&usage_count=x&term=%00&width=x&closest=x",
    f"id={HUGE}&p={HUGE}&collection_id={HUGE}&parent_page_id={HUGE}&user={HUGE}&content_type={HUGE}&limit=-1&offset=-1"
    f"&site={HUGE}&target_pages={HUGE}&child_of={HUGE}&translation_of={HUGE}&tag={HUGE}&edited_by={HUGE}&q=x&kind={HUGE}"
    "&created_at_from=0000-01-01&page_type=newsroom.articlepage",
]
"""What is asked beside an address."""
FORMS = ["", QUERIES[0]]
"""What is sent to an address."""


def patterns(resolvers: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    """Every pattern of an address that the desk answers to."""
    for one in resolvers:
        if isinstance(one, URLResolver):
            yield from patterns(one.url_patterns, before + str(one.pattern))
        elif one.name not in ("wagtailadmin_logout", "wagtailadmin_error_test"):
            yield before + str(one.pattern)


def addresses(*numbers: int) -> Iterator[str]:
    """Every address of the desk, with numbers and words in it that lead to nothing, and with these."""
    for pattern in patterns(get_resolver().url_patterns):
        for words, plain in NAMES.items():
            pattern = pattern.replace(words, plain)
        values = ["1", HUGE, "x%00", *map(str, numbers)] if "<" in pattern else [""]
        yield from (f"/{re.sub('<[^>]*>', value, pattern)}" for value in values)


@pytest.fixture(autouse=True)
def _swept() -> Iterator[None]:
    """Let go of those files before the warning counts again."""
    yield
    gc.collect()


PASSED_OVER = re.compile("sqlite_|.*fts|newsroom_desksession")
"""Tables that are not compared."""


class _UndoneError(Exception):
    """Ends a transaction whose changes are not to last."""


def answered(act: Callable[[], HttpResponseBase], *, before: dict[str, list[Any]]) -> tuple[int, bool]:
    """The status that the desk answers with, and whether it refused but stored. Whatever it stored is undone."""
    try:
        with transaction.atomic():
            count = connection.connection.total_changes
            status = act().status_code
            is_written = connection.connection.total_changes != count
            is_stored = status >= 400 and is_written and stored() != before
            raise _UndoneError
    except _UndoneError:
        return status, is_stored


def stored() -> dict[str, list[Any]]:
    """Every row of the newsroom, but for the hour in which each session was last used: that is noted whatever comes."""
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if not PASSED_OVER.match(name)]
        return {name: cursor.execute(f'SELECT * FROM "{name}"').fetchall() for name in tables}


def broken(desk: Client, acts: Iterable[tuple[str, Callable[[], HttpResponseBase]]]) -> list[str]:
    """What the desk failed on, and what it refused but stored."""
    desk.raise_request_exception = False
    found, before = [], stored()
    for what, act in acts:
        status, is_stored = answered(act, before=before)
        if status == 500 or is_stored:
            found.append(f"{status}{' and something was stored' if is_stored else ''}: {what[:150]}")
    return found


# --- Addresses ---


def test_no_address_of_the_desk_fails_over_bad_values(keys: None, desk: Client, paper: SmallPaper) -> None:
    article = an_article(paper.sections["en"][0], "flood")
    article.save_revision()
    acts = (
        act
        for address in addresses(article.pk)
        for act in (
            *((f"GET {address}?{query}", partial(desk.get, f"{address}?{query}")) for query in QUERIES),
            *((f"POST {query} to {address}", partial(desk.post, address, dict(parse_qsl(query)))) for query in FORMS),
        )
    )
    assert broken(desk, acts) == []


# --- Fields ---

BAD_VALUES = {
    "nothing": "",
    "a word": "x",
    "a number below zero": "-1",
    "a number that no database counts to": HUGE,
    "control characters": "".join(map(chr, range(1, 32))) + "\x7f\x85\u2028\u202e\ufeff",
    "NUL": "a\x00b",
    "the year zero": "0000-00-00 00:00",
    "the year 99999": "99999-12-31T23:59",
    "an object": '{"a": {"b": [null]}}',
    "a list of lists": "[" * 20_000 + "]" * 20_000,
    "null": "null",
    "a way out of the folder": "../../keys/desk-secret",
    "markup": "<script>alert(1)</script>",
    "300,000 characters": "x" * 300_000,
}


def listed(*values: Any) -> dict[str, Any]:
    """What the desk's form sends for blocks in a list."""
    blocks = {str(n): {"value": value, "order": str(n), "deleted": "", "id": ""} for n, value in enumerate(values)}
    return {"count": str(len(values)), **blocks}


def full_form(article: ArticlePage, photo: Photo, person: int) -> dict[str, str]:
    """A form that fills in everything that an article has."""
    table = '{"data": [["a", "b"], ["1", "2"]], "first_row_is_table_header": true, "table_header_choice": "row"}'
    words, image = rich_text("<p>The river rose.</p>"), str(photo.pk)
    body = [
        ("text", words),
        ("subhead", {"text": "Then", "level": "2"}),
        ("photo", {"photo": image, "alt": "", "caption": words, "size": "wide"}),
        ("gallery", {"title": "", "photos": listed({"photo": image, "alt": "", "caption": words})}),
        ("pull_quote", {"text": "It rose.", "attribution": ""}),
        ("quotation", {"text": words, "attribution": "", "source_url": "https://example.org/"}),
        ("table", {"table": table, "caption": "", "source": ""}),
        ("fact_box", {"title": "Facts", "text": words}),
        ("timeline", {"title": "", "entries": listed(
            {"when": "May", "date": "2026-05-01", "title": "Flood", "text": words, "article": str(article.pk)}
        )}),
        ("embed", {"url": "https://example.org/", "site": "x", "title": "x", "author": "", "text": "", "photo": image}),
        ("note", words),
    ]  # fmt: skip
    return form(
        article,
        lead_photo=image,
        body=streamfield(body),
        tags="dam, river",
        topics=HUGE,
        updated_at="2026-03-01 12:00",
        source_url="https://example.org/",
        go_live_at="2030-01-01 00:00",
        bylines=inline_formset([{"person": str(person), "role": ""}]),
        picks=inline_formset([{"article": str(article.pk)}]),
        corrections=inline_formset([{"date": "2026-03-02 12:00", "text": words}]),
        loaded_revision_id="1",
        loaded_revision_created_at="",
        overwrite_revision_id="",
        next="/",
    )


SENDINGS: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "saved by hand": ({}, {"accept": "text/html"}),
    "saved by the desk's script": ({}, {"accept": "application/json"}),
    "published": ({"action-publish": "1"}, {"accept": "application/json"}),
}
"""What a form is sent with: further fields, and headers."""


@pytest.mark.parametrize("what", BAD_VALUES)
def test_no_field_of_an_article_is_failed_on(keys: None, desk: Client, paper: SmallPaper, what: str) -> None:
    article = an_article(paper.sections["en"][0], "flood")
    page, filled = f"/pages/{article.pk}/edit/", full_form(article, a_photo(), paper.people["en"].pk)
    sendings = cycle([SENDINGS["saved by the desk's script"], SENDINGS["published"]])
    turn = list(BAD_VALUES).index(what) % 5
    fields = list(filled)[turn::5]  # Each field has its turn with every fifth value.
    acts = (
        (f"{field} is {what}", partial(desk.post, page, {**filled, field: BAD_VALUES[what], **more}, headers=headers))
        for field, (more, headers) in zip(fields, sendings, strict=False)
    )
    assert broken(desk, acts) == []


def test_a_field_that_is_missing_is_not_failed_on(keys: None, desk: Client, paper: SmallPaper) -> None:
    article = an_article(paper.sections["en"][0], "flood")
    page, filled = f"/pages/{article.pk}/edit/", full_form(article, a_photo(), paper.people["en"].pk)
    sendings = cycle(SENDINGS.values())
    acts = (
        (f"without {field}", partial(desk.post, page, without(filled, field) | more, headers=headers))
        for field, (more, headers) in zip(filled, sendings, strict=False)
    )
    assert broken(desk, acts) == []


def without(filled: dict[str, str], field: str) -> dict[str, str]:
    """The form, cut off before this field was sent."""
    return {name: value for name, value in filled.items() if name != field}


def forms(paper: SmallPaper, photo: Photo) -> dict[str, str]:
    """Where every other form of the desk that writes something stands."""
    english = paper.fronts["en"].locale_id
    return {
        "front": f"/pages/{paper.fronts['en'].pk}/edit/",
        "section": f"/pages/{paper.sections['en'][0].pk}/edit/",
        "topic": f"/pages/{paper.topics['en'].pk}/edit/",
        "page": f"/pages/{paper.about.pk}/edit/",
        "copy": f"/pages/{paper.about.pk}/copy/",
        "person": f"/snippets/newsroom/person/edit/{paper.people['en'].pk}/",
        "new person": "/snippets/newsroom/person/add/",
        "notice": f"/snippets/newsroom/withdrawal/add/?locale={english}",
        "photo": f"/images/{photo.pk}/",
        "redirect": "/redirects/add/",
        "user": "/users/new/",
        "group": "/groups/new/",
        "collection": "/collections/add/",
        "site": "/sites/new/",
        "account": "/account/",
    }


def test_no_other_form_of_the_desk_is_failed_on(keys: None, desk: Client, paper: SmallPaper) -> None:
    values = cycle(BAD_VALUES.items())
    acts = []
    for where in forms(paper, a_photo()).values():
        filled = inputs(desk.get(where).content) | {f"{stream}-count": "0" for stream in STREAMS}
        for field in filled:
            for what, value in islice(values, 2):
                acts.append((f"{where}: {field} is {what}", partial(desk.post, where, filled | {field: value})))
    assert len(acts) > 250
    assert broken(desk, acts) == []


STREAMS = ("body", "key_facts", "timeline")
"""Fields whose inputs a script writes."""


def inputs(html: bytes) -> dict[str, str]:
    """What a browser would send of a form that nobody touched, as far as no script writes it."""
    tree = lxml.html.fromstring(html)
    forms = max(tree.forms, key=lambda one: len(one.fields))
    return {name: value or "" for name, value in forms.form_values() if name != "csrfmiddlewaretoken"}
