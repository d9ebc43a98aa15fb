"""The rich-text feature "claim": how a mark is stored, shown in the editor, and counted as a use of its claim."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _
from draftjs_exporter.dom import DOM
from wagtail.admin.rich_text.converters.html_to_contentstate import InlineEntityElementHandler
from wagtail.admin.rich_text.editors.draftail.features import EntityFeature, PluginFeature
from wagtail.rich_text import LinkHandler
from wagtail.rich_text.feature_registry import FeatureRegistry

from stet.newsroom.blocks import CLAIM as FEATURE
from stet.sourcing.models import Claim
from stet.sourcing.rich_text import LINK_TYPE, attributes_of, read_attributes

ENTITY = "CLAIM"
KEPT = ["id", "mark", "exact", "prefix", "suffix"]
"""What a mark keeps when its words are copied; a pasted mark is that of the same claim."""
SCRIPTS = ["sourcing/texts.js", "sourcing/drawer.js", "sourcing/claim.js"]


class MarkHandler(InlineEntityElementHandler):
    """A stored mark becomes an entity. Words typed inside belong to it, so that the change shows."""

    mutability = "MUTABLE"

    def __init__(self) -> None:
        super().__init__(ENTITY)

    def get_attribute_data(self, attrs: dict[str, Any]) -> dict[str, str]:
        """What the mark says."""
        return {name: attrs.get(name) or "" for name in KEPT}


def mark_element(props: dict[str, Any]) -> Any:
    """An entity becomes a stored mark; one that is none leaves its words."""
    read = read_attributes(props)
    if read is None:
        return props["children"]
    return DOM.create_element("a", attributes_of(*read), props["children"])


class ClaimLinkHandler(LinkHandler):
    """Which claim a mark stands on, for Wagtail's index of references."""

    identifier = LINK_TYPE

    @staticmethod
    def get_model() -> type[Claim]:
        """Claims."""
        return Claim

    @classmethod
    def expand_db_attributes(cls, attrs: dict[str, str]) -> str:  # noqa: ARG003 - Wagtail's signature
        """The words only: what readers get is set by the press."""
        return "<a>"

    @classmethod
    def extract_references(cls, attrs: dict[str, str]) -> Iterator[tuple[type[Claim], str, str, str]]:
        """The claim."""
        read = read_attributes(attrs)
        if read is not None:
            yield Claim, str(read[0]), "", ""


class ClaimFeature(EntityFeature):
    """The button, and with it the keys that press it."""

    def __init__(self) -> None:
        button = {
            "type": ENTITY,
            "icon": "stet-claim",
            "description": _("Claim: who says this (Ctrl + Shift + L)"),
            "attributes": KEPT,
            "allowlist": {"id": "^[0-9]{1,18}$", "mark": "^[a-z0-9]{6,22}$"},
        }
        super().__init__(button, js=SCRIPTS)
        self._keys = PluginFeature({"type": "CLAIM_KEYS"})

    def construct_options(self, options: dict[str, Any]) -> None:
        """Both."""
        super().construct_options(options)
        self._keys.construct_options(options)


def register(features: FeatureRegistry) -> None:
    """Tell Wagtail of it."""
    features.register_editor_plugin("draftail", FEATURE, ClaimFeature())
    features.register_converter_rule(
        "contentstate",
        FEATURE,
        {
            "from_database_format": {f'a[linktype="{LINK_TYPE}"]': MarkHandler()},
            "to_database_format": {"entity_decorators": {ENTITY: mark_element}},
        },
    )
    features.register_link_type(ClaimLinkHandler)
