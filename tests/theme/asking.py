"""What the sample paper asks of its readers, as copy: a banner and a letter of two variants each, with amounts."""

import tomllib

from stet.appeals.sample import sample_files
from stet.appeals.support_sample import rich
from stet.press.appeals import SCRIPT_HTML
from stet.theme.copy import AppealVariant, Asking, Giving, GivingAmount, PageAppeal

GIVING = Giving(
    action_url="https://join.example.org/en/give",
    interval="monthly",
    currency="EUR",
    method="card",
    amounts=tuple(GivingAmount(minor=minor, label=f"{minor // 100} €") for minor in (500, 1500, 4000)),
    more_path="/support/",
)


def an_asking(language: str = "en") -> Asking:
    """Both appeals of the sample in a language."""
    file = next(file for file in sample_files() if file.stem == language)
    made: dict[str, list[PageAppeal]] = {"banner": [], "letter": []}
    for appeal in tomllib.loads(file.read_text(encoding="utf-8"))["appeal"]:
        variants = tuple(
            AppealVariant(title=one["title"], html=rich(one["text"]), campaign=f"{appeal['code']}-{letter}")
            for one, letter in zip(appeal["variants"], "ab", strict=True)
        )
        made[appeal["slot"]].append(PageAppeal(rule=f"{appeal['code']} 0 0 4 30 2 3 4", variants=variants))
    return Asking(
        banner=tuple(made["banner"]),
        letter=tuple(made["letter"]),
        giving=GIVING,
        is_counted=True,
        script_html=SCRIPT_HTML,
    )
