"""The log's own words beside Wagtail's: changes of rights, exports."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogActionRegistry, LogFormatter

GIVEN, TAKEN, EXPORTED = "newsroom.rights.given", "newsroom.rights.taken", "newsroom.export"
FORGOTTEN = "newsroom.forgotten"


def register(actions: LogActionRegistry) -> None:
    """Name each action and say how its entry reads."""

    @actions.register_action(GIVEN)
    class GivenFormatter(LogFormatter):
        label = gettext_lazy("Give rights")

        def format_message(self, entry: Any) -> str:
            return _("Was given: %(rights)s") % {"rights": _rights(entry)}

    @actions.register_action(TAKEN)
    class TakenFormatter(LogFormatter):
        label = gettext_lazy("Take rights away")

        def format_message(self, entry: Any) -> str:
            return _("Was taken away: %(rights)s") % {"rights": _rights(entry)}

    @actions.register_action(EXPORTED)
    class ExportedFormatter(LogFormatter):
        label = gettext_lazy("Export")

        def format_message(self, entry: Any) -> str:
            values = {"what": entry.data.get("what", ""), "format": str(entry.data.get("format", "")).upper()}
            return _("Exported %(what)s as %(format)s") % values

    actions.register_action(
        FORGOTTEN, gettext_lazy("Forget a name"), gettext_lazy("Took a leaving colleague's name out")
    )


def _rights(entry: Any) -> str:
    return ", ".join(str(right) for right in entry.data.get("rights", ()))
