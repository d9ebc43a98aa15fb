"""Articles, and what hangs on them: bylines, tags, corrections, hand-picked stories."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from taggit.models import ItemBase
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    TitleFieldPanel,
)
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, Page, Revision
from wagtail.search import index

from stet.kit.clock import SystemClock
from stet.newsroom import addresses
from stet.newsroom.blocks import BOX_FEATURES, LINE_FEATURES, BodyBlock
from stet.newsroom.choosers import PersonChooser, StoryChooser
from stet.newsroom.embargo.rules import log_embargo, say_embargo, with_embargo
from stet.newsroom.going_live import make_ready
from stet.newsroom.models.printed import PrintedPageMixin
from stet.newsroom.panels import OriginalPanel, PhotoRightsPanel
from stet.newsroom.paper import current_paper
from stet.newsroom.photos.rights import hold_expired
from stet.newsroom.roles.leaves import LeafPermissions

WEIGHT_MODE = "weight"
WEIGH = "stet.press.preview.weights"
"""Weighs a draft's pages as the press would set them. Named here, not imported: the press stands above the newsroom."""


class ArticleTag(ItemBase):
    """A tag on an article."""

    tag = models.ForeignKey("taggit.Tag", on_delete=models.CASCADE, related_name="+")
    content_object = ParentalKey("newsroom.ArticlePage", on_delete=models.CASCADE, related_name="tagged_items")


