"""By what the list of articles is narrowed."""

from functools import cached_property
from typing import Any

import django_filters
from django.db.models import IntegerField, Q, QuerySet
from django.db.models.functions import Cast
from django.forms import CheckboxSelectMultiple, RadioSelect
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.coreutils import get_content_languages
from wagtail.models import Page, Revision, WorkflowState, get_default_page_content_type

from stet.newsroom.home.drafted import MOST_DRAFTS, Draft, narrowed, read_drafts
from stet.newsroom.models import ArticleByline, ArticlePage, Person, SectionPage, TopicPage
from stet.newsroom.roles.seeing import drafts_seen_by, may_see_draft

Articles = QuerySet[ArticlePage]
MINE = "mine"
STATUSES = (
    ("draft", pgettext_lazy("of articles", "Drafts")),
    ("review", _("Sent on, not approved yet")),
    ("scheduled", pgettext_lazy("of articles", "Scheduled")),
    ("embargoed", pgettext_lazy("of articles", "Embargoed")),
    ("live", pgettext_lazy("of articles", "Live")),
    ("changed", _("Live, with changes that are not")),
    ("taken_down", _("Taken down")),
)
OPEN = {"live", "taken_down"}
"""What says nothing of a draft."""


def _seen(model: Any) -> Any:
    """The pages of a kind that somebody may know of."""

    def pages(request: HttpRequest) -> Any:
        # There are few of them: asked "live or one's own", or in the tree's order, SQLite would walk through all pages.
        every = model.objects.defer_streamfields().order_by()
        seen = [page.pk for page in every if page.live or may_see_draft(request.user, page)]
        return model.objects.filter(pk__in=seen).select_related("locale").defer_streamfields().order_by("path")

    return pages


class _NamedField(django_filters.fields.ModelMultipleChoiceField):
    """Choices with their language behind them, where the paper has several."""

    def label_from_instance(self, obj: Any) -> str:
        name = obj.get_admin_display_title() if isinstance(obj, Page) else str(obj)
        return f"{name} ({obj.locale.language_code})" if len(get_content_languages()) > 1 else name


class NamedFilter(django_filters.ModelMultipleChoiceFilter):
    """Several of them, one of which is enough."""

    field_class = _NamedField

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=CheckboxSelectMultiple, **kwargs)


class ArticleFilterSet(WagtailFilterSet):
    """Status, section, byline, topic, language, kind, days, and one's own. Language comes from Wagtail."""

    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=STATUSES, method="by_status", widget=RadioSelect, empty_label=_("All")
    )
    section = NamedFilter(
        label=pgettext_lazy("of a paper", "Section"), queryset=_seen(SectionPage), method="by_section"
    )
    byline = NamedFilter(
        label=_("Byline"), queryset=Person.objects.select_related("locale").order_by("name"), method="by_byline"
    )
    topic = NamedFilter(label=_("Topic"), queryset=_seen(TopicPage), method="by_topic")
    kind = django_filters.MultipleChoiceFilter(
        label=_("Kind"), choices=ArticlePage.Kind.choices, method="by_kind", widget=CheckboxSelectMultiple
    )
    first_published_at = django_filters.DateFromToRangeFilter(label=_("First published"), widget=DateRangePickerWidget)
    latest_revision_created_at = django_filters.DateFromToRangeFilter(
        label=_("Written last"), widget=DateRangePickerWidget
    )
    whose = django_filters.ChoiceFilter(
        label=_("Whose"), choices=[(MINE, _("Mine"))], method="by_maker", widget=RadioSelect, empty_label=_("All")
    )

    class Meta:
        model = ArticlePage
        fields: list[str] = []

    @cached_property
    def _drafts(self) -> dict[int, Draft]:
        return read_drafts(ArticlePage.objects.filter(drafts_seen_by(self.request.user)))

    def by_status(self, articles: Articles, _name: str, value: str) -> Articles:
        """Articles that stand so. What only a draft says is asked of drafts that one may see."""
        if value not in OPEN:
            articles = articles.filter(drafts_seen_by(self.request.user))
        return articles.filter(_status(value))

    def by_section(self, articles: Articles, _name: str, value: list[SectionPage]) -> Articles:
        """Articles below one of these sections."""
        below = Q()
        for section in value:
            below |= Q(path__range=SectionPage._get_children_path_interval(section.path))
        return articles.filter(below)

    def by_byline(self, articles: Articles, _name: str, value: list[Person]) -> Articles:
        """Articles by one of these people."""
        wanted = {person.pk for person in value}
        if not wanted:
            return articles
        rows = Q(pk__in=ArticleByline.objects.filter(person__in=wanted).values("page_id"))
        return narrowed(articles, self._drafts, rows=rows, said=lambda draft: bool(wanted & {*draft.bylines}))

    def by_topic(self, articles: Articles, _name: str, value: list[TopicPage]) -> Articles:
        """Articles of one of these topics."""
        wanted = {topic.pk for topic in value}
        if not wanted:
            return articles
        through = ArticlePage.topics.through.objects.filter(topicpage_id__in=wanted)
        rows = Q(pk__in=through.values("articlepage_id"))
        return narrowed(articles, self._drafts, rows=rows, said=lambda draft: bool(wanted & draft.topics))

    def by_kind(self, articles: Articles, _name: str, value: list[str]) -> Articles:
        """Articles of one of these kinds."""
        if not value:
            return articles
        return narrowed(articles, self._drafts, rows=Q(kind__in=value), said=lambda draft: draft.kind in value)

    def by_maker(self, articles: Articles, _name: str, _value: str) -> Articles:
        """Articles that one made, or whose draft one wrote last."""
        return articles.filter(made_by(self.request.user))


def made_by(user: Any) -> Q:
    """Pages that somebody made, and those whose draft they wrote last."""
    changing = Page.objects.filter(has_unpublished_changes=True).order_by("-latest_revision_created_at")
    writers = changing.values_list("pk", "latest_revision__user_id")[:MOST_DRAFTS]
    return Q(owner_id=user.pk) | Q(pk__in=[page for page, writer in writers if writer == user.pk])


def _status(value: str) -> Q:
    match value:
        case "draft":
            return Q(live=False, first_published_at=None)
        case "review":
            return Q(pk__in=page_numbers(WorkflowState.objects.active()))
        case "scheduled":
            return Q(pk__in=page_numbers(Revision.objects.filter(approved_go_live_at__isnull=False)))
        case "embargoed":
            rows = ArticlePage.objects.filter(embargoed_until__gt=timezone.now())
            return Q(pk__in=rows.values("pk")) | Q(pk__in=_embargoed())
        case "changed":
            return Q(live=True, has_unpublished_changes=True)
        case "taken_down":
            return Q(live=False, first_published_at__isnull=False)
        case _:
            return Q(live=True)


def page_numbers(rows: Any) -> Any:
    """The pages that rows of Wagtail's speak of, which are told as text there."""
    pages = rows.filter(base_content_type=get_default_page_content_type())
    return pages.annotate(page_number=Cast("object_id", IntegerField())).values("page_number")


def _embargoed() -> list[int]:
    """Pages whose draft is under embargo; of a page that is live the row does not say so."""
    now = timezone.now().isoformat()
    drafts = ArticlePage.objects.filter(has_unpublished_changes=True, latest_revision__isnull=False)
    rows = drafts.order_by("-latest_revision_created_at").values_list("pk", "latest_revision__content__embargoed_until")
    return [page for page, until in rows[:2_000] if isinstance(until, str) and until > now]
