"""What the frontdesk works with, put together once for a process out of the newsroom's settings.

It holds the keys that seal, look up and sign links; the key that opens addresses is not named here.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings

from stet.frontdesk.limits import Limits
from stet.frontdesk.shell import Printed
from stet.kit.clock import Clock, SystemClock
from stet.kit.languages import primary
from stet.readers.keys import ReaderKeys, load_links, load_lookup, load_sealer
from stet.readers.lists import PaperLanguage, ReaderList


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

    @property
    def origins(self) -> tuple[str, str]:
        """Where forms with a token come from."""
        return self.own_url, self.paper_url

    def languages(self) -> tuple[str, ...]:
        """The codes of the paper's languages, the first one first."""
        lists = self.printed.lists()
        return tuple(lists.languages) if lists else self.paper_languages

    def language(self, code: str) -> PaperLanguage | None:
        """What is printed of a language."""
        lists = self.printed.lists()
        return lists.languages.get(code) if lists else None

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


def the_desk() -> Desk:
    """The desk of this process."""
    return _desk_of(settings.STET)


@lru_cache(maxsize=1)
def _desk_of(newsroom: Any) -> Desk:
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
    )
