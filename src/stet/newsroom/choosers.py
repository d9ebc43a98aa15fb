"""The desk's choosers of stories, topics and people.

Wagtail puts a chooser's words together once, in the language of whoever opened a form first. These say them anew for
each editor.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.widgets import AdminPageChooser
from wagtail.snippets.widgets import AdminSnippetChooser

WORDS = ("choose_one_text", "choose_another_text", "link_to_chosen_text")


class StoryChooser(AdminPageChooser):
    """Choose an article."""

    choose_one_text = _("Choose a story")
    choose_another_text = _("Choose another story")
    link_to_chosen_text = _("Edit this story")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(target_models=["newsroom.ArticlePage"], **kwargs)
        forget_words(self)


class TopicChooser(AdminPageChooser):
    """Choose a topic."""

    choose_one_text = _("Choose a topic")
    choose_another_text = _("Choose another topic")
    link_to_chosen_text = _("Edit this topic")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(target_models=["newsroom.TopicPage"], **kwargs)
        forget_words(self)


class PersonChooser(AdminSnippetChooser):
    """Choose a byline."""

    choose_one_text = _("Choose a person")
    choose_another_text = _("Choose another person")
    link_to_chosen_text = _("Edit this person")
    icon = "user"

    def __init__(self, **kwargs: Any) -> None:
        from stet.newsroom.models import Person  # not before all models are there

        super().__init__(model=Person, **kwargs)
        forget_words(self)


class StoryChooserBlock(blocks.PageChooserBlock):
    """One of our own articles, inside a body."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "page_type": "newsroom.ArticlePage"})

    @property
    def widget(self) -> StoryChooser:
        """The chooser."""
        return StoryChooser()


def forget_words(chooser: AdminPageChooser | AdminSnippetChooser) -> None:
    """Drop the words that Wagtail put together, so that those of the class are said."""
    for name in WORDS:
        vars(chooser).pop(name, None)
