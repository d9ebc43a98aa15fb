"""What stands beside a question's page for machines: all its claims, as CSV and as JSON.

The rules:
 * Both hold every claim that readers may see, by the day it speaks of; `stands` is false of those that don't any more.
 * `format` and `version` say how to read the JSON. A field may be added within a version; a new version may change one.
 * A cell that a spreadsheet would take for a formula begins with an apostrophe (OWASP, "CSV Injection").
 * The same claims always give the same bytes.
"""

import csv
import io
from typing import Any

import msgspec

from stet.theme.addresses import absolute
from stet.theme.claims import chain_text
from stet.theme.copy import ClaimNote, ClaimSource, Question, Site

FORMAT = "stet-question"
VERSION = 1

COLUMNS = {
    "id": "The claim's UUID.",
    "as_of": "The day that the claim speaks of.",
    "said_on": "The day that whoever speaks in the text said so.",
    "recorded": "The day the paper recorded it.",
    "claim": "The claim in one sentence.",
    "language": "BCP 47 code of the sentence.",
    "who": "Who says so, citing whom, as on the page.",
    "root": "The furthest source named.",
    "low": "The lowest number.",
    "best": "The number.",
    "high": "The highest number.",
    "unit": "Of the numbers.",
    "date": "A day that is claimed.",
    "yes": "true or false.",
    "value": "The value in words.",
    "place": "Where it is claimed to be so.",
    "speech_act": "asserts, denies, predicts, declines, sees_no_signs.",
    "modality": "flat, reportedly, purportedly.",
    "status": "reported, purported, corroborated, officially_confirmed, disputed, denied, corrected, withdrawn or "
    "superseded.",
    "status_day": "Since when.",
    "note": "What readers are told about the status.",
    "stands": "false once it was corrected, withdrawn or superseded: it counts in no range and among no roots.",
    "articles": "Where it stands, addresses divided by blanks.",
}
"""The columns of the CSV, and the fields of a claim in the JSON; there `who` is the chain, link by link."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_json = msgspec.json.Encoder(order="sorted", decimal_format="number")


def question_csv(page: Question) -> bytes:
    """All claims as CSV (RFC 4180), UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for note in page.claims:
        fields = _claim(note, page.site)
        fields["who"] = chain_text(note.chain, language=page.site.language.code)
        fields["articles"] = " ".join(fields["articles"])
        writer.writerow([_cell(fields.get(column)) for column in COLUMNS])
    return out.getvalue().encode()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return f"{value:f}" if hasattr(value, "normalize") and not isinstance(value, str) else str(value)


def question_json(page: Question, uid: str) -> bytes:
    """All claims as JSON. `page` holds all of them."""
    site = page.site
    return _json.encode(
        {
            "format": FORMAT,
            "version": VERSION,
            "id": uid,
            "url": absolute(site.base_url, page.path),
            "language": site.language.code,
            "question": page.heading,
            "independent_roots": page.roots,
            "ranges": [
                {"unit": one.unit, "low": one.low.normalize(), "high": one.high.normalize(), "claims": one.claims}
                for one in page.ranges
            ],
            "claims": [_present(_claim(note, site)) for note in page.claims],
        }
    )


def _claim(note: ClaimNote, site: Site) -> dict[str, Any]:
    last = note.history[-1] if note.history else None
    value = note.value
    low, best, high = (value.low, value.best, value.high) if value else (None, None, None)
    return {
        "id": note.id,
        "as_of": note.as_of,
        "said_on": note.chain[0].said_on if note.chain else None,
        "recorded": note.made,
        "claim": note.sentence,
        "language": note.language,
        "who": [_source(link, site) for link in note.chain],
        "root": note.chain[-1].name if note.chain else "",
        "low": low.normalize() if low is not None else None,
        "best": best.normalize() if best is not None else None,
        "high": high.normalize() if high is not None else None,
        "unit": value.unit if value else "",
        "date": value.day if value else None,
        "yes": value.yes if value else None,
        "value": value.text if value else "",
        "place": note.place,
        "speech_act": note.speech_act,
        "modality": note.modality,
        "status": last.status if last else "",
        "status_day": last.date if last else None,
        "note": last.note if last else "",
        "stands": note.stands,
        "articles": [absolute(site.base_url, link.path) for link in note.articles],
    }


def _source(link: ClaimSource, site: Site) -> dict[str, Any]:
    return _present(
        {
            "name": link.name,
            "role": link.role,
            "interest": link.interest,
            "verb": link.verb,
            "addressee": link.addressee,
            "said_on": link.said_on,
            "url": absolute(site.base_url, link.path) if link.path else "",
        }
    )


def _present(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None and value not in ("", [])}
