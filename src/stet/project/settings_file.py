"""How a new `stet.toml` is written: every setting with its help, and only those that were given switched on."""

import dataclasses
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from textwrap import wrap

from stet.project.settings import SECTIONS, read_settings

LEAD = """\
# The settings of this newsroom. A line that begins with "#" is switched off; what it shows is the default.
# Stet reads this file when it starts: after a change, end `stet up` and start it again.
"""


def write_settings(file: Path, values: Mapping[str, Mapping[str, object]]) -> None:
    """Write a new settings file that holds `values`, by section and name. Refuses what Stet would refuse to read."""
    text = settings_text(values)
    read_settings(text, file=file)
    file.write_text(text, encoding="utf-8")


def settings_text(values: Mapping[str, Mapping[str, object]]) -> str:
    """The text of a settings file that holds `values`."""
    return LEAD + "".join(
        line for name, section in SECTIONS.items() for line in _section(name, section, values.get(name, {}))
    )


def _section(name: str, section: type, values: Mapping[str, object]) -> Iterator[str]:
    yield f"\n[{name}]\n"
    for declared in dataclasses.fields(section):
        unit = f" In {declared.metadata['unit']}." if declared.metadata["unit"] else ""
        yield from (f"# {line}\n" for line in wrap(declared.metadata["help"] + unit, 116))
        is_given = declared.name in values
        shown = toml_value(values[declared.name] if is_given else declared.default)
        yield f"{'' if is_given else '#'}{declared.name} = {shown}\n"


def change_setting(file: Path, section: str, name: str, value: object) -> None:
    """Change one setting in a file that `write_settings` wrote; the rest stays as it is."""
    text = file.read_text(encoding="utf-8")
    head, mark, rest = text.partition(f"[{section}]\n")
    own, next_mark, others = rest.partition("\n[")
    line = f"{name} = {toml_value(value)}"
    changed, count = re.subn(rf"(?m)^#?\s*{name} = .*$", lambda _: line, own, count=1)
    if not mark:
        changed, head = f"{line}\n", f"{text}\n[{section}]\n"
    elif not count:
        changed = f"{line}\n{own}"
    text = head + mark + changed + next_mark + others
    read_settings(text, file=file)
    file.write_text(text, encoding="utf-8")


def toml_value(value: object) -> str:
    """A setting's value as TOML writes it.

    >>> toml_value(True), toml_value(("en", "ru")), toml_value(9000)
    ('true', '["en", "ru"]', '9000')
    """
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        inside = (f"{name} = {toml_value(inner)}" for name, inner in dataclasses.asdict(value).items())
        return f"{{ {', '.join(inside)} }}"
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
