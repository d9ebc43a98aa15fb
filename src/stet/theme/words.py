"""The theme's own words: English in the templates, other languages in `locale/<language>/LC_MESSAGES/stet.po`."""

from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

LOCALE = Path(__file__).with_name("locale")


@lru_cache(maxsize=64)
def load_words(language: str) -> NullTranslations:
    """The words of a language; English for one that has no file, and for each word its file lacks."""
    path = LOCALE / language / "LC_MESSAGES" / "stet.po"
    if not path.is_file():
        return NullTranslations()
    with path.open("rb") as source:
        catalog = read_po(source, locale=language.replace("-", "_"))
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Translations(compiled, domain="stet")


def word(message: str, *, language: str) -> str:
    """A word that a template says, for what is no template.

    >>> word("Corrections", language="ru")
    'Исправления'
    """
    return str(load_words(language).gettext(message))
