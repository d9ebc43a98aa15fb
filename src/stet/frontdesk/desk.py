"""What the frontdesk works with, put together once for a process out of the newsroom's settings.

It holds the keys that seal, look up and sign links, and those of the payment providers; the key that opens addresses is
not named here.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.conf import settings

from stet.frontdesk.limits import Limits
from stet.frontdesk.pressure import Pressure, Watch
from stet.frontdesk.shell import Printed, WithShell
from stet.frontdesk.tokens import Tokens
from stet.kit.clock import Clock, SystemClock
from stet.kit.languages import primary
from stet.ledger.giving import outcomes_since
from stet.ledger.printed import Support
from stet.ledger.providers.base import Provider
from stet.ledger.providers.setup import providers_of
from stet.readers.keys import ReaderKeys, load_links, load_lookup, load_sealer
from stet.readers.lists import PaperLanguage, ReaderList

PORTALS = ("https://billing.stripe.com",)
"""Where regular gifts are changed; no printed form leads there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The frontdesk's things."""

    paper_url: str
    own_url: str
    contact_email: str
    paper_languages: tuple[str, ...]
    keys: ReaderKeys
    printed: Printed
    limits: Limits
    clock: Clock
    providers: Mapping[str, Provider]
    """The ways to pay that are set up here, by the ledger's name."""
    payment_pages: tuple[str, ...]
    """Where the providers' pages are: a browser holds a form's redirects to the origins that its page names."""
    pressure: Pressure
    watch: Watch
    tokens: Tokens

    @property
    def origins(self) -> tuple[str, str]:
        """Where forms with a token come from."""
        return self.own_url, self.paper_url

    def languages(self) -> tuple[str, ...]:
        """The codes of the paper's languages, the first one first."""
        lists = self.printed.lists()
        return tuple(lists.languages) if lists else self.paper_languages

    def support(self) -> Support | None:
        """What is printed of giving."""
        return self.printed.support()

    def with_shell(self, code: str) -> WithShell | None:
        """A language with its shell, from whichever sheet names it."""
        support = self.printed.support()
        return self.language(code) or (support.languages.get(code) if support else None)

    def language(self, code: str) -> PaperLanguage | None:
        """What is printed of a language."""
        lists = self.printed.lists()
        return lists.languages.get(code) if lists else None

    def speaks(self, code: str) -> bool:
        """Whether the paper has a language, for letters or for giving."""
        return code in self.languages() or self.with_shell(code) is not None

    def front_url(self, code: str) -> str:
        """The paper's front page in a language."""
        printed = self.with_shell(code)
        return f"{self.paper_url}{printed.front_path if printed else '/'}"

    def list_of(self, key: str) -> ReaderList | None:
        """A printed list."""
        lists = self.printed.lists()
        return lists.get(key) if lists else None

    def lists(self) -> tuple[ReaderList, ...]:
        """Every printed list."""
        lists = self.printed.lists()
        return lists.lists if lists else ()

    def list_name(self, key: str) -> str:
        """What a list is called; its key's last part where it is printed no more."""
        found = self.list_of(key)
        return found.name if found else key.partition(".")[2]

    def privacy_version(self, language: str) -> str:
        """The version of the privacy policy that counts in a language; "" for none."""
        found = self.language(language)
        return found.privacy.version if found and found.privacy else ""

    def best_language(self, accepted: str) -> str:
        """The paper's language that a browser's Accept-Language asks for first; else the paper's first."""
        own = self.languages()
        for asked in (part.partition(";")[0].strip().lower() for part in accepted[:200].split(",")):
            for code in own:
                if (asked and asked in (code.lower(), primary(code))) or primary(asked) == primary(code):
                    return code
        return own[0]


IS_ONION: ContextVar[bool] = ContextVar("whether this request came over the onion service", default=False)


def the_desk() -> Desk:
    """The desk of this process; over the onion service it and the paper stand at their onion addresses."""
    desk = _desk_of(settings.STET)
    if not IS_ONION.get():
        return desk
    return replace(desk, paper_url=settings.STET.onion_url, own_url=settings.STET.onion_frontdesk_url)


@contextmanager
def reached_at(host: str) -> Iterator[None]:
    """Answer a request that asks for `host` (a Host header) with addresses of the same world."""
    address = getattr(settings.STET, "onion_address", "")
    token = IS_ONION.set(bool(address) and host.partition(":")[0].lower() == address)
    try:
        yield
    finally:
        IS_ONION.reset(token)


@lru_cache(maxsize=1)
def _desk_of(newsroom: Any) -> Desk:
    pressure = Pressure()
    return Desk(
        paper_url=newsroom.base_url,
        own_url=newsroom.frontdesk_url,
        contact_email=newsroom.settings.site.contact_email,
        paper_languages=newsroom.settings.site.languages,
        keys=ReaderKeys(
            sealer=load_sealer(newsroom.sealing_key),
            lookup=load_lookup(newsroom.lookup_key),
            links=load_links(newsroom.link_key),
        ),
        printed=Printed(newsroom.site),
        limits=Limits(),
        clock=SystemClock(),
        providers=providers_of(newsroom),
        payment_pages=(*PORTALS, *getattr(newsroom, "form_urls", ())[1:]),
        pressure=pressure,
        watch=Watch(pressure, outcomes_since),
        tokens=Tokens(),
    )