class ArticleForm(WagtailAdminPageForm):
    """The desk's form of an article; it offers the topics of the article's own language."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place = self.instance if self.instance.locale_id else self.parent_page
        if "topics" in self.fields and place is not None:
            self.fields["topics"].queryset = self.fields["topics"].queryset.filter(locale_id=place.locale_id)

    def clean_title(self) -> str:
        """A headline has as many lines as it needs to be seen, and none that somebody made."""
        return " ".join(str(self.cleaned_data["title"]).split())


class ArticlePage(PrintedPageMixin, Page):
    """A story. Its title is the headline; its section is the page it stands under."""

    class Kind(models.TextChoices):
        """What sort of story this is; said to readers for all but news."""

        NEWS = "news", _("News")
        FEATURE = "feature", _("Feature")
        ANALYSIS = "analysis", _("Analysis")
        OPINION = "opinion", _("Opinion")
        INTERVIEW = "interview", _("Interview")
        EXPLAINER = "explainer", _("Explainer")
        LIVE = "live", pgettext_lazy("kind of article", "Live")

    short_headline = models.CharField(
        _("short headline"), max_length=100, blank=True, help_text=_("For lists and phones; the headline if empty.")
    )
    standfirst = models.TextField(_("standfirst"), max_length=600, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.NEWS)
    dateline = models.CharField(_("dateline"), max_length=100, blank=True, help_text=_("The place the story is from."))
    lead_photo = models.ForeignKey(
        "newsroom.Photo",
        verbose_name=_("lead photo"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    lead_alt = models.CharField(
        _("alternative text here"),
        max_length=255,
        blank=True,
        help_text=_("Only where the photo's own does not fit this article or its language."),
    )
    lead_caption = RichTextField(
        _("caption here"), features=LINE_FEATURES, blank=True, help_text=_("The photo's own if empty.")
    )
    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)
    tags = ClusterTaggableManager(through=ArticleTag, blank=True, verbose_name=_("tags"))
    topics = ParentalManyToManyField("newsroom.TopicPage", blank=True, related_name="+", verbose_name=_("topics"))
    is_pick = models.BooleanField(
        _("editor's pick"), default=False, help_text=_("Newsletters gather this story first. Readers do not see it.")
    )
    is_sensitive = models.BooleanField(
        _("sensitive"), default=False, help_text=_("Readers are asked for nothing beside this story.")
    )
    embargoed_until = models.DateTimeField(
        _("embargoed until"),
        null=True,
        blank=True,
        help_text=_("Before this hour nobody can publish it, schedule it for earlier or read it by a shared link."),
    )
    updated_at = models.DateTimeField(
        _("updated"), null=True, blank=True, help_text=_("Shown to readers. Leave empty for small mends.")
    )
    source = models.CharField(_("first published by"), max_length=200, blank=True)
    source_url = models.URLField(pgettext_lazy("address", "first published at"), blank=True)
    licence = models.CharField(_("licence"), max_length=200, blank=True)

    original = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("translated from")
    )
    original_revision = models.PositiveBigIntegerField(
        null=True, blank=True, editable=False, verbose_name=_("the original's revision this translation follows")
    )

    parent_page_types = ["newsroom.SectionPage"]
    subpage_types: list[str] = []
    base_form_class = ArticleForm
    content_panels = [
        TitleFieldPanel(
            "title",
            heading=_("Headline"),
            placeholder=_("Headline"),
            widget=AdminAutoHeightTextInput,
            help_text=_("As readers see it on the article."),
        ),
        OriginalPanel(),
        FieldPanel("embargoed_until"),
        PhotoRightsPanel(),
        FieldPanel("short_headline"),
        FieldPanel("standfirst"),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("dateline")]),
        InlinePanel("bylines", heading=_("Bylines, in order"), label=_("Byline")),
        MultiFieldPanel(
            [FieldPanel("lead_photo"), FieldPanel("lead_caption"), FieldPanel("lead_alt")], heading=_("Lead photo")
        ),
        FieldPanel("body"),
        MultiFieldPanel(
            [FieldPanel("topics", widget=CheckboxSelectMultiple), FieldPanel("tags")], heading=_("Topics and tags")
        ),
        InlinePanel(
            "picks",
            heading=_("Read more, by hand"),
            label=_("Story"),
            help_text=_("These come first; stories of the same topics and tags follow by themselves."),
            max_num=4,
        ),
        FieldRowPanel([FieldPanel("is_pick"), FieldPanel("is_sensitive")]),
        InlinePanel("corrections", heading=_("Corrections"), label=_("Correction")),
        InlinePanel(
            "updates",
            heading=_("Update notes"),
            label=_("Update note"),
            help_text=_("What was added since. What was wrong is a correction."),
        ),
        FieldPanel("updated_at"),
        MultiFieldPanel(
            [FieldPanel("source"), FieldPanel("source_url"), FieldPanel("licence")], heading=_("Republished from")
        ),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("standfirst"),
        index.SearchField("body"),
        index.FilterField("kind"),
    ]

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")

    @staticmethod
    def _slug_is_available(slug: str, parent_page: Page | None, page: Page | None = None) -> bool:
        """A slug is an article's own in its whole language, since no section stands in the address."""
        if parent_page is None:
            return True
        # Asked for the language too, SQLite walks through all pages of the language, not the few of that slug.
        twins = ArticlePage.objects.filter(slug=slug).values_list("pk", "locale_id")
        own = page.pk if page is not None else None
        return all(number == own or locale != parent_page.locale_id for number, locale in twins)

    def printed_path(self) -> str | None:
        """The article's address; a draft that was never published has none yet."""
        if self.first_published_at is None:
            return None
        return addresses.article_path(
            self.path_prefix, self.slug, published=self.first_published_at, zone=current_paper().zone
        )

    def permissions_for_user(self, user: Any) -> LeafPermissions:
        """What somebody may do with it."""
        return LeafPermissions(user, self)

    @property
    def status_string(self) -> str:
        """Wagtail's word for the state; of what is under embargo, also until when."""
        return with_embargo(super().status_string, self)

    def publish(self, revision: Revision, user: Any = None, **kwargs: Any) -> None:
        """Publish or schedule a revision, unless it is under embargo at that hour, whoever asks and by whatever button.

        What an editor publishes shows no photo whose last day has passed. A story that was killed says so when it
        stands again.
        """
        if user is not None:
            hold_expired(revision.as_object(), now=SystemClock().now())
        with transaction.atomic():
            make_ready(self, revision, user=user)
            super().publish(revision, user=user, **kwargs)

    def save_revision(self, *args: Any, user: Any = None, **kwargs: Any) -> Revision:
        """Save a revision; another embargo than before is a line of the audit log."""
        before = self.latest_revision.content.get("embargoed_until") if self.latest_revision else None
        revision = super().save_revision(*args, user=user, **kwargs)
        log_embargo(self, before, revision, user=user)
        return revision

    @property
    def preview_modes(self) -> list[tuple[str, str | Promise]]:
        """As it would be printed, and what it would weigh."""
        return [*super().preview_modes, (WEIGHT_MODE, _("Weight"))]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The article as it would be printed; or, for `WEIGHT_MODE`, the weight of each of its pages."""
        if mode_name != WEIGHT_MODE:
            shown = super().serve_preview(request, mode_name)
            shown.content = say_embargo(shown.content, self.embargoed_until)
            return shown
        budget_bytes = current_paper().budget_bytes
        weights = import_string(WEIGH)(self)
        most = max(budget_bytes, *weights)  # A bar that ends at the budget would show any page above it as just full.
        values = {
            "weights": weights, "budget_bytes": budget_bytes, "most_bytes": most, "has_heavy": most > budget_bytes,
        }  # fmt: skip
        return TemplateResponse(request, "newsroom/weight.html", values)

    def clean(self) -> None:
        """Refuse what can't be printed right."""
        super().clean()
        if self.lead_photo and not (self.lead_alt or self.lead_photo.description):
            raise ValidationError({"lead_photo": _("This photo has no alternative text. Describe it in a sentence.")})
        if self.lead_photo and not self.lead_photo.credit:
            raise ValidationError({"lead_photo": _("This photo has no credit. Say who took it.")})

    def copy_for_translation(self, *args: object, **kwargs: object) -> Page:
        """Begin a translation: it remembers which revision it was made from."""
        translation = super().copy_for_translation(*args, **kwargs)
        translation.follow_original(self)
        return translation

    def follow_original(self, original: "ArticlePage", *, revision: int | None = None) -> None:
        """Say that this translation agrees with the original as it is published now, or as that revision has it."""
        self.original = original
        self.original_revision = revision or original.newest_to_follow
        ArticlePage.objects.filter(pk=self.pk).update(original=self.original, original_revision=self.original_revision)

    def with_content_json(self, content: dict[str, Any]) -> "ArticlePage":
        """A draft's words; what the translation follows is said of the page, and no older draft takes it back."""
        page: ArticlePage = super().with_content_json(content)
        page.original_revision = self.original_revision
        return page

    @property
    def newest_to_follow(self) -> int | None:
        """The revision that a translation made now follows: the published one, of a draft the newest."""
        number: int | None = self.live_revision_id or self.latest_revision_id
        return number

    @property
    def is_behind_original(self) -> bool:
        """Whether the original was published anew since this translation was last looked at."""
        original = self.original
        return bool(original and self.original_revision and original.newest_to_follow != self.original_revision)


