"""Panels of the desk that Wagtail has no like of."""

from collections.abc import Iterator
from functools import cached_property

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail.admin.panels import Panel


class OriginalPanel(Panel):
    """On a translation: what it was made from, and whether that changed since. Elsewhere: nothing."""

    class BoundPanel(Panel.BoundPanel):
        """The panel on one article."""

        def is_shown(self) -> bool:
            """Only translations show it."""
            return bool(self.instance.pk and self.instance.original_id)

        def render_html(self, parent_context: object = None) -> SafeString:  # noqa: ARG002 - Wagtail's signature
            """A sentence, and where to look."""
            original = self.instance.original
            edit = reverse("wagtailadmin_pages:edit", args=[original.pk])
            beside = reverse("newsroom_beside_original", args=[self.instance.pk])
            if not self.instance.is_behind_original:
                sentence = _("This translation follows its original as published now.")
                return format_html(
                    '<p class="help-block help-info">{} <a href="{}">{}</a> · <a href="{}">{}</a></p>',
                    sentence, edit, original.title, beside, _("Side by side"),
                )  # fmt: skip
            return format_html(
                '<p class="help-block help-warning">{} <a href="{}">{}</a> · <a href="{}">{}</a> · '
                '<button type="submit" class="button button-small" formaction="{}" formnovalidate>{}</button></p>',
                _("The original changed since this translation was made:"),
                edit,
                original.title,
                beside,
                _("See what changed"),
                reverse("newsroom_follow_original", args=[self.instance.pk]),
                _("It agrees again"),
            )


class PhotoRightsPanel(Panel):
    """On an article with a photo whose rights end, or that letters may not show: until when. Elsewhere: nothing."""

    class BoundPanel(Panel.BoundPanel):
        """The panel on one article."""

        def is_shown(self) -> bool:
            """Only where there is something to say."""
            return bool(self._warnings)

        @cached_property
        def _warnings(self) -> list[tuple[str, str]]:
            from stet.newsroom.photos.rights import warnings  # not before all models are there

            return [
                (reverse("wagtailimages:edit", args=[photo.pk]), sentence)
                for photo, sentence in warnings(self.instance, day=timezone.localdate())
            ]

        def render_html(self, parent_context: object = None) -> SafeString:  # noqa: ARG002 - Wagtail's signature
            """A sentence for each, and where it is mended."""
            lines = format_html_join("", '<li>{1} <a href="{0}">{2}</a></li>', self._lines())
            return format_html('<div class="help-block help-warning"><ul class="stet-rights">{}</ul></div>', lines)

        def _lines(self) -> Iterator[tuple[str, str, str]]:
            return ((edit, sentence, _("To the photo")) for edit, sentence in self._warnings)
