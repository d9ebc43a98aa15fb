"""Time zones as a form offers them: one or more for each offset, with the places that readers of exiled papers live in.

Any other IANA name is taken as well; a form of a paper's own may offer it.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from stet.kit.writing import city

OFFERED_TEXT = """
Pacific/Honolulu America/Anchorage America/Los_Angeles America/Denver America/Chicago America/Mexico_City
America/New_York America/Toronto America/Bogota America/Caracas America/Halifax America/Sao_Paulo
America/Argentina/Buenos_Aires Atlantic/Azores Europe/Lisbon Europe/London Europe/Dublin Africa/Lagos
Europe/Amsterdam Europe/Belgrade Europe/Berlin Europe/Brussels Europe/Madrid Europe/Oslo Europe/Paris Europe/Prague
Europe/Rome Europe/Stockholm Europe/Vienna Europe/Warsaw Europe/Zurich Africa/Cairo Africa/Johannesburg
Asia/Beirut Asia/Jerusalem Europe/Athens Europe/Bucharest Europe/Chisinau Europe/Helsinki Europe/Kyiv Europe/Riga
Europe/Sofia Europe/Tallinn Europe/Vilnius Europe/Istanbul Europe/Minsk Europe/Moscow Asia/Baghdad Asia/Damascus
Asia/Riyadh Africa/Addis_Ababa Africa/Nairobi Asia/Tehran Asia/Baku Asia/Dubai Asia/Tbilisi Asia/Yerevan
Europe/Samara Asia/Kabul Asia/Almaty Asia/Ashgabat Asia/Dushanbe Asia/Karachi Asia/Tashkent Asia/Yekaterinburg
Asia/Kolkata Asia/Kathmandu Asia/Bishkek Asia/Dhaka Asia/Omsk Asia/Yangon Asia/Bangkok Asia/Ho_Chi_Minh
Asia/Jakarta Asia/Krasnoyarsk Asia/Novosibirsk Asia/Hong_Kong Asia/Irkutsk Asia/Manila Asia/Shanghai Asia/Singapore
Asia/Taipei Asia/Ulaanbaatar Australia/Perth Asia/Seoul Asia/Tokyo Asia/Yakutsk Australia/Brisbane Australia/Sydney
Asia/Vladivostok Asia/Magadan Asia/Kamchatka Pacific/Auckland
"""
OFFERED = tuple(OFFERED_TEXT.split())


def offered_zones(language: str, *, now: datetime, chosen: str = "") -> list[tuple[str, str]]:
    """IANA names and what a person reads, from west to east; the chosen one among them."""
    names = OFFERED if not chosen or chosen in OFFERED else (*OFFERED, chosen)
    ordered = sorted(names, key=lambda name: (_minutes(name, now), city(name, language=language)))
    return [(name, f"{city(name, language=language)} ({_offset(_minutes(name, now))})") for name in ordered]


def _minutes(name: str, now: datetime) -> int:
    offset = now.astimezone(ZoneInfo(name)).utcoffset()
    return int(offset.total_seconds() // 60) if offset else 0


def _offset(minutes: int) -> str:
    """The offset, with marks that keep it in one piece in a line that runs from right to left."""
    sign, minutes = ("+", minutes) if minutes >= 0 else ("\N{MINUS SIGN}", -minutes)
    return f"\N{LEFT-TO-RIGHT ISOLATE}UTC{sign}{minutes // 60}:{minutes % 60:02}\N{POP DIRECTIONAL ISOLATE}"
