"""What is done with several articles of the list at once: another section, one more topic, taking down.

The rules:
 * Each is Wagtail's bulk action: it asks first, leaves out what somebody may not touch and says so, happens in one
   transaction or not at all, and stands in the log once for each article, as if it had been done to each by hand.
 * It takes the articles that were ticked, never "all": a list narrowed by filters is not what Wagtail means by all.
 * What somebody may not see is not named, not even as something they may not touch.
 * What was done says how it is undone, and shows the articles it was done to.
"""

from collections.abc import Sequence
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from wagtail.admin import messages
from wagtail.admin.views.pages.bulk_actions.page_bulk_action import PageBulkAction
from wagtail.models import Page

from stet.newsroom.home.listing import numbers
from stet.newsroom.home.views import sections_to_write_in
from stet.newsroom.models import ArticlePage, SectionPage, TopicPage
from stet.newsroom.roles.seeing import seen_by
from stet.newsroom.withdrawing import LONGEST_REASON, withdraw

MOST_AT_ONCE = 100


class ArticlesAction(PageBulkAction):
    """What the actions share."""

    models: ClassVar[list[Any]] = [ArticlePage]
    template_name = "newsroom/home/bulk.html"
    question: Any = ""
    button: Any = ""
    classes: ClassVar[set[str]] = set()

    def __init__(self, request: HttpRequest, model: Any) -> None:
        super().__init__(request, model)
        chosen = ArticlePage.objects.filter(
            seen_by(request.user), pk__in=numbers(request.GET.getlist("id"), most=MOST_AT_ONCE)
        )
        self.chosen: list[Any] = list(chosen.select_related("locale").prefetch_workflow_states().order_by("path"))
        if not self.chosen:
            raise Http404

    def get_actionable_objects(self) -> tuple[list[Any], dict[str, list[Any]]]:
        """Of the articles that were ticked those that somebody may do this to, and the others."""
        may = [article for article in self.chosen if self.check_perm(article)]
        others = [article for article in self.chosen if article not in may]
        return may, {"items_with_no_access": others}

    def object_context(self, obj: Any) -> dict[str, Any]:
        """The article itself."""
        return {"item": obj}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the words of this action."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "question": self.question, "action_title": self.display_name, "button": self.button}

    @property
    def locales(self) -> set[int]:
        """The languages of the articles that something is done to."""
        return {article.locale_id for article in self.get_actionable_objects()[0]}

    def get_form_kwargs(self) -> dict[str, Any]:
        """The form knows the action."""
        return {**super().get_form_kwargs(), "action": self}

    def get_execution_context(self) -> dict[str, Any]:
        """What the form says, and who."""
        return {**self.cleaned_form.cleaned_data, "user": self.request.user}

    def told(self, objects: Sequence[Any], sentence: str, undo: str) -> None:
        """Say what was done, how it is undone, and where these articles are."""
        query = urlencode({"id": [article.pk for article in objects]}, doseq=True)
        button = messages.button(f"{reverse('newsroom_articles')}?{query}", _("Show them"))
        messages.success(self.request, f"{sentence} {undo}", buttons=[button])

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> None:
        """It was said."""


