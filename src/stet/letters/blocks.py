"""The blocks a letter's body is made of. Every block is defined here and nowhere else.

The press turns the stored values into a letter; the names of the blocks and of their fields here are the names stored
in the database, so they are never renamed without a migration.
"""

from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock
from wagtail.snippets.widgets import AdminSnippetChooser

from stet.letters.addresses import is_mailable_url
from stet.newsroom.blocks import BOX_FEATURES, LONGEST_LINE
from stet.newsroom.choosers import StoryChooserBlock, forget_words

LETTER_FEATURES = BOX_FEATURES
"""What running text of a letter may hold: nothing that a mail program is known to lose."""
LONGEST_TEASER = 1000
"""Characters."""
APPEAL = "appeals.Appeal"
"""Named here, not imported: neither of the two rooms stands above the other."""


class StoryBlock(blocks.StructBlock):
    """A picked story. What is left empty is the story's own."""

    article = StoryChooserBlock(label=_("Story"))
    headline = blocks.CharBlock(
        required=False,
        max_length=LONGEST_LINE,
        label=_("Headline here"),
        help_text=_("The story's own if empty."),
    )
    teaser = blocks.TextBlock(
        required=False,
        max_length=LONGEST_TEASER,
        rows=2,
        label=_("Teaser here"),
        help_text=_("The story's standfirst if empty."),
    )
    photo = ImageChooserBlock(required=False, label=_("Photo here"), help_text=_("The story's lead photo if empty."))
    with_photo = blocks.BooleanBlock(required=False, default=True, label=_("With its photo"))

    class Meta:
        icon = "doc-full"
        label = _("Story")
        label_format = "{article}"
        form_layout = blocks.BlockGroup(children=["article", "headline", "teaser"], settings=["photo", "with_photo"])


class AppealChooser(AdminSnippetChooser):
    """Choose an appeal."""

    choose_one_text = _("Choose an appeal")
    choose_another_text = _("Choose another appeal")
    link_to_chosen_text = _("Edit this appeal")
    icon = "openquote"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(model=apps.get_model(APPEAL), **kwargs)
        forget_words(self)


class AppealChooserBlock(SnippetChooserBlock):
    """One of the paper's appeals."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "target_model": APPEAL})

    @property
    def widget(self) -> AppealChooser:
        """The chooser."""
        return AppealChooser()


class AppealBlock(blocks.StructBlock):
    """What is asked of readers: one of the paper's appeals, or words of the letter's own."""

    appeal = AppealChooserBlock(
        required=False,
        label=_("Appeal"),
        help_text=_(
            "The letter prints its first variant, and its button leads to the support page: what comes in by it is "
            "counted as the appeal's."
        ),
    )
    text = blocks.RichTextBlock(
        required=False, features=LETTER_FEATURES, label=_("Text"), help_text=_("The chosen appeal's own if empty.")
    )
    link_label = blocks.CharBlock(required=False, max_length=100, label=_("Words on the button"))
    link_url = blocks.CharBlock(
        required=False,
        max_length=LONGEST_LINE,
        label=_("Where the button leads"),
        help_text=_("An address that begins with https://, or one of this paper that begins with /."),
    )

    def clean(self, value: Any) -> Any:
        """Something is said; a button has words and an address, that of a chosen appeal has one already."""
        cleaned = super().clean(value)
        label, url = cleaned["link_label"], cleaned["link_url"]
        errors = {}
        if cleaned["appeal"]:
            if url:
                errors["link_url"] = ValidationError(
                    _("The button of a chosen appeal leads to the support page. Leave this empty.")
                )
        elif not strip_tags(cleaned["text"].source).strip():
            errors["text"] = ValidationError(_("Choose an appeal, or say what you ask for."))
        elif url and not is_mailable_url(url):
            errors["link_url"] = ValidationError(_("Give an address that begins with https:// or with /."))
        elif url and not label:
            errors["link_label"] = ValidationError(_("Say what stands on the button."))
        elif label and not url:
            errors["link_url"] = ValidationError(_("Say where the button leads."))
        if errors:
            raise blocks.StructBlockValidationError(block_errors=errors)
        return cleaned

    class Meta:
        icon = "pick"
        label = _("Appeal for support")


class LetterBody(blocks.StreamBlock):
    """The body of a letter."""

    story = StoryBlock()
    divider = blocks.CharBlock(max_length=100, icon="title", label=_("Divider: a heading between stories"))
    text = blocks.RichTextBlock(features=LETTER_FEATURES, icon="pilcrow", label=_("Text: paragraphs and lists"))
    appeal = AppealBlock()
