"""What the editor of stories gets: the feature "claim", the drawer's pages, the panel, what is done after a save."""

from typing import Any

from django.http import HttpRequest
from django.urls import path
from wagtail import hooks
from wagtail.models import Page
from wagtail.rich_text.feature_registry import FeatureRegistry

from stet.newsroom.models import ArticlePage
from stet.newsroom.tree.lists import TreeViewSet
from stet.sourcing.editor import draftail, panel, views
from stet.sourcing.marking import take_off
from stet.sourcing.rich_text import NAME


class ArticleViewSet(TreeViewSet):
    """Pages of the desk about a story; those with its form have the panel."""

    model = ArticlePage
    add_view_class = panel.ArticleCreateView
    edit_view_class = panel.ArticleEditView
    revisions_revert_view_class = panel.ArticleRevertView


@hooks.register("register_admin_viewset")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _viewset() -> TreeViewSet:
    return ArticleViewSet("sourcing_articles")


@hooks.register("register_rich_text_features")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _claim_feature(features: FeatureRegistry) -> None:
    draftail.register(features)


@hooks.register("register_icons")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _icons(icons: list[str]) -> list[str]:
    return [*icons, "sourcing/icons/stet-claim.svg"]


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _urls() -> list[object]:
    return [
        path("sourcing/marks/words/", views.words, name="sourcing_words"),
        path("sourcing/marks/mark/", views.mark, name="sourcing_mark"),
        path("sourcing/marks/claims/", views.claims, name="sourcing_find_claims"),
        path("sourcing/marks/sources/", views.sources, name="sourcing_find_sources"),
        path("sourcing/marks/questions/", views.questions, name="sourcing_find_questions"),
        path("sourcing/marks/new/", views.new, name="sourcing_new_claim"),
        path("sourcing/marks/story/", views.story, name="sourcing_story"),
        path("sourcing/marks/suggest/", views.suggest, name="sourcing_suggest"),
        path("sourcing/marks/seen/", views.seen, name="sourcing_seen"),
    ]


@hooks.register("after_create_page")  # type: ignore[untyped-decorator]  # Wagtail ships no types
@hooks.register("after_edit_page")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _take_off(request: HttpRequest, page: Page) -> None:
    """Marks that the editor took off in this form are no loss; they are named only once it is saved."""
    names = [name for name in request.POST.get(panel.TAKEN_OFF, "").split() if NAME.fullmatch(name)]
    article: Any = page.specific
    if names and isinstance(article, ArticlePage):
        take_off(article, names)
