"""What sourcing adds to the desk: claims marked in a story's text, and the panel beside it."""

from wagtail import hooks
from wagtail.rich_text.feature_registry import FeatureRegistry

from stet.sourcing.editor import draftail


@hooks.register("register_rich_text_features")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _claim_feature(features: FeatureRegistry) -> None:
    draftail.register(features)


@hooks.register("register_icons")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _icons(icons: list[str]) -> list[str]:
    return [*icons, "sourcing/icons/stet-claim.svg"]
