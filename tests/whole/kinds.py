"""One page of every kind, in every language of the sample newsroom."""

from collections.abc import Iterator
from functools import cache

from tests.whole.conftest import SampleNewsroom

LANGUAGES = ("", "ru/", "fa/")
PATTERNS = {
    "front": "index.html",
    "section": "{section}/index.html",
    "article": "20??/??/??/*/index.html",
    "topic": "topics/*/index.html",
    "archive of a topic": "topics/*/archive/*/index.html",
    "person": "people/*/index.html",
    "tag": "tags/*/index.html",
    "month": "20??/??/index.html",
    "archive": "archive/index.html",
    "corrections": "corrections/index.html",
    "about": "about/index.html",
    "privacy": "privacy/index.html",
    "how to reach us": "reach-us/index.html",
    "not found": "404.html",
    "all lists": "letters/index.html",
    "list": "letters/[!a]*/index.html",
    "letter": "letters/*/20??-??-??/index.html",
    "support": "support/index.html",
    "all questions": "questions/index.html",
    "question": "questions/[!i]*/index.html",
    "source": "sources/*/index.html",
}
"""Kind of page: where its pages stand below their language."""
SECTIONS = {"": "politics", "ru/": "politika", "fa/": "siasat"}
IN_ENGLISH_ONLY = {"archive of a topic"}
MARKS = {
    "a gallery": 'class="gallery', "a table": "<table", "a timeline": 'class="timeline', "a box": 'class="box"',
    "a card": "box card", "a file": "box file", "a quotation": 'class="quotation', "a pull quote": 'class="pull',
    "a note": 'class="note', "parts": 'rel="next"', "sound": "<audio", "a correction": 'id="correction',
}  # fmt: skip
"""Parts that not every article has: what an article with one has in its HTML."""


@cache
def different_pages(sample: SampleNewsroom) -> tuple[str, ...]:
    """The paths of one_of_each, each once: a page may be several kinds at a time."""
    return tuple(dict.fromkeys(path for _kind, path in one_of_each(sample)))


def one_of_each(sample: SampleNewsroom) -> Iterator[tuple[str, str]]:
    """(kind and language, path of a page) of each kind; articles with each part that articles may have."""
    for language in LANGUAGES:
        for kind, pattern in PATTERNS.items():
            found = sorted(sample.site.glob(language + pattern.format(section=SECTIONS[language])))
            assert found or (kind in IN_ENGLISH_ONLY and language), (
                f"There is no page of the kind {kind!r} in {language!r}."
            )
            for file in found[:1]:
                yield f"{kind} {language}", "/" + str(file.relative_to(sample.site))
        yield from _articles_with(sample, language)


def _articles_with(sample: SampleNewsroom, language: str) -> Iterator[tuple[str, str]]:
    texts = {file: file.read_text() for file in sorted(sample.site.glob(language + PATTERNS["article"]))}
    for part, mark in MARKS.items():
        for file in [file for file, text in texts.items() if mark in text][:1]:
            yield f"article with {part} {language}", "/" + str(file.relative_to(sample.site))
