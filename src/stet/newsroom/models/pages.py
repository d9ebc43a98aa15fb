"""The tree around the articles: a front for each language, sections, topics, static pages."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, HelpPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, Page

from stet.newsroom import addresses
from stet.newsroom.blocks import BOX_FEATURES, LINE_FEATURES, BodyBlock, KeyFactsBlock, TopicTimelineBlock
from stet.newsroom.choosers import StoryChooser, TopicChooser
from stet.newsroom.models.printed import PrintedPageMixin
from stet.newsroom.paper import current_paper


class FrontPage(PrintedPageMixin, Page):
    """The paper in one language: its title is the paper's name, its children are sections, topics and pages."""

    tagline = models.CharField(_("line under the name"), max_length=200, blank=True)
    description = models.TextField(_("description for search engines"), max_length=500, blank=True)
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    notice = RichTextField(_("notice on top of the front"), features=LINE_FEATURES, blank=True)

    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "newsroom.SectionPage",
        "newsroom.TopicPage",
        "newsroom.StaticPage",
        "letters.ListPage",
        "appeals.SupportPage",
    ]
    content_panels = [
        *Page.content_panels,
        FieldPanel("tagline"),
        FieldPanel("description"),
        FieldPanel("publisher"),
        FieldPanel("notice"),
        InlinePanel(
            "placements",
            heading=_("Stories placed by hand"),
            label=_("Story"),
            help_text=_("The first is the lead, the next four stand beside it. The newest fill what is left."),
            max_num=5,
        ),
        InlinePanel("front_topics", heading=_("Running stories put forward"), label=_("Topic"), max_num=8),
    ]

    class Meta:
        verbose_name = _("front")
        verbose_name_plural = _("fronts")

    def printed_path(self) -> str:
        """The front of this language."""
        return addresses.front_path(self.path_prefix)


class FrontPlacement(Orderable):
    """A story placed on the front by hand."""

    page = ParentalKey(FrontPage, on_delete=models.CASCADE, related_name="placements")
    article = models.ForeignKey(
        "newsroom.ArticlePage", verbose_name=_("article"), on_delete=models.CASCADE, related_name="+"
    )

    panels = [FieldPanel("article", widget=StoryChooser)]

    class Meta(Orderable.Meta):
        verbose_name = _("story placed by hand")
        verbose_name_plural = _("stories placed by hand")


class FrontTopic(Orderable):
    """A topic put forward on the front."""

    page = ParentalKey(FrontPage, on_delete=models.CASCADE, related_name="front_topics")
    topic = models.ForeignKey("newsroom.TopicPage", verbose_name=_("topic"), on_delete=models.CASCADE, related_name="+")

    panels = [FieldPanel("topic", widget=TopicChooser)]

    class Meta(Orderable.Meta):
        verbose_name = _("topic put forward")
        verbose_name_plural = _("topics put forward")


class _UnderFrontMixin(PrintedPageMixin):
    """A page that stands directly below the front, so that its slug must leave the press's own words alone."""

    RESERVED: tuple[str, ...] = ()
    """Slugs that this kind of page may not have besides."""

    def clean(self) -> None:
        """Refuse a slug that the press uses itself."""
        super().clean()
        if addresses.is_reserved(self.slug, current_paper().languages) or self.slug in self.RESERVED:
            raise ValidationError({"slug": _("This address is used by the paper itself. Choose another one.")})

    def printed_path(self) -> str:
        """`/slug/` below the language's prefix."""
        return addresses.child_path(self.path_prefix, self.slug)


class SectionPage(_UnderFrontMixin, Page):
    """A section; articles are its children."""

    intro = RichTextField(_("introduction"), features=BOX_FEATURES, blank=True)
    is_sensitive = models.BooleanField(
        _("sensitive"), default=False, help_text=_("Readers are asked for nothing beside its stories.")
    )

    RESERVED = (addresses.REACH_SLUG,)
    parent_page_types = ["newsroom.FrontPage"]
    subpage_types = ["newsroom.ArticlePage"]
    show_in_menus_default = True
    content_panels = [*Page.content_panels, FieldPanel("intro"), FieldPanel("is_sensitive")]

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")


class TopicPage(PrintedPageMixin, Page):
    """A running story: what it is about, key facts, timeline."""

    summary = RichTextField(_("what it is about"), features=BOX_FEATURES, blank=True)
    photo = models.ForeignKey(
        "newsroom.Photo", verbose_name=_("photo"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    key_facts = StreamField(KeyFactsBlock(), verbose_name=_("key facts"), blank=True)
    timeline = StreamField(TopicTimelineBlock(), verbose_name=_("timeline"), blank=True)
    is_sensitive = models.BooleanField(
        _("sensitive"), default=False, help_text=_("Readers are asked for nothing beside its stories.")
    )

    parent_page_types = ["newsroom.FrontPage"]
    subpage_types: list[str] = []
    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("photo"),
        FieldPanel("key_facts"),
        FieldPanel("timeline"),
        FieldPanel("is_sensitive"),
    ]

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")

    def printed_path(self) -> str:
        """`/topics/slug/` below the language's prefix."""
        return addresses.topic_path(self.path_prefix, self.slug)


class StaticPage(_UnderFrontMixin, Page):
    """About, contact, privacy policy, how to reach us when blocked."""

    class Role(models.TextChoices):
        """What other parts of the paper look this page up for."""

        OTHER = "other", _("An ordinary page")
        ABOUT = "about", _("About us")
        CONTACT = "contact", _("Contact")
        PRIVACY = "privacy", _("Privacy policy")
        REACH = "reach", _("How to reach us when blocked")
        PRINCIPLES = "principles", _("Publishing principles")
        CORRECTIONS_POLICY = "corrections_policy", _("Corrections policy")

    role = models.CharField(_("what this page is"), max_length=30, choices=Role.choices, default=Role.OTHER)
    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)
    version = models.CharField(_("version"), max_length=30, blank=True, help_text=_("A policy says which one it is."))
    version_date = models.DateField(_("version of"), null=True, blank=True)

    parent_page_types = ["newsroom.FrontPage"]
    subpage_types: list[str] = []
    show_in_menus_default = True
    content_panels = [
        *Page.content_panels,
        FieldPanel("role"),
        HelpPanel(content=_("Pages shown in menus stand in the footer, in the order of the page tree.")),
        MultiFieldPanel([FieldPanel("version"), FieldPanel("version_date")], heading=_("Version")),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = pgettext_lazy("static", "page")
        verbose_name_plural = pgettext_lazy("static", "pages")

    def clean(self) -> None:
        """A privacy policy says its version and date: consents refer to it."""
        super().clean()
        if self.role == self.Role.PRIVACY and not (self.version and self.version_date):
            raise ValidationError({"version": _("A privacy policy needs a version and its date.")})
