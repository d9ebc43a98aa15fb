"""What checklists add to the desk: an entry of a page's history. `wagtail_hooks` of this room loads it."""

from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry, LogFormatter

from stet.newsroom.workflow.passing import CHECKED

STYLES = """
.stet-checklist { list-style: none; padding: 0; margin-block: 1rem; max-width: 40rem }
.stet-checklist li { display: flex; gap: .6rem; align-items: baseline; padding-block: .4rem }
.stet-checklist .icon { flex: none; align-self: start; width: 1.1rem; height: 1.1rem; margin-block-start: .2rem }
.stet-checklist p { margin: .1rem 0; unicode-bidi: plaintext }
.stet-checklist__open { font-weight: 600 } .stet-checklist__open .icon { color: var(--w-color-critical-200) }
"""


@hooks.register("insert_global_admin_css")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _styles() -> SafeString:
    return SafeString(f"<style>{STYLES}</style>")


@hooks.register("register_log_actions")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _log_actions(actions: LogActionRegistry) -> None:
    @actions.register_action(CHECKED)
    class CheckedFormatter(LogFormatter):
        label = gettext_lazy("Check")

        def format_message(self, entry: Any) -> str:
            return _("Went through the checklist “%(task)s”") % {"task": entry.data.get("task", "")}

        def format_comment(self, entry: Any) -> str:
            lines = [str(line) for line in entry.data.get("ticked", ())]
            if entry.data.get("legal_read"):
                lines.append(_("A lawyer has read this version"))
            return "\n".join(lines)
