"""Panels of a letter's form: what is to be mended and what can be done, and whose clock its hour is of."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail.admin.panels import Panel

from stet.kit.clock import SystemClock
from stet.letters.preflight import on_the_wall


class BeforeSendingPanel(Panel):
    """What preflight says of the letter as it stands in this form, with the buttons for it."""

    class BoundPanel(Panel.BoundPanel):
        """The panel on one letter."""

        def render_html(self, parent_context: Any = None) -> SafeString:  # noqa: ARG002 - Wagtail's signature
            """Findings and buttons; a letter that was never saved has nothing to be looked over yet."""
            from stet.letters.writing import findings_of  # not before all models are there

            letter = self.instance
            findings = (
                findings_of(letter, letter.list_page, now=SystemClock().now(), sets_mail=False) if letter.pk else ()
            )
            return render_to_string("letters/panel.html", {"letter": letter, "findings": findings})


class ClockPanel(Panel):
    """What the clock on the list's wall shows, beside the hour that is meant by it."""

    class BoundPanel(Panel.BoundPanel):
        """The panel on one letter."""

        def render_html(self, parent_context: Any = None) -> SafeString:  # noqa: ARG002 - Wagtail's signature
            """One sentence; a form is looked at for longer than a minute, so it says of when it speaks."""
            page = self.form.list_page()
            if page is None:
                return SafeString()
            sentence = _(
                "The hour is meant by the clock of the list: %(zone)s, where it was %(now)s as this was opened."
            )
            values = {"zone": page.zone_name, "now": on_the_wall(SystemClock().now(), page.zone_name)}
            return format_html('<p class="help">{}</p>', sentence % values)
