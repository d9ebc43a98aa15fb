"""What the press printed for the frontdesk: the lists, what may be given, and the page that answers are set into.

The shell is a page of the paper with three marks: one for the base and the robots' hint, one for the title, one for the
answer. The frontdesk knows nothing else of the theme. Where none is printed, or one lacks a mark, a plain page of the
frontdesk's own stands in: whoever unsubscribes is answered in any case.
"""

import logging
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, TypeVar

from django.template.loader import render_to_string
from django.utils.html import escape

from stet.kit.errors import StetError
from stet.kit.languages import direction
from stet.ledger.errors import SupportMissingError
from stet.ledger.printed import PLACE as SUPPORT_PLACE
from stet.ledger.printed import Support, read_support
from stet.readers.errors import ListsMissingError
from stet.readers.lists import PLACE, Lists, read_lists

BASE, TITLE, ANSWER = "<!--stet:base-->", "<!--stet:title-->", "<!--stet:answer-->"
PAGE_SIGNATURE = re.compile(r"<!--stet-page .*?-->", re.DOTALL)
"""The printed page's own signature does not vouch for an answer."""
HERE = re.compile(r'(<a\b[^>]*\bhref=")#')
FROM_THE_ROOT = re.compile(r'(\s(?:href|src|action|poster)=")/(?!/)')
SOURCES = re.compile(r'(\ssrcset=")([^"]*)')
IN_A_SET = re.compile(r"(^|,\s*)/(?!/)")

T = TypeVar("T")
log = logging.getLogger(__name__)


class WithShell(Protocol):
    """A language as it is printed, for letters or for giving."""

    @property
    def name(self) -> str:
        """The paper's name in it."""

    @property
    def shell(self) -> str:
        """Where its shell stands in the edition."""

    @property
    def front_path(self) -> str:
        """Where its front page stands."""


class Printed:
    """The files that the frontdesk reads of the edition; each is read anew when it has changed."""

    def __init__(self, site: Path) -> None:
        self._site = site
        self._read: dict[Path, tuple[tuple[int, int], Any]] = {}

    def lists(self) -> Lists | None:
        """The lists; None where none can be read. Why not is logged, once."""
        return self._fresh(self._site / PLACE, lambda _file: self._lists())

    def support(self) -> Support | None:
        """What may be given and how; None where none can be read. Why not is logged, once."""
        return self._fresh(self._site / SUPPORT_PLACE, lambda _file: self._support())

    def shell(self, language: WithShell) -> str | None:
        """The shell in a language; None where there is none that can be used."""
        return self._fresh(self._site / language.shell.lstrip("/"), _shell)

    def _lists(self) -> Lists | None:
        try:
            return read_lists(self._site)
        except ListsMissingError:
            return None
        except StetError as error:
            log.error("%s", error)
            return None

    def _support(self) -> Support | None:
        try:
            return read_support(self._site)
        except SupportMissingError:
            return None
        except StetError as error:
            log.error("%s", error)
            return None

    def _fresh(self, file: Path, read: Callable[[Path], T | None]) -> T | None:
        try:
            status = file.stat()
        except OSError:
            return None
        version = (status.st_mtime_ns, status.st_size)
        if self._read.get(file, ((0, 0), None))[0] != version:
            self._read[file] = (version, read(file))
        found: T | None = self._read[file][1]
        return found


def _shell(file: Path) -> str | None:
    try:
        text = PAGE_SIGNATURE.sub("", file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        return None
    if all(text.count(mark) == 1 for mark in (BASE, TITLE, ANSWER)):
        return text
    log.error("The shell %s lacks one of its three marks. Print the edition anew.", file)
    return None


def set_answer(shell: str, answer: str, *, title: str, paper_url: str, here: str) -> str:
    """The whole page: `answer` (HTML) in the shell. Links inside the page are led back to `here`, past the base.

    Without `here` the page does not say its own address, which may hold half a token: then it has no base, links of the
    shell are led to the paper one by one, and links inside the page stay what they are.
    """
    robots = '<meta name="robots" content="noindex">'
    if not here:
        return (
            _led_to(shell, escape(paper_url))
            .replace(BASE, robots)
            .replace(TITLE, escape(title))
            .replace(ANSWER, answer)
        )
    base = f'<base href="{escape(paper_url)}/">{robots}'
    shell = HERE.sub(lambda found: f"{found[1]}{escape(here)}#", shell)
    return shell.replace(BASE, base).replace(TITLE, escape(title)).replace(ANSWER, answer)


def _led_to(shell: str, paper_url: str) -> str:
    """The shell with the addresses that begin at the root begun at the paper."""
    shell = FROM_THE_ROOT.sub(lambda found: f"{found[1]}{paper_url}/", shell)
    return SOURCES.sub(lambda found: found[1] + IN_A_SET.sub(lambda one: f"{one[1]}{paper_url}/", found[2]), shell)


def plain_shell(language: str, *, name: str, paper_url: str) -> str:
    """The frontdesk's own page, with the same marks."""
    values = {"language": language, "direction": direction(language), "name": name, "paper_url": paper_url}
    return render_to_string("frontdesk/plain.html", values)
