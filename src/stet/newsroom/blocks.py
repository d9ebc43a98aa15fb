"""The blocks an article's body is made of. Every block is defined here and nowhere else.

What an editor can put into a text, with the words of the desk. The press turns the stored values into copy
(`stet.theme.copy`); the names of the blocks and of their fields here are the names stored in the database, so they
are never renamed without a migration.
"""

from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from stet.newsroom.choosers import StoryChooserBlock

CLAIM = "claim"
"""Words that stand on a claim; the feature is the sourcing room's, which knows claims."""
TEXT_FEATURES = [
    "bold",
    "italic",
    "link",
    CLAIM,
    "document-link",
    "ol",
    "ul",
    "superscript",
    "subscript",
    "strikethrough",
    "code",
]
"""What running text may hold."""
LINE_FEATURES = ["bold", "italic", "link", CLAIM, "superscript"]
"""What a caption or a single line may hold."""
BOX_FEATURES = ["bold", "italic", "link", CLAIM, "ol", "ul"]
"""What a box or a note may hold."""

LONGEST_LINE = 500
"""Characters in a one-line field; longer is a mistake of the clipboard."""


class SubheadBlock(blocks.StructBlock):
    """A heading between paragraphs."""

    text = blocks.CharBlock(label=_("Subhead"), max_length=LONGEST_LINE)
    level = blocks.ChoiceBlock(choices=[("2", _("Large")), ("3", _("Small"))], default="2", label=_("Size"))

    class Meta:
        icon = "title"
        label = _("Subhead")


class PhotoInTextBlock(blocks.StructBlock):
    """A photo; alt text and caption may be said anew for this article and its language."""

    photo = ImageChooserBlock(label=_("Photo"))
    alt = blocks.CharBlock(
        required=False,
        max_length=LONGEST_LINE,
        label=_("Alternative text"),
        help_text=_("Only where the photo's own does not fit this article or its language."),
    )
    caption = blocks.RichTextBlock(required=False, features=LINE_FEATURES, label=_("Caption"))
    size = blocks.ChoiceBlock(
        choices=[("column", _("As wide as the text")), ("wide", _("Wide"))], default="column", label=_("Width")
    )

    class Meta:
        icon = "image"
        label = _("Photo")


class GalleryBlock(blocks.StructBlock):
    """Several photos."""

    title = blocks.CharBlock(required=False, max_length=LONGEST_LINE, label=_("Title"))
    photos = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("photo", ImageChooserBlock(label=_("Photo"))),
                ("alt", blocks.CharBlock(required=False, max_length=LONGEST_LINE, label=_("Alternative text"))),
                ("caption", blocks.RichTextBlock(required=False, features=LINE_FEATURES, label=_("Caption"))),
            ]
        ),
        min_num=1,
        max_num=40,
        label=_("Photos"),
    )

    class Meta:
        icon = "image"
        label = _("Gallery")


class PullQuoteBlock(blocks.StructBlock):
    """Words lifted out of the text."""

    text = blocks.TextBlock(label=pgettext_lazy("pull quote", "Words"), max_length=1000, rows=2)
    attribution = blocks.CharBlock(required=False, max_length=LONGEST_LINE, label=_("Who said it"))

    class Meta:
        icon = "openquote"
        label = _("Pull quote")


class QuotationBlock(blocks.StructBlock):
    """A passage somebody else said or wrote."""

    text = blocks.RichTextBlock(features=BOX_FEATURES, label=_("Text"))
    attribution = blocks.CharBlock(required=False, max_length=LONGEST_LINE, label=_("Who said or wrote it"))
    source_url = blocks.URLBlock(required=False, label=_("Where it stands"))

    class Meta:
        icon = "openquote"
        label = _("Quotation")


class TableInTextBlock(blocks.StructBlock):
    """A table with the source of its figures."""

    table = TableBlock(label=_("Table"))
    caption = blocks.CharBlock(required=False, max_length=LONGEST_LINE, label=_("Caption"))
    source = blocks.CharBlock(required=False, max_length=LONGEST_LINE, label=_("Source of the figures"))

    class Meta:
        icon = "table"
        label = _("Table")


class FactBoxBlock(blocks.StructBlock):
    """A box beside the story."""

    title = blocks.CharBlock(max_length=LONGEST_LINE, label=_("Title"))
    text = blocks.RichTextBlock(features=BOX_FEATURES, label=_("Text"))

    class Meta:
        icon = "info-circle"
        label = _("Fact box")


