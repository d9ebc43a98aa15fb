"""Bring the desk's catalogues up to date: find every message, merge it into each language, compile.

    python tools/desk_words.py

What stands in `src/stet/newsroom/locale`: `django.pot`, every message of the desk; `<language>/LC_MESSAGES/django.po`,
the same in one language, edited by people; `django.mo` beside it, compiled, which is what Django reads. A message that
went is dropped, a new one stands empty and is named. What Wagtail's scripts lack, or say wrong, stands in `djangojs.po`
and is only compiled. Nothing of the day or the machine is written: run twice, nothing changes.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from babel.messages import Catalog
from babel.messages.extract import extract, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOMS = Path(__file__).parents[1] / "src" / "stet"
LOCALE = ROOMS / "newsroom" / "locale"
DESK = ("newsroom", "letters", "appeals", "sourcing", "intake", "press", "project")
"""The rooms whose messages are shown at the desk. The theme has catalogues of its own."""
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
"""Django's functions, and which of their arguments are the message."""
HEADER = b"""\
# Every message of Stet's desk. Made by tools/desk_words.py.
msgid ""
msgstr ""
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def main() -> None:
    """Extract, merge, compile; end with exit code 1 while a message waits for its translation."""
    template = found_in_code()
    (LOCALE / "django.pot").write_bytes(HEADER + written(template, omit_header=True))
    waiting = [f"{language}: {message}" for language in languages() for message in renew(language, template)]
    print("\n".join(waiting) or f"Every message is said in {', '.join(languages())}.")
    sys.exit(bool(waiting))


def found_in_code() -> Catalog:
    """Every message of the desk, with the files it stands in."""
    template = Catalog(charset="utf-8")
    for file in sorted(file for room in DESK for file in (ROOMS / room).rglob("*.*")):
        method = {".py": extract_python, ".html": extract_template}.get(file.suffix)
        if method is None or "migrations" in file.parts:
            continue
        with file.open("rb") as source:
            for _line, message, comments, context in extract(method, source, KEYWORDS, ["Translators:"]):
                where = [(file.relative_to(ROOMS).as_posix(), None)]
                flags = ["python-format"] if has_placeholder(message) else []
                template.add(message, locations=where, auto_comments=comments, context=context, flags=flags)
    return template


def extract_template(source: BinaryIO, keywords: Any, comment_tags: Any, options: Any) -> Iterator[Any]:
    """Babel's method for Django's templates: Django makes Python-like text of one, with X for what is no message."""
    from django.conf import settings
    from django.utils.translation.template import templatize

    if not settings.configured:
        settings.configure()
    # Inside brackets neither the text's indentation nor its line ends mean anything to the tokenizer.
    text = f"({templatize(source.read().decode())}\n)"
    return extract_python(io.BytesIO(text.encode()), keywords, comment_tags, options)


def has_placeholder(message: str | tuple[str, ...]) -> bool:
    """Whether the message takes a value by its name."""
    return any("%(" in form for form in ([message] if isinstance(message, str) else message))


def languages() -> list[str]:
    """The languages with a folder, by code."""
    return sorted(folder.name for folder in LOCALE.iterdir() if folder.is_dir())


def renew(language: str, template: Catalog) -> list[str]:
    """Merge the messages into one language and compile it; answer what waits for its translation."""
    file = LOCALE / language / "LC_MESSAGES" / "django.po"
    catalogue = read(language)
    catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
    file.write_bytes(written(catalogue, ignore_obsolete=True))
    with file.with_suffix(".mo").open("wb") as out:
        write_mo(out, catalogue)
    scripts = file.with_name("djangojs.po")
    with scripts.open("rb") as source, scripts.with_suffix(".mo").open("wb") as out:
        write_mo(out, read_po(source, locale=language))
    return [str(message.id) for message in catalogue if message.id and not is_translated(message)]


def written(catalogue: Catalog, **options: bool) -> bytes:
    """The catalogue as a `.po` file holds it, by the files its messages stand in."""
    out = io.BytesIO()
    write_po(out, catalogue, width=120, sort_by_file=True, include_lineno=False, **options)
    return out.getvalue()


def is_translated(message: Any) -> bool:
    """Whether every form of the message is said."""
    return all(message.string if isinstance(message.string, tuple) else [message.string])


def read(language: str) -> Catalog:
    """The catalogue of one language as people edit it."""
    with (LOCALE / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale=language)


if __name__ == "__main__":
    main()
