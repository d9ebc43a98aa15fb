"""The list of articles: Wagtail's, over all sections and languages, with filters of a newspaper and saved views.

How often the database is asked does not depend on the number of articles, nor on how many are shown.
"""

import re
from collections import defaultdict
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.ui.tables.pages import BulkActionsColumn, PageStatusColumn, PageTitleColumn
from wagtail.admin.views.pages.listing import IndexView
from wagtail.admin.widgets.button import HeaderButton
from wagtail.models import Page

from stet.newsroom.home.drafted import read_drafts
from stet.newsroom.home.filters import ArticleFilterSet
from stet.newsroom.home.saved import current_query, views_of
from stet.newsroom.models import ArticleByline, ArticlePage, Person
from stet.newsroom.roles.seeing import drafts_seen_by, seen_by

MOST_FOUND = 500
"""Articles in which words are looked for further, the newest of those found."""


NO_WORD = re.compile(r"[^\w\s]+")


class _WordsColumn(Column):
    """Somebody's words, which run the way they do."""

    cell_template_name = "newsroom/home/words_cell.html"


class _TitleColumn(PageTitleColumn):
    """The headline, without Wagtail's menu for each row, which asks the database several times a row."""

    cell_template_name = "newsroom/home/title_cell.html"


class ArticlesView(IndexView):
    """Every article that somebody may see."""

    model = ArticlePage
    page_title = _("Articles")
    header_icon = "doc-full"
    template_name = "newsroom/home/articles.html"
    results_template_name = "newsroom/home/articles_results.html"
    index_url_name = "newsroom_articles"
    index_results_url_name = "newsroom_articles_results"
    filterset_class = ArticleFilterSet
    paginate_by = 30
    is_export = False
    has_more = False
    """Whether the words stand in more articles than are looked at further."""
    columns = (
        BulkActionsColumn("bulk_actions"),
        _TitleColumn("title", label=_("Headline"), sort_key="title", classname="title"),
        _WordsColumn("section_title", label=pgettext_lazy("of a paper", "Section")),
        _WordsColumn("byline_names", label=_("Byline")),
        Column("get_kind_display", label=_("Kind")),
        DateColumn("latest_revision_created_at", label=_("Written"), sort_key="latest_revision_created_at"),
        DateColumn("first_published_at", label=_("Published"), sort_key="first_published_at"),
        PageStatusColumn("status", label=_("Status"), sort_key="live"),
    )

    @cached_property
    def show_export_buttons(self) -> bool:
        """Wagtail's log and the archive's own export are for taking things out."""
        return False

    def get_base_queryset(self) -> QuerySet[ArticlePage]:
        """What somebody may see, told nothing of yet; of those that were just changed at once, only these."""
        articles: QuerySet[ArticlePage] = ArticlePage.objects.filter(seen_by(self.request.user)).only("pk")
        return articles.filter(pk__in=self.only) if self.only else articles

    @cached_property
    def only(self) -> list[int]:
        """Numbers of articles that the address names."""
        return numbers(self.request.GET.getlist("id"))

    def paginate_queryset(self, queryset: Any, page_size: int) -> Any:
        """One page of the list, each row told of: thousands that are put in order for it need not be."""
        paginator, page, shown, is_more = super().paginate_queryset(queryset, page_size)
        chosen = [row.pk for row in shown]
        rows = {row.pk: row for row in self.annotate_queryset(ArticlePage.objects.filter(pk__in=chosen))}
        page.object_list = [rows[number] for number in chosen if number in rows]
        return paginator, page, page.object_list, is_more

    def annotate_queryset(self, pages: QuerySet[ArticlePage]) -> QuerySet[ArticlePage]:
        """With what a row shows; the text stays where it is."""
        pages = pages.select_related("locale", "content_type").defer_streamfields()  # type: ignore[attr-defined]
        told = pages.prefetch_workflow_states().annotate_site_root_state()  # type: ignore[attr-defined]
        return told.annotate_approved_schedule()  # type: ignore[no-any-return]

    def search_queryset(self, queryset: QuerySet[ArticlePage]) -> QuerySet[ArticlePage]:
        """Articles with these words, newest first: filters that the search's index does not know hold all the same."""
        if not self.is_searching:
            return queryset
        words = NO_WORD.sub(" ", self.search_query).strip()  # SQLite takes a stray quote for a broken question.
        if not words:
            return queryset.none()
        newest = Page.objects.exact_type(ArticlePage).only("title").order_by("-latest_revision_created_at")
        found = [page.pk for page in newest.autocomplete(words, order_by_relevance=False)[: MOST_FOUND + 1]]
        self.has_more = len(found) > MOST_FOUND
        return queryset.filter(pk__in=found[:MOST_FOUND])

    @cached_property
    def add_url(self) -> str | None:
        """Where an article is begun."""
        may = self.permission_policy.user_has_permission(self.request.user, "add")
        return reverse("newsroom_write") if may else None

    @cached_property
    def add_button(self) -> HeaderButton:
        """One button to write."""
        return HeaderButton(_("Write an article"), url=self.add_url, icon_name="plus")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the views that somebody saved, and what each row needs."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        tell_rows(context["object_list"], self.request.user)
        query = current_query(self.request.GET)
        context.update(
            model_opts=ArticlePage._meta,
            saved_views=[(view, view.query == query) for view in views_of(self.request.user)],
            query=query,
            only=self.only,
            most_found=MOST_FOUND if self.has_more else 0,
        )
        return context


def numbers(words: list[str], *, most: int = 500) -> list[int]:
    """The numbers among words from an address."""
    return [int(word) for word in words[:most] if word.isascii() and word.isdecimal() and len(word) <= 18]


def tell_rows(articles: Any, user: Any) -> None:
    """Give each article of a list its section's name and the names in its byline, drafts those of the draft."""
    articles = list(articles)
    pages = [article.pk for article in articles]
    parents = {article.path[: -Page.steplen] for article in articles}
    sections = dict(Page.objects.filter(path__in=parents).values_list("path", "draft_title"))
    drafts = read_drafts(ArticlePage.objects.filter(drafts_seen_by(user), pk__in=pages))
    people: dict[int, list[int]] = defaultdict(list)
    for page, person in ArticleByline.objects.filter(page_id__in=pages).values_list("page_id", "person_id"):
        people[page].append(person)
    people.update({page: list(draft.bylines) for page, draft in drafts.items()})
    wanted = {person for some in people.values() for person in some}
    names = dict(Person.objects.filter(pk__in=wanted).values_list("pk", "name"))
    kinds = dict(ArticlePage.Kind.choices)
    for article in articles:
        article.section_title = sections.get(article.path[: -Page.steplen], "")
        article.byline_names = ", ".join(names[person] for person in people[article.pk] if person in names)
        draft = drafts.get(article.pk)
        if draft is not None and draft.kind in kinds:
            article.kind = draft.kind
