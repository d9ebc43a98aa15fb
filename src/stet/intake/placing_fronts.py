"""A front for each language of an archive, and the stories that the archive places on it.

The rules:
 * A front that is there already is kept, with its own name.
 * Where the desk has placed stories, they stay.
"""

from wagtail.models import Locale, Page, Site

from stet.intake import records, streams
from stet.intake.names import Names
from stet.intake.placing_revisions import publish
from stet.intake.placing_run import Run
from stet.newsroom.models import FrontPage, FrontPlacement, FrontTopic

MAX_PLACED_ON_FRONT = 5


def open_fronts(run: Run) -> None:
    """Have a front in each language of the archive."""
    archive = run.archive
    used = {record.language for group in (archive.articles, archive.pages, archive.sections) for record in group}
    languages = [front.language for front in archive.fronts]
    for language in (*languages, *sorted(used - set(languages))):
        run.locales[language] = Locale.objects.get_or_create(language_code=language)[0]
        run.fronts[language] = _front_page(run, language)
    own = run.fronts.get(run.main_language) or next(iter(run.fronts.values()), None)
    if own is not None:
        _open_site(own)


def _front_page(run: Run, language: str) -> FrontPage:
    locale = run.locales[language]
    fronts = FrontPage.objects.order_by("path")
    found: FrontPage | None = fronts.filter(locale=locale).first()
    if found is not None:
        return found
    sibling = fronts.first()
    name = run.archive.name or (sibling.title if sibling else "Stet")
    front = FrontPage(title=name, slug=f"front-{language}", locale=locale)
    if sibling is not None:
        front.translation_key = sibling.translation_key
    Page.get_first_root_node().add_child(instance=front)
    publish(front)
    return front


def _open_site(own: FrontPage) -> None:
    """Point Wagtail's site at the paper's own front, and take away the welcome page that it came with."""
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site is None:
        Site.objects.create(hostname="localhost", root_page=own, is_default_site=True)
        return
    welcome = site.root_page.specific
    if isinstance(welcome, FrontPage):
        return
    site.root_page = own
    site.save()
    if type(welcome) is Page and not welcome.is_root() and welcome.is_leaf():
        welcome.delete()


def place_front(run: Run, record: records.Front) -> None:
    """Fill a language's front, once everything that may stand on it is placed."""
    is_due, row = run.judge("front", record, record.name, FrontPage)
    if not is_due:
        return
    front = FrontPage.objects.get(pk=(row or run.fronts[record.language]).pk)
    names = run.names(record.language, is_last_chance=True)
    if row is None and front.placements.exists():
        names.lose("the desk has placed stories already: they stay")
    else:
        _fill(front, record, names)
        front.save()
        publish(front)
    run.take("front", record, record.name, front, names.losses)


def _fill(front: FrontPage, record: records.Front, names: Names) -> None:
    front.title = record.name or front.title
    front.draft_title = front.title
    front.tagline = names.fit(record.tagline, 200, "a tagline")
    front.description = names.fit(record.description, 500, "a description")
    front.publisher = names.fit(record.publisher, 200, "a publisher")
    front.notice = streams.rich_text(record.notice, names)
    stories = [names.page(article) for article in (record.lead, *record.seconds) if article]
    front.placements = [
        FrontPlacement(article_id=key, sort_order=place)
        for place, key in enumerate(stories[:MAX_PLACED_ON_FRONT])
        if key
    ]
    topics = [names.page(topic) for topic in record.topics]
    front.front_topics = [FrontTopic(topic_id=key, sort_order=place) for place, key in enumerate(topics) if key]