class _ActionForm(forms.Form):
    def __init__(self, *args: Any, action: ArticlesAction, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.action = action

    def clean(self) -> dict[str, Any]:
        """Refuse several languages at once: each has sections and topics of its own."""
        cleaned = super().clean() or {}
        if len(self.action.locales) > 1:
            raise ValidationError(_("These articles are in several languages. Choose those of one language."))
        return cleaned


# --- Another section ---


class SectionForm(_ActionForm):
    """Where to."""

    section = forms.ModelChoiceField(
        label=pgettext_lazy("of a paper", "Section"), queryset=SectionPage.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, action: ArticlesAction, **kwargs: Any) -> None:
        super().__init__(*args, action=action, **kwargs)
        allowed = [section.pk for section in sections_to_write_in(action.request.user)]
        field: Any = self.fields["section"]
        field.queryset = SectionPage.objects.filter(pk__in=allowed, locale__in=action.locales).order_by("path")


class MoveToSection(ArticlesAction):
    """Move articles to another section; their addresses stay, since no section stands in them."""

    display_name = gettext_lazy("Move to a section")
    action_type = "section"
    aria_label = gettext_lazy("Move the chosen articles to another section")
    question = gettext_lazy("Where do these articles belong?")
    button = gettext_lazy("Move them")
    action_priority = 10
    form_class = SectionForm

    def check_perm(self, page: Any) -> bool:
        """Who may move it."""
        return bool(page.permissions_for_user(self.request.user).can_move())

    def execute_action(
        self, objects: Sequence[Any], *, section: SectionPage, user: Any, **_more: Any
    ) -> tuple[int, int]:
        """Move those that stand elsewhere."""
        moving = [one for one in objects if not one.is_child_of(section)]
        if any(not one.permissions_for_user(user).can_move_to(section) for one in moving):
            raise Http404
        before = sorted({one.get_parent().title for one in moving})
        for article in moving:
            Page.objects.get(pk=article.pk).specific.move(Page.objects.get(pk=section.pk), pos="last-child", user=user)
        sentence = ngettext(
            "%(count)d article stands in “%(section)s” now.",
            "%(count)d articles stand in “%(section)s” now.",
            len(moving),
        ) % {"count": len(moving), "section": section.title}
        undo = _("To undo it, choose them again and move them back to: %(sections)s.") % {"sections": ", ".join(before)}
        self.told(moving or objects, sentence, undo if moving else "")
        return len(moving), 0


# --- One more topic ---


class TopicForm(_ActionForm):
    """Which."""

    topic = forms.ModelChoiceField(label=gettext_lazy("Topic"), queryset=TopicPage.objects.none(), empty_label=None)

    def __init__(self, *args: Any, action: ArticlesAction, **kwargs: Any) -> None:
        super().__init__(*args, action=action, **kwargs)
        topics = TopicPage.objects.filter(seen_by(action.request.user), locale__in=action.locales)
        field: Any = self.fields["topic"]
        field.queryset = topics.order_by("path")


class AddTopic(ArticlesAction):
    """Add a topic to articles."""

    display_name = gettext_lazy("Add a topic")
    action_type = "topic"
    aria_label = gettext_lazy("Add a topic to the chosen articles")
    question = gettext_lazy("Which running story are these articles part of?")
    button = gettext_lazy("Add it")
    action_priority = 20
    form_class = TopicForm

    def check_perm(self, page: Any) -> bool:
        """Who may edit it now: neither a lock nor a step of its way keeps it."""
        rights = page.permissions_for_user(self.request.user)
        return bool(rights.can_edit() and not rights.page_locked())

    def execute_action(self, objects: Sequence[Any], *, topic: TopicPage, user: Any, **_more: Any) -> tuple[int, int]:
        """Add it to each draft; what is live as it was written, and may be published, is published anew with it."""
        waiting = sum(not _add_topic(article, topic, user) for article in objects)
        sentence = ngettext(
            "“%(topic)s” was added to %(count)d article.", "“%(topic)s” was added to %(count)d articles.", len(objects)
        ) % {"topic": topic.title, "count": len(objects)}
        if waiting:
            sentence += " " + ngettext(
                "In %(count)d of them it stands in the draft until that is published.",
                "In %(count)d of them it stands in the drafts until those are published.",
                waiting,
            ) % {"count": waiting}
        self.told(objects, sentence, _("To undo it, open an article's history: the version before stands there."))
        return len(objects), 0


def _add_topic(article: Any, topic: TopicPage, user: Any) -> bool:
    """Add a topic; answer whether readers get it without anybody doing more."""
    is_as_written = article.live and not article.has_unpublished_changes
    draft = article.get_latest_revision_as_object()
    if topic.pk not in {one.pk for one in draft.topics.all()}:
        draft.topics.add(topic)
        revision = draft.save_revision(user=user, log_action=True)
        if is_as_written and article.permissions_for_user(user).can_publish():
            revision.publish(user=user)
        else:
            return not article.live
    return True


# --- Taking down ---


class TakeDownForm(forms.Form):
    """A word to readers, if any."""

    reason = forms.CharField(
        label=gettext_lazy("Leave a notice for readers"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "It will stand at each article's address and say that it was withdrawn, and why. "
            "Leave empty to leave nothing."
        ),
    )

    def __init__(self, *args: Any, action: ArticlesAction, **kwargs: Any) -> None:  # noqa: ARG002 - as the others are made
        super().__init__(*args, **kwargs)


class TakeDown(ArticlesAction):
    """Unpublish articles, with or without a notice."""

    display_name = gettext_lazy("Unpublish")
    action_type = "unpublish"
    aria_label = gettext_lazy("Unpublish the chosen articles")
    question = gettext_lazy("Take these articles away from readers?")
    button = gettext_lazy("Unpublish them")
    action_priority = 50
    form_class = TakeDownForm
    classes: ClassVar[set[str]] = {"serious"}

    def check_perm(self, page: Any) -> bool:
        """Who may unpublish it; only what is live can be."""
        return bool(page.permissions_for_user(self.request.user).can_unpublish())

    def execute_action(self, objects: Sequence[Any], *, reason: str, user: Any, **_more: Any) -> tuple[int, int]:
        """Leave the notices and unpublish."""
        for article in objects:
            if reason.strip():
                withdraw(article, reason=reason.strip())
            article.unpublish(user=user)
        sentence = ngettext(
            "%(count)d article was unpublished.", "%(count)d articles were unpublished.", len(objects)
        ) % {"count": len(objects)}
        self.told(objects, sentence, _("To undo it, open each and publish it: nothing of it is lost."))
        return len(objects), 0


ACTIONS = (MoveToSection, AddTopic, TakeDown)
