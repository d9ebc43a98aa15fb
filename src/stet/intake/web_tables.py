"""An HTML table becomes a table of plain text with rows of one length.

Nothing here touches disk, network, clock or Django.
"""

from collections.abc import Iterator

from lxml import etree

from stet.intake import records
from stet.intake.web_markup import words_of


def table_of(element: etree._Element, *, caption: str | None = None) -> records.Table | None:
    """The table, with its own caption where none is given; None where every cell is empty."""
    rows = [row for row in element.iter("tr") if next(row.iterancestors("table")) is element]
    filled = [cells for row in rows if any(map(words_of, cells := _cells(row)))]
    if not filled:
        return None
    has_head = len(filled) > 1 and _is_head(filled[0])
    width = max(map(len, filled))
    texts = [tuple(map(words_of, cells)) + ("",) * (width - len(cells)) for cells in filled]
    body = filled[1:] if has_head else filled
    own = element.find("caption")
    return records.Table(
        caption=(words_of(own) if own is not None else "") if caption is None else caption,
        head=texts[0] if has_head else (),
        rows=tuple(texts[1:] if has_head else texts),
        first_column_is_head=width > 1 and all(_is_head(cells[:1]) for cells in body),
    )


def table_losses(element: etree._Element) -> Iterator[str]:
    """What a table of plain text does not keep."""
    if next(element.iter("a", "img", "ul", "ol", "b", "strong", "em", "i"), None) is not None:
        yield "links and marks inside a table became plain text"
    if any((cell.get("colspan") or cell.get("rowspan") or "1") != "1" for cell in element.iter("td", "th")):
        yield "cells of a table that spanned others stand alone"


def _cells(row: etree._Element) -> list[etree._Element]:
    return [cell for cell in row if cell.tag in ("td", "th")]


def _is_head(cells: list[etree._Element]) -> bool:
    return all(cell.tag == "th" for cell in cells)
