"""The reference of the copy contract and of `theme.toml`, made from the code that holds them.

A designer writes templates from this page without reading Python. A test compares the stored page with a new one.
"""

import ast
import inspect
from dataclasses import dataclass
from pathlib import Path

from stet.theme import copy
from stet.theme.look import SETTINGS

PATH = "docs/reference/theme.md"
"""Where the page stands, from the repository's root."""

_MACHINE_COPY = frozenset(
    {"FeedItem", "Feed", "SitemapEntry", "NewsSitemapEntry", "AppCopy", "WorkerLanguage", "WorkerCopy"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a kind of copy, as the source has it."""

    name: str
    type: str
    default: str
    help: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One class of copy, as the source has it."""

    name: str
    base: str
    template: str
    block: str
    help: str
    fields: tuple[Field, ...]


def kinds() -> tuple[Kind, ...]:
    """Every class of copy, in the order of the source."""
    tree = ast.parse(inspect.getsource(copy))
    return tuple(_kind(node) for node in tree.body if isinstance(node, ast.ClassDef) and node.name != "Copy")


def _kind(node: ast.ClassDef) -> Kind:
    constants = {
        target.id: ast.literal_eval(item.value)
        for item in node.body
        if isinstance(item, ast.Assign) and isinstance(target := item.targets[0], ast.Name)
    }
    block = next((ast.literal_eval(k.value) for k in node.keywords if k.arg == "tag"), "")
    return Kind(
        name=node.name,
        base=ast.unparse(node.bases[0]),
        template=constants.get("TEMPLATE", ""),
        block=block,
        help=ast.get_docstring(node) or "",
        fields=tuple(_fields(node)),
    )


def _fields(node: ast.ClassDef) -> list[Field]:
    found = []
    for item, following in zip(node.body, [*node.body[1:], None], strict=True):
        if not isinstance(item, ast.AnnAssign) or not isinstance(item.target, ast.Name):
            continue
        if "ClassVar" in ast.unparse(item.annotation):
            continue
        found.append(
            Field(
                name=item.target.id,
                type=ast.unparse(item.annotation).replace("'", ""),
                default=ast.unparse(item.value) if item.value else "",
                help=_text(following),
            )
        )
    return found


def _text(node: ast.stmt | None) -> str:
    """The docstring that follows a field, on one line; empty where none does."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
        return " ".join(node.value.value.split())
    return ""


def theme_reference() -> str:
    """The whole page, in Markdown."""
    every = kinds()
    page = next(kind for kind in every if kind.name == "Page")
    pages = [kind for kind in every if kind.template]
    blocks = [kind for kind in every if kind.block]
    rest = [k for k in every if not k.template and not k.block and k.name != "Page" and k.name not in _MACHINE_COPY]
    parts = [
        _HEAD,
        "## Templates\n",
        "| Template | Gets `page` as | Which is |\n| --- | --- | --- |",
        *(f"| `{k.template}` | [{k.name}](#{k.name.lower()}) | {_cell(_first_line(k.help))} |" for k in pages),
        "\n## What every page has\n",
        _section(page),
        "## Pages\n",
        *(_section(kind) for kind in pages),
        "## Body blocks\n",
        "The macro of each block stands in `blocks.html`, or for letters in `letter_blocks.html`, under the name given "
        "here.\n",
        *(_section(kind) for kind in blocks),
        "## What stands inside them\n",
        *(_section(kind) for kind in rest),
        "## theme.toml\n",
        _settings(),
    ]
    return "\n".join(parts).rstrip() + "\n"


_HEAD = """# Theme reference

<!-- Made by `python -m stet.theme.reference`; edit src/stet/theme/copy.py and look.py instead. -->

Every template gets three values: `page` (below), `site` (the same as `page.site`) and `style` (the style sheet).
A field that is not named here does not exist, and a template that asks for it is refused with its file and line.

- Text is plain and is escaped for you. Only fields called `html`, or whose name ends in `_html`, hold clean HTML:
  print them with `|safe`. So does each of a topic's `key_facts`.
- A field whose name ends in `_path`, or is called `path`, begins with "/"; one that ends in `_url` is a whole address.
- `None`, `()` and `""` mean that there is none: leave the place out.
- Moments are in UTC; the filters `short_time`, `day`, `short_day`, `month` and `clock` write them for readers.
"""


def _section(kind: Kind) -> str:
    lines = [f"### {kind.name}\n"]
    if kind.template:
        lines.append(f"Template: `{kind.template}`.\n")
    if kind.block:
        lines.append(f"Macro: `{kind.block}`.\n")
    lines.append(kind.help + "\n")
    if kind.base == "Page":
        lines.append("Has [what every page has](#what-every-page-has), and:\n")
    if kind.fields:
        lines.append("| Field | Type | When left out | What it is |\n| --- | --- | --- | --- |")
        lines += [_row(field) for field in kind.fields]
    return "\n".join(lines) + "\n"


def _row(field: Field) -> str:
    default = f"`{field.default}`" if field.default else "never"
    return f"| `{field.name}` | `{_cell(field.type)}` | {default} | {_cell(field.help)} |"


def _settings() -> str:
    rows = [f"| `{s.name}` | {f'`{s.default}`' if s.default else 'the name'} | {_cell(s.help)} |" for s in SETTINGS]
    return "\n".join(["| Setting | Default | What it is |", "| --- | --- | --- |", *rows]) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


def _first_line(text: str) -> str:
    return text.partition("\n")[0]


if __name__ == "__main__":
    Path(PATH).write_text(theme_reference(), "utf-8")
