"""What every rich-text editor of the desk gets without a feature of its own: clean paste, and links without trackers.

Lists of features stand in blocks, fields and their migrations. So pasting comes along with "bold", which each of them
has, and links are cleaned by the converter of "link" when a form is saved, however the link came in.
"""

from typing import Any

from django.forms import Media
from wagtail.admin.rich_text.converters.contentstate import link_entity
from wagtail.admin.rich_text.editors.draftail.features import PluginFeature
from wagtail.rich_text.feature_registry import FeatureRegistry

from stet.newsroom.writing.links import plain_link

CARRIER = "bold"
"""The feature that every rich text of the desk has."""
SCRIPTS = ["newsroom/writing/fragments.js", "newsroom/writing/paste.js"]


class WithPaste:
    """Wagtail's own feature, and pasting with it."""

    def __init__(self, own: Any) -> None:
        self._own = own
        self._paste = PluginFeature({"type": "STET_PASTE"}, js=SCRIPTS)

    def construct_options(self, options: dict[str, Any]) -> None:
        """Both."""
        self._own.construct_options(options)
        self._paste.construct_options(options)

    @property
    def media(self) -> Media:
        """Both."""
        both: Media = self._own.media + self._paste.media
        return both


def link_element(props: dict[str, Any]) -> Any:
    """A link as it is stored, led to where it leads."""
    return link_entity({**props, "url": plain_link(props["url"])} if isinstance(props.get("url"), str) else props)


def register(features: FeatureRegistry) -> None:
    """Put both in; Wagtail has registered its own before."""
    own = features.plugins_by_editor["draftail"][CARRIER]
    features.register_editor_plugin("draftail", CARRIER, WithPaste(own))
    rule = features.converter_rules_by_converter["contentstate"]["link"]
    stored = {**rule["to_database_format"], "entity_decorators": {"LINK": link_element}}
    features.register_converter_rule("contentstate", "link", {**rule, "to_database_format": stored})
