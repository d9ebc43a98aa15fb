"""Plain builders for tests about readers: keys, addresses, lists."""

from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from stet.readers.addresses import Address, checked_address
from stet.readers.keys import ReaderKeys
from stet.readers.links import Links
from stet.readers.lists import PLACE, Lists, lists_of
from stet.readers.lookup import Lookup
from stet.readers.sealing import Opener, Sealer

WORDING = "4f6d0c5c2b7a9e11"


@cache
def opening_key() -> X25519PrivateKey:
    return X25519PrivateKey.from_private_bytes(bytes(range(32)))


@cache
def an_opener() -> Opener:
    return Opener(opening_key())


@cache
def reader_keys() -> ReaderKeys:
    return ReaderKeys(
        sealer=Sealer(opening_key().public_key().public_bytes_raw()), lookup=Lookup(b"l" * 32), links=Links(b"k" * 32)
    )


def an_address(text: str = "ada@example.org") -> Address:
    return checked_address(text)


def a_list(key: str = "en.the-week", **changes: Any) -> dict[str, Any]:
    """One list as it stands in `lists.json`."""
    language, slug = key.split(".", 1)
    prefix = "" if language == "en" else f"/{language}"
    return {
        "key": key, "language": language, "name": "The Week", "promise": "A hand-picked selection, every Friday.",
        "cadence": "weekly", "path": f"{prefix}/letters/{slug}/", "is_open": True, "from_name": "The Far Shore",
        "time_zone": "Europe/Riga", "hour": "08:00", "weekday": 4,
        "consent": {"version": WORDING, "text": "By signing up you accept our privacy policy (version 2)."},
        "letters": [],
        **changes,
    }  # fmt: skip


def printed_lists(**changes: Any) -> dict[str, Any]:
    """`lists.json` of a paper in three languages with four lists, one of them closed."""
    names = {"en": "The Far Shore", "ru": "Дальний берег", "fa": "ساحل دور"}
    languages = {
        code: {
            "name": name, "direction": "rtl" if code == "fa" else "ltr",
            "shell": f"{prefix}/letters/answer/index.html", "lists_path": f"{prefix}/letters/",
            "front_path": f"{prefix}/", "privacy": {"version": "2", "path": f"{prefix}/privacy/"},
        }
        for code, name in names.items()
        for prefix in ("" if code == "en" else f"/{code}",)
    }  # fmt: skip
    lists = [
        a_list("en.the-week"),
        a_list("en.daily", name="Daily brief", promise="Five stories, every weekday at noon.", hour="12:00"),
        a_list("en.old", name="The Old One", is_open=False),
        a_list("ru.nedelya", name="Неделя", promise="Главное за неделю, каждую пятницу."),
        a_list("fa.hafte", name="هفته", promise="گزیده‌ای از خبرها و گزارش‌ها، هر جمعه."),
    ]  # fmt: skip
    paper = {
        "base_url": "https://example.org", "frontdesk_url": "https://letters.example.org", "time_zone": "Europe/Riga",
        "contact_email": "letters@example.org", "publisher": "The Far Shore",
    }  # fmt: skip
    return {"version": 1, "paper": paper, "languages": languages, "lists": lists, **changes}


def lists_now(**changes: Any) -> Lists:
    return lists_of(msgspec.json.encode(printed_lists(**changes)), where="lists.json")


def put_lists(site: Path, **changes: Any) -> None:
    file = site / PLACE
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(msgspec.json.encode(printed_lists(**changes)))
