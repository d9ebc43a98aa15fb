"""The reference of the copy contract is whole and fresh."""

from pathlib import Path

from stet.theme.reference import PATH, kinds, theme_reference
from stet.theme.setting import TEMPLATES

ROOT = Path(__file__).resolve().parents[2]


def test_the_stored_reference_is_fresh() -> None:
    assert (ROOT / PATH).read_text("utf-8") == theme_reference(), "run python -m stet.theme.reference from the root"


def test_every_field_that_a_template_may_read_is_documented() -> None:
    machine = {"FeedItem", "Feed", "SitemapEntry", "NewsSitemapEntry"}

    assert [f"{k.name}.{f.name}" for k in kinds() if k.name not in machine for f in k.fields if not f.help] == []


def test_every_kind_of_copy_says_what_it_is() -> None:
    assert [kind.name for kind in kinds() if not kind.help] == []


def test_every_page_has_its_template_and_every_block_its_macro() -> None:
    blocks = "".join((TEMPLATES / name).read_text("utf-8") for name in ("blocks.html", "letter_blocks.html"))

    assert [k.template for k in kinds() if k.template and not (TEMPLATES / k.template).is_file()] == []
    assert [k.block for k in kinds() if k.block and f"macro {k.block}(" not in blocks] == []
