"""What a page says, from its record: sections, topics, static pages and articles, field by field.

Nothing here saves a page, or decides where it stands and who may see it.
"""

from typing import Any

from wagtail.models import Page

from stet.intake import records, streams
from stet.intake.names import Names
from stet.newsroom.models import (
    ArticleByline,
    ArticleCorrection,
    ArticlePage,
    ReadMorePick,
    SectionPage,
    StaticPage,
    TopicPage,
)

MAX_PICKS = 4


def fill_section(page: SectionPage, record: records.Section, names: Names) -> None:
    """A section's title and introduction."""
    page.title = names.fit(record.title, 255, "a title")
    page.intro = streams.rich_text(record.intro, names)
    page.show_in_menus = True


def fill_topic(page: TopicPage, record: records.Topic, names: Names) -> None:
    """A topic's summary, key facts and timeline."""
    page.title = names.fit(record.title, 255, "a title")
    page.summary = streams.rich_text(record.summary, names)
    page.photo_id = names.file(record.photo) if record.photo else None
    facts = streams.key_facts(record.key_facts, names, seed=record.source_id)
    page.key_facts = _stream_value(page, "key_facts", facts)
    timeline = streams.topic_timeline(record.timeline, names, seed=record.source_id)
    page.timeline = _stream_value(page, "timeline", timeline)


def fill_static_page(page: StaticPage, record: records.Page, names: Names) -> None:
    """A static page's title, role and text."""
    page.title = names.fit(record.title, 255, "a title")
    page.role = record.role or StaticPage.Role.OTHER
    page.version = names.fit(record.version, 30, "a version")
    page.version_date = record.version_date
    page.show_in_menus = record.is_in_menus
    page.body = _stream_value(page, "body", streams.stream(record.body, names, seed=record.source_id))


def fill_article(page: ArticlePage, record: records.Article, names: Names) -> None:
    """Everything an article says, and whom and what it refers to."""
    page.title = names.fit(record.headline, 255, "a headline")
    page.short_headline = names.fit(record.short_headline, 100, "a short headline")
    page.standfirst = names.fit(record.standfirst, 600, "a standfirst")
    page.kind = record.kind
    page.dateline = names.fit(record.dateline, 100, "a dateline")
    page.updated_at = record.updated
    page.source = names.fit(record.source, 200, "a source")
    page.source_url = record.source_url
    page.licence = names.fit(record.licence, 200, "a licence")
    page.body = _stream_value(page, "body", streams.stream(record.body, names, seed=record.source_id))
    _fill_lead_photo(page, record, names)
    _fill_relations(page, record, names)
    if record.original and (original := names.page(record.original)):
        page.original_id = original
        page.original_revision = Page.objects.values_list("live_revision_id", flat=True).get(pk=original)


def _fill_lead_photo(page: ArticlePage, record: records.Article, names: Names) -> None:
    page.lead_photo_id = names.file(record.photo) if record.photo else None
    if page.lead_photo_id and record.photo:
        words = streams.photo_words(record.photo, record.photo_caption, names)
        page.lead_alt, page.lead_caption = names.fit(words["alt"], 255, "an alternative text"), words["caption"]


def _fill_relations(page: ArticlePage, record: records.Article, names: Names) -> None:
    people = dict.fromkeys(names.people[person] for person in record.bylines if person in names.people)
    page.bylines = [ArticleByline(person_id=person, sort_order=place) for place, person in enumerate(people)]
    page.corrections = [
        ArticleCorrection(date=correction.date, text=streams.rich_text(correction.text, names), sort_order=place)
        for place, correction in enumerate(record.corrections)
    ]
    picks = [key for pick in record.picks[:MAX_PICKS] if (key := names.page(pick))]
    page.picks = [ReadMorePick(article_id=key, sort_order=place) for place, key in enumerate(picks)]
    page.tags.set([names.fit(tag, 100, "a tag") for tag in record.tags])
    topics = [key for topic in record.topics if (key := names.page(topic))]
    page.topics = list(TopicPage.objects.filter(pk__in=topics))


def _stream_value(page: Any, field: str, data: streams.StreamData) -> Any:
    return page._meta.get_field(field).stream_block.to_python(data)
