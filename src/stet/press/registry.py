"""Which function sets which kind of job."""

from collections.abc import Callable

from stet.press import articles, letters, listings, machines, questions, search, support
from stet.press.job import JobResult, Reading

SETTERS: dict[str, Callable[[Reading, str], JobResult]] = {
    "photo": machines.photo_files,
    "document": machines.document_file,
    "article": articles.article,
    "static": listings.static,
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
}


def run(name: str, reading: Reading) -> JobResult:
    """Set the sheets of the job `name`."""
    kind, _, rest = name.partition(":")
    return SETTERS[kind](reading, rest)
