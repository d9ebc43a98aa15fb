"""The sample newsroom asks for one sum, in one currency, wherever it speaks of it."""

import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from stet.appeals.sample import sample_files
from stet.appeals.support_sample import support_files

TEN_DOLLARS = {"en": "ten dollars", "ru": "десять долларов", "fa": "ده دلار"}
OTHER_MONEY = {"en": ("crown", "velm "), "ru": ("крон", "велм"), "fa": ("کرون", "ولم ")}


def asking(language: str) -> dict[str, str]:
    """Every text of the sample in which readers are asked, or told what readers give, by its file."""
    folder = Path(str(files("stet")))
    found = [
        *(file for file in sample_files() if file.stem == language),
        *(file for file in support_files() if file.name == f"support.{language}.toml"),
        *folder.glob(f"letters/sample/{language}.*.toml"),
        folder / f"newsroom/sample/pages/{language}/about.md",
    ]
    return {file.name: asked for file in found if (asked := _asked(file.read_text(encoding="utf-8")))}


def _asked(text: str) -> str:
    """Of a letter only its appeals: its stories may speak of any money."""
    if "[[letter.blocks]]" in text or "[list]" in text:
        blocks = text.split("[[letter.blocks]]")
        return "\n".join(block for block in blocks if 'kind = "appeal"' in block)
    return text


@pytest.mark.parametrize("language", TEN_DOLLARS)
def test_the_sample_asks_for_one_sum(language: str) -> None:
    texts = asking(language)
    assert {f"{language}.toml", f"support.{language}.toml", "about.md"} <= texts.keys()
    assert len(texts) == 4
    for name, text in texts.items():
        assert not [word for word in OTHER_MONEY[language] if word in text.lower()], name
    assert sum(TEN_DOLLARS[language] in text for text in texts.values()) >= 3


def test_the_sum_is_one_that_can_be_given_each_month() -> None:
    for file in support_files():
        offered = {one["currency"]: one["monthly"].split() for one in tomllib.loads(file.read_text())["currencies"]}
        assert "10" in offered["USD"], file.name


def test_the_country_has_one_name_in_each_language() -> None:
    for file in (*sample_files(), *support_files()):
        assert "Велмор" not in file.read_text(encoding="utf-8"), file.name
