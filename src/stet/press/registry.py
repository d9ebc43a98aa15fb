"""Which function sets which kind of job."""

from collections.abc import Callable
from dataclasses import replace

from stet.press import articles, letters, listings, machines, questions, reach, search, staying, support
from stet.press.job import JobResult, Reading

SETTERS: dict[str, Callable[[Reading, str], JobResult]] = {
    "photo": machines.photo_files,
    "document": machines.document_file,
    "article": articles.article,
    "static": listings.static,
    "reach": reach.reach_page,
    "mirrors-json": reach.mirrors_json,
    "withdrawal": articles.withdrawal,
    "archive": listings.archive,
    "tag": listings.tag,
    "person": listings.person,
    "topic": listings.topic,
    "section": listings.section,
    "month": listings.month,
    "years": listings.years,
    "corrections": listings.corrections,
    "front": listings.front,
    "not-found": listings.not_found,
    "feeds": machines.feed_sheets,
    "sitemap": machines.sitemap_month,
    "sitemap-pages": machines.sitemap_pages,
    "sitemap-news": machines.sitemap_news,
    "robots": machines.robots,
    "redirect": articles.redirect,
    "question": questions.question,
    "questions": questions.questions,
    "source": questions.source,
    "evidence-file": questions.evidence_file,
    "claims-context": questions.claims_context,
    "pack": reach.pack_files,
    "sitemap-claims": questions.sitemap_claims,
    "letter": letters.letter,
    "list": letters.list_page,
    "letters": letters.letters_index,
    "answer": letters.answer_shell,
    "search": search.segment,
    "segments": search.segments,
    "search-page": search.page,
    "lists": letters.lists_json,
    "support": support.support_page,
    "support-json": support.support_json,
    "verify": machines.verify_page,
    "app": staying.app,
    "offline": staying.offline_page,
    "worker": staying.worker,
}


def run(name: str, reading: Reading) -> JobResult:
    """Set the sheets of the job `name`."""
    kind, _, rest = name.partition(":")
    result = SETTERS[kind](reading, rest)
    reading.is_due(result.due)
    return replace(result, due=reading.due) if reading.due != result.due else result
