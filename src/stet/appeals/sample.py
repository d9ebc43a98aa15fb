"""The sample newsroom's appeals, out of the files in `sample/`: one for each language.

Laid twice, nothing changes: an appeal whose code is there already is left as it is.
"""

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

from django.db import transaction
from wagtail.models import Locale

from stet.appeals.models import Appeal, AppealVariant
from stet.appeals.support_sample import rich


def sample_files() -> list[Path]:
    """The files of the sample, such as `en.toml`; those of the support page stand beside them."""
    folder = Path(str(files("stet.appeals"))) / "sample"
    return sorted(file for file in folder.glob("*.toml") if not file.name.startswith("support."))


@transaction.atomic
def lay_appeals() -> int:
    """Publish every appeal whose language the newsroom has; answer how many are new."""
    laid = 0
    for file in sample_files():
        locale = Locale.objects.filter(language_code=file.stem).first()
        for values in tomllib.loads(file.read_text(encoding="utf-8"))["appeal"] if locale else ():
            laid += _lay(values, locale)
    return laid


def _lay(values: dict[str, Any], locale: Locale) -> bool:
    if Appeal.objects.filter(locale=locale, code=values["code"]).exists():
        return False
    variants = [AppealVariant(title=one["title"], text=rich(one["text"])) for one in values.pop("variants")]
    appeal = Appeal(locale=locale, live=False, **values)
    appeal.variants = variants
    appeal.save()
    appeal.save_revision().publish()
    return True
