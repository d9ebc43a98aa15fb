"""The panel on top of a letter's form: what is to be mended, and what can be done."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from wagtail.admin.panels import Panel

from stet.kit.clock import SystemClock


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
