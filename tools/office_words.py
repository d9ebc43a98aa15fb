"""Bring the office's catalogues up to date: find every message of its pages, merge it into each language, compile.

    python tools/office_words.py

Works on `src/stet/office/locale` as `tools/desk_words.py` does on the desk's.
"""

import sys
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

sys.path.insert(0, str(Path(__file__).parents[1]))

from tools.desk_words import KEYWORDS, extract_template, has_placeholder, is_translated, written

ROOM = Path(__file__).parents[1] / "src" / "stet" / "office"
LOCALE = ROOM / "locale"
HEADER = b"""\
# Every message of Stet's office. Made by tools/office_words.py.
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
    """Every message of the office, with the files it stands in."""
    template = Catalog(charset="utf-8")
    for file in sorted(ROOM.rglob("*.*")):
        method = {".py": extract_python, ".html": extract_template}.get(file.suffix)
        if method is None:
            continue
        with file.open("rb") as source:
            for _line, message, comments, context in extract(method, source, KEYWORDS, ["Translators:"]):
                where = [(f"office/{file.relative_to(ROOM).as_posix()}", None)]
                flags = ["python-format"] if has_placeholder(message) else []
                template.add(message, locations=where, auto_comments=comments, context=context, flags=flags)
    return template


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
    return [str(message.id) for message in catalogue if message.id and not is_translated(message)]


def read(language: str) -> Catalog:
    """The catalogue of one language as people edit it."""
    with (LOCALE / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale=language)


if __name__ == "__main__":
    main()
