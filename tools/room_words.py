"""Bring the private wing's catalogues up to date: find every message of a room, merge it into each language, compile.

    python tools/room_words.py                    all rooms that speak: frontdesk, mailroom, office
    python tools/room_words.py office             one of them

Works on `src/stet/<room>/locale` as `tools/desk_words.py` does on the desk's.
"""

import sys
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

sys.path.insert(0, str(Path(__file__).parents[1]))

from tools.desk_words import KEYWORDS, extract_template, has_placeholder, is_translated, written

ROOMS = ("frontdesk", "mailroom", "office")
HEADER = """\
# Every message of Stet's {room}. Made by tools/room_words.py.
msgid ""
msgstr ""
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


class RoomWords:
    """The messages of one room and its catalogues."""

    def __init__(self, room: str) -> None:
        self.room = room
        self.folder = Path(__file__).parents[1] / "src" / "stet" / room
        self.locale = self.folder / "locale"

    def renew_all(self) -> list[str]:
        """Extract, merge, compile; answer what waits for its translation."""
        template = self.found_in_code()
        header = HEADER.format(room=self.room).encode()
        (self.locale / "django.pot").write_bytes(header + written(template, omit_header=True))
        return [
            f"{self.room}, {code}: {message}" for code in self.languages() for message in self.renew(code, template)
        ]

    def found_in_code(self) -> Catalog:
        """Every message of the room, with the files it stands in."""
        template = Catalog(charset="utf-8")
        for file in sorted(self.folder.rglob("*.*")):
            method = {".py": extract_python, ".html": extract_template}.get(file.suffix)
            if method is None:
                continue
            with file.open("rb") as source:
                for _line, message, comments, context in extract(method, source, KEYWORDS, ["Translators:"]):
                    where = [(file.relative_to(self.folder.parent).as_posix(), None)]
                    flags = ["python-format"] if has_placeholder(message) else []
                    template.add(message, locations=where, auto_comments=comments, context=context, flags=flags)
        return template

    def languages(self) -> list[str]:
        """The languages with a folder, by code."""
        return sorted(folder.name for folder in self.locale.iterdir() if folder.is_dir())

    def renew(self, language: str, template: Catalog) -> list[str]:
        """Merge the messages into one language and compile it; answer what waits for its translation."""
        file = self.locale / language / "LC_MESSAGES" / "django.po"
        catalogue = self.read(language)
        catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
        file.write_bytes(written(catalogue, ignore_obsolete=True))
        with file.with_suffix(".mo").open("wb") as out:
            write_mo(out, catalogue)
        return [str(message.id) for message in catalogue if message.id and not is_translated(message)]

    def read(self, language: str) -> Catalog:
        """The catalogue of one language as people edit it."""
        with (self.locale / language / "LC_MESSAGES" / "django.po").open("rb") as file:
            return read_po(file, locale=language)


def main() -> None:
    """Renew the rooms that the command line names, or all; end with exit code 1 while a message waits."""
    waiting = [message for room in sys.argv[1:] or ROOMS for message in RoomWords(room).renew_all()]
    print("\n".join(waiting) or "Every message is said in every language.")
    sys.exit(bool(waiting))


if __name__ == "__main__":
    main()
