"""The panel on top of an appeal's form: whether anything keeps it from asking now, and where to see why."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from wagtail.admin.panels import Panel

from stet.kit.clock import SystemClock


class WhyPanel(Panel):
    """What a new reader would see of the appeal on the newest article, and the way to the whole answer."""

    class BoundPanel(Panel.BoundPanel):
        """The panel on one appeal."""

        def is_shown(self) -> bool:
            """An appeal that was never saved has nothing to be asked about."""
            return bool(self.instance.pk)

        def render_html(self, parent_context: Any = None) -> SafeString:  # noqa: ARG002 - Wagtail's signature
            """A sentence, and a link."""
            from stet.appeals.reasons import in_short  # not before all models are there

            appeal = self.instance
            return render_to_string(
                "appeals/panel.html", {"appeal": appeal, "why": in_short(appeal, SystemClock().now())}
            )
