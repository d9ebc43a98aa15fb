"""Runs the assistant over labelled articles and measures what it finds and how long that takes."""

import os
import time
from pathlib import Path
from statistics import median

from tools.sourcing.labelled import Row, articles, labels_of, plain, rows
from tools.sourcing.scoring import scores

from stet.sourcing.assistant import Link, Span, Suggestion, suggest

PARTS = Path(__file__).parents[2] / "tests" / "sourcing" / "labelled"
ARTICLE_WORDS = 900  # about the mean of PolNeAR's articles (887)
RUNS = 20
SAMPLE = Path(__file__).parents[2] / "src" / "stet" / "newsroom" / "sample"

Pair = tuple[tuple[str, ...], list[str]]


def measure(path: Path, *, language: str, attitudes: bool) -> dict[str, object]:
    """What is found in one file, and in what time."""
    listed = rows(path)
    pairs = labelled_and_found(listed, language=language, attitudes=attitudes)
    return {
        "file": path.name, "language": language, "attitudes": attitudes, "rows": len(listed),
        "articles": len(articles(listed)), "words": sum(len(row.tokens) for row in listed),
        **scores(pairs), "time": timed(listed, language=language, attitudes=attitudes),
    }  # fmt: skip


def shipped(*, attitudes: bool) -> list[dict[str, object]]:
    """The set in the repository: what rules were tuned on ("open") apart from what they were not ("held")."""
    return [measure(path, language=path.name[:2], attitudes=attitudes) for path in sorted(PARTS.glob("??-*.txt"))]


def of_the_sample(*, attitudes: bool) -> list[dict[str, object]]:
    """How long ordinary articles take: those of the sample paper, cut to 900 words."""
    told: list[dict[str, object]] = []
    for language in ("en", "ru"):
        texts = (
            file.read_text("utf-8").split("---", 2)[-1]
            for file in sorted((SAMPLE / "articles" / language).rglob("*.md"))
        )
        words = " ".join(texts).split()
        cut = [" ".join(words[at : at + ARTICLE_WORDS]) for at in range(0, len(words) - ARTICLE_WORDS, ARTICLE_WORDS)]
        for article in cut[:1]:
            suggest(article, language=language)  # its tables are made when it first reads
        spent = []
        for article in cut:
            begun = time.process_time()
            suggest(article, language=language, attitudes=attitudes)
            spent.append((time.process_time() - begun) * 1000)
        figures = {"median": round(median(spent), 2), "most": round(max(spent), 2)}
        told.append({"language": language, "articles": len(cut), "ms_per_900_words": figures})
    return told


def labelled_and_found(listed: list[Row], *, language: str, attitudes: bool) -> list[Pair]:
    """The labels of each row, and those of what the assistant finds when it reads the whole article."""
    pairs: list[Pair] = []
    for article in articles(listed):
        text, places = "", []
        for row in article:
            line, spans = plain(row)
            places.append((len(text), spans))
            text += line + "\n\n"
        found = suggest(text, language=language, attitudes=attitudes)
        for row, (start, spans) in zip(article, places, strict=True):
            end = start + spans[-1].end
            here = [moved(one, by=start) for one in found if start <= one.content.start < end]
            pairs.append((row.labels, labels_of(here, spans, row.tokens)))
    return pairs


def moved(suggestion: Suggestion, *, by: int) -> Suggestion:
    """The same suggestion with offsets into its row."""
    links = tuple(
        Link(source=back(link.source, by) if link.source else None, cue=back(link.cue, by), verb=link.verb)
        for link in suggestion.links
    )
    return Suggestion(
        content=back(suggestion.content, by), links=links, speech_act=suggestion.speech_act,
        modality=suggestion.modality, cue=links[0].cue, source=links[0].source,
    )  # fmt: skip


def back(span: Span, by: int) -> Span:
    return Span(span.start - by, span.end - by)


def timed(listed: list[Row], *, language: str, attitudes: bool) -> dict[str, float]:
    """Milliseconds of CPU for an article of 900 words, as one text: the best and the median of some runs."""
    text = "\n\n".join(plain(row)[0] for row in listed)
    words = len(text.split())
    taken = []
    for _ in range(RUNS):
        begun = time.process_time()
        suggest(text, language=language, attitudes=attitudes)
        taken.append((time.process_time() - begun) * 1000 * ARTICLE_WORDS / words)
    return {
        "best_ms_per_900_words": round(min(taken), 2), "median_ms_per_900_words": round(median(taken), 2),
        "load": round(os.getloadavg()[0], 1),
    }  # fmt: skip