class TimelineEntryBlock(blocks.StructBlock):
    """One moment."""

    when = blocks.CharBlock(
        max_length=100, label=_("When"), help_text=_("As it is printed: “3 March 2025”, “spring 2024”.")
    )
    date = blocks.DateBlock(required=False, label=_("Date"), help_text=_("Sorts the entry; leave empty if unknown."))
    title = blocks.CharBlock(max_length=LONGEST_LINE, label=_("What happened"))
    text = blocks.RichTextBlock(required=False, features=LINE_FEATURES, label=_("Details"))
    article = StoryChooserBlock(required=False, label=_("Our story about it"))

    class Meta:
        icon = "history"
        label = _("Moment")


class TimelineBlock(blocks.StructBlock):
    """Moments in order."""

    title = blocks.CharBlock(required=False, max_length=LONGEST_LINE, label=_("Title"))
    entries = blocks.ListBlock(TimelineEntryBlock(), min_num=1, label=_("Moments"))

    class Meta:
        icon = "history"
        label = pgettext_lazy("block", "Timeline")


class EmbedBlock(blocks.StructBlock):
    """A post or video elsewhere, as a still card that loads nothing from anybody."""

    url = blocks.URLBlock(label=_("Address"))
    site = blocks.CharBlock(max_length=100, label=_("Where it is"), help_text=_("The name of the site."))
    title = blocks.CharBlock(max_length=LONGEST_LINE, label=_("Title"))
    author = blocks.CharBlock(required=False, max_length=LONGEST_LINE, label=_("Who posted it"))
    text = blocks.TextBlock(required=False, max_length=2000, rows=3, label=_("What it says"))
    photo = ImageChooserBlock(required=False, label=_("Still picture"))

    def clean(self, value):  # type: ignore[no-untyped-def]
        """Take web addresses only: a reader follows this link."""
        cleaned = super().clean(value)
        if not str(cleaned["url"]).startswith(("https://", "http://")):
            raise blocks.StructBlockValidationError(
                block_errors={"url": ValidationError(_("Give an address that begins with https://."))}
            )
        return cleaned

    class Meta:
        icon = "media"
        label = _("Card for a post or video")


class DocumentBlock(blocks.StructBlock):
    """A file to download."""

    document = DocumentChooserBlock(label=_("Document"))
    title = blocks.CharBlock(required=False, max_length=LONGEST_LINE, label=_("Title"))

    class Meta:
        icon = "doc-full"
        label = _("Document")


class AudioBlock(blocks.StructBlock):
    """Sound, with its words."""

    document = DocumentChooserBlock(label=_("Sound file"))
    title = blocks.CharBlock(max_length=LONGEST_LINE, label=_("Title"))
    duration_seconds = blocks.IntegerBlock(required=False, min_value=0, label=_("Length in seconds"))
    transcript = blocks.RichTextBlock(required=False, features=TEXT_FEATURES, label=_("Transcript"))

    class Meta:
        icon = "media"
        label = _("Audio")


class KnownBlock(blocks.StructBlock):
    """What we know and what we don't, while a story still runs."""

    title = blocks.CharBlock(
        required=False,
        max_length=LONGEST_LINE,
        label=_("Title"),
        help_text=_("Where it is empty, the heading says “What we know”."),
    )
    known = blocks.ListBlock(
        blocks.RichTextBlock(features=BOX_FEATURES, label=_("We know")),
        default=[],
        label=_("What we know"),
    )
    unknown = blocks.ListBlock(
        blocks.RichTextBlock(features=BOX_FEATURES, label=_("We don't know")),
        default=[],
        label=_("What we don't know"),
    )

    class Meta:
        icon = "help"
        label = _("What we know, what we don't")


class BodyBlock(blocks.StreamBlock):
    """The body of an article or a static page."""

    text = blocks.RichTextBlock(features=TEXT_FEATURES, icon="pilcrow", label=_("Text: paragraphs and lists"))
    subhead = SubheadBlock()
    photo = PhotoInTextBlock()
    gallery = GalleryBlock()
    pull_quote = PullQuoteBlock()
    quotation = QuotationBlock()
    table = TableInTextBlock()
    fact_box = FactBoxBlock()
    timeline = TimelineBlock()
    embed = EmbedBlock()
    document = DocumentBlock()
    audio = AudioBlock()
    note = blocks.RichTextBlock(features=BOX_FEATURES, icon="warning", label=_("Note to readers"))
    known = KnownBlock()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The stored names of all blocks."""
        return tuple(self.child_blocks)


class KeyFactsBlock(blocks.StreamBlock):
    """A topic's key facts, a line each."""

    fact = blocks.RichTextBlock(features=LINE_FEATURES, icon="pick", label=_("Fact"))


class TopicTimelineBlock(blocks.StreamBlock):
    """A topic's timeline."""

    moment = TimelineEntryBlock()
