"""The desk's choosers of sources, claims, questions and evidence, and making a source or a question in place."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm, SearchFilterMixin
from wagtail.admin.telepath import register
from wagtail.models import Locale
from wagtail.snippets.views.chooser import ChooseResultsView, ChooseView, SnippetChooserViewSet
from wagtail.snippets.widgets import AdminSnippetChooser, SnippetChooserAdapter

from stet.kit.errors import RefusedError
from stet.newsroom.choosers import forget_words
from stet.sourcing import words
from stet.sourcing.models import Claim, Evidence, Question, Source
from stet.sourcing.recording import matching, new_question, new_source
from stet.sourcing.terms import SourceKind

MOST_FOUND = 500


class _RecordChooser(AdminSnippetChooser):
    """A chooser that says its words in the editor's language, and shows nothing for a number that leads nowhere."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        forget_words(self)

    def get_instance(self, value: Any) -> Any:
        """The row that was chosen."""
        try:
            return super().get_instance(value)
        except (TypeError, ValueError, OverflowError):
            return None


class SourceChooser(_RecordChooser):
    """Choose a source."""

    model = Source
    icon = "group"
    choose_one_text = _("Choose a source")
    choose_another_text = _("Choose another source")
    link_to_chosen_text = _("Edit this source")


class EvidenceChooser(_RecordChooser):
    """Choose a piece of evidence."""

    model = Evidence
    icon = "doc-full-inverse"
    choose_one_text = _("Choose evidence")
    choose_another_text = _("Choose other evidence")
    link_to_chosen_text = _("Edit this evidence")


class ClaimChooser(_RecordChooser):
    """Choose a claim."""

    model = Claim
    icon = "openquote"
    choose_one_text = _("Choose a claim")
    choose_another_text = _("Choose another claim")
    link_to_chosen_text = _("Edit this claim")


class QuestionChooser(_RecordChooser):
    """Choose a question."""

    model = Question
    icon = "help"
    choose_one_text = _("Choose a question")
    choose_another_text = _("Choose another question")
    link_to_chosen_text = _("Edit this question")


for _chooser in (SourceChooser, EvidenceChooser, ClaimChooser, QuestionChooser):
    register(SnippetChooserAdapter(), _chooser)


# --- Making one in place ---


class _NewForm(forms.Form):
    """A form in a chooser; what is refused is said in it, and what was typed stays."""

    locale: Any = forms.ModelChoiceField(label=_("Language"), queryset=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        locales = Locale.objects.all()
        self.fields["locale"].queryset = locales  # type: ignore[attr-defined]
        self.fields["locale"].initial = locales.first()
        if len(locales) == 1:
            self.fields["locale"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any] | None:
        """Make it: only then is it known whether it can be."""
        cleaned = super().clean()
        if cleaned and not self.errors:
            try:
                self.made = self.make(**cleaned)
            except RefusedError as error:
                raise ValidationError(str(error)) from error
        return cleaned

    def make(self, **values: Any) -> Any:
        """The new row."""
        raise NotImplementedError

    def save(self) -> Any:
        """The row that was made."""
        return self.made


class NewSourceForm(_NewForm):
    """A source with a name in one language."""

    kind = forms.ChoiceField(label=_("Kind"), choices=words.SOURCE_KINDS)
    name = forms.CharField(
        label=_("Name or description"), max_length=200,
        help_text=_("Of an unnamed source only what readers may see: “an official who was present”."),
    )  # fmt: skip
    role = forms.CharField(label=_("Role"), max_length=200, required=False, help_text=_("Such as “lawmaker”."))
    interest = forms.CharField(
        label=_("Side or interest"), max_length=200, required=False, help_text=_("Such as “party to the conflict”.")
    )
    field_order = ["kind", "name", "role", "interest", "locale"]

    def make(self, **values: Any) -> Source:
        """The new source."""
        language = values.pop("locale").language_code
        return new_source(language=language, **{**values, "kind": SourceKind(values["kind"])})


class NewQuestionForm(_NewForm):
    """A question in one language."""

    text = forms.CharField(label=_("Question"), max_length=300)
    field_order = ["text", "locale"]

    def make(self, **values: Any) -> Question:
        """The new question."""
        return new_question(text=values["text"], language=values["locale"].language_code)


class WordsForm(SearchFilterMixin, BaseFilterForm):
    """The words that are looked for in a chooser."""

    def filter(self, objects: Any) -> Any:
        """Rows that hold the beginnings of the words."""
        self.search_query = self.cleaned_data.get("q")
        self.is_searching = bool(self.search_query)
        if not self.is_searching:
            return objects
        return objects.filter(pk__in=matching(objects.model.objects.all(), self.search_query, most=MOST_FOUND))


class _SaysItsWordsMixin:
    """A chooser's page whose title is said in the editor's language; it needs none below it."""

    page_subtitle = ""
    filter_form_class = WordsForm


class RecordChooseView(_SaysItsWordsMixin, ChooseView):
    """The list, and the form for a new one where there is one."""


class RecordChooseResultsView(_SaysItsWordsMixin, ChooseResultsView):
    """The list alone."""


class _FoundSourcesMixin(_SaysItsWordsMixin):
    """Lists sources that may be chosen again."""

    def get_object_list(self) -> Any:
        """Named sources: an unnamed one belongs to the claim that it was described for."""
        return Source.objects.exclude(kind=SourceKind.UNNAMED).prefetch_related("names__locale").order_by("-pk")


class SourceChooseView(_FoundSourcesMixin, ChooseView):
    """The list, and the form for a new one."""


class SourceChooseResultsView(_FoundSourcesMixin, ChooseResultsView):
    """The list alone."""


class _RecordChooserViewSet(SnippetChooserViewSet):
    """Pages of a chooser."""

    per_page = 20
    choose_view_class = RecordChooseView
    choose_results_view_class = RecordChooseResultsView
    search_tab_label = _("Search")
    create_action_label = _("Make it")


class SourceChooserViewSet(_RecordChooserViewSet):
    """Pages of the chooser of sources."""

    choose_view_class = SourceChooseView
    choose_results_view_class = SourceChooseResultsView
    page_title = _("Choose a source")
    creation_form_class = NewSourceForm
    creation_tab_label = _("New source")


class QuestionChooserViewSet(_RecordChooserViewSet):
    """Pages of the chooser of questions."""

    page_title = _("Choose a question")
    creation_form_class = NewQuestionForm
    creation_tab_label = _("New question")


class ClaimChooserViewSet(_RecordChooserViewSet):
    """Pages of the chooser of claims: those are made on a page of their own."""

    page_title = _("Choose a claim")


class EvidenceChooserViewSet(_RecordChooserViewSet):
    """Pages of the chooser of evidence, which is taken in on a page of its own."""

    page_title = _("Choose evidence")
