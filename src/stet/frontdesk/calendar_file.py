"""A day with a word, as a calendar file that tells nobody what it is about.

RFC 5545: lines end with CRLF and are folded at 75 octets, never inside a character. The entry lasts the whole day
wherever it is opened, takes nobody's time, invites nobody, and names no place, no page and no paper.
"""

from datetime import date, timedelta
from uuid import UUID

MEDIA_TYPE = "text/calendar; charset=utf-8"
MOST_OCTETS = 75
ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


def calendar_file(day: date, word: str, *, uid: UUID, made: date) -> bytes:
    """The file. `uid` is what a calendar knows the entry by; `made` is as exact as it says when it was made."""
    text = word.translate(ESCAPED)
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Calendar//EN",
        "CALSCALE:GREGORIAN",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{made:%Y%m%d}T000000Z",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{text}",
        "CLASS:PRIVATE",
        "TRANSP:TRANSPARENT",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{text}",
        "TRIGGER:PT9H",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return b"".join(folded(line) for line in lines)


def folded(line: str) -> bytes:
    """A line as it is written: cut into portions of at most 75 octets, each but the first behind a blank."""
    portions = [b""]
    for character in line:
        octets = character.encode("utf-8")
        if len(portions[-1]) + len(octets) > MOST_OCTETS:
            portions.append(b" ")
        portions[-1] += octets
    return b"\r\n".join(portions) + b"\r\n"