class ArticleByline(Orderable):
    """One author of an article, in order."""

    page = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="bylines")
    person = models.ForeignKey("newsroom.Person", verbose_name=_("person"), on_delete=models.PROTECT, related_name="+")
    role = models.CharField(
        _("what they did"), max_length=100, blank=True, help_text=_("Such as “photos”; empty for writing.")
    )

    panels = [FieldRowPanel([FieldPanel("person", widget=PersonChooser), FieldPanel("role")])]

    class Meta(Orderable.Meta):
        verbose_name = _("byline")
        verbose_name_plural = _("bylines")


class ArticleCorrection(Orderable):
    """A correction: what was wrong, what is right."""

    page = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="corrections")
    date = models.DateField(_("date"), default=timezone.localdate)
    text = RichTextField(_("what was wrong, what is right"), features=BOX_FEATURES)

    panels = [FieldPanel("date"), FieldPanel("text")]

    class Meta(Orderable.Meta):
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")


class ArticleUpdate(Orderable):
    """An update note: what was added to a story after it was published."""

    page = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="updates")
    date = models.DateField(_("date"), default=timezone.localdate)
    text = RichTextField(_("what was added"), features=BOX_FEATURES)

    panels = [FieldPanel("date"), FieldPanel("text")]

    class Meta(Orderable.Meta):
        verbose_name = _("update note")
        verbose_name_plural = _("update notes")


class ReadMorePick(Orderable):
    """A story picked by hand for "read more"."""

    page = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="picks")
    article = models.ForeignKey(ArticlePage, verbose_name=_("article"), on_delete=models.CASCADE, related_name="+")

    panels = [FieldPanel("article", widget=StoryChooser)]

    class Meta(Orderable.Meta):
        verbose_name = _("story to read next")
        verbose_name_plural = _("stories to read next")
