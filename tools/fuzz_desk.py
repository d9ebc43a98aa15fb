"""Send a running newsroom what none of its pages sends, and look for answers of 500 and above.

    python tools/fuzz_desk.py --requests 100000
    python tools/fuzz_desk.py --requests 5000 --newsroom /tmp/paper  # make it there and leave it, or use what is there

A sample newsroom is made and runs whole. Requests go over HTTP to the desk (as each role and as nobody), to the reader
site and to the frontdesk: every address of theirs with good and bad numbers and words in it, every method, queries and
headers made of rubbish, and the desk's own forms as they are filled in, with fields that are missing, doubled, huge,
damaged or of another kind. Signing out, and changing the accounts that it asks with, are left out: it would lock itself
out. An account that is gone all the same is made again.

Prints JSON: how many requests, which answers, and each address that failed. Ends with 0 where none did. Every 20
seconds it says on the error stream how far it is, and what failed since. `--minutes` ends it earlier.
"""

import argparse
import http.client
import json
import os
import random
import re
import string
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from tools.desk.newsroom import Running, running  # noqa: E402 - the path comes first

ROLES = ("admin", "publisher", "editor", "reporter", "photo", "letters", "appeals", "finance")
LEFT_OUT = re.compile(r"^/(logout|errors/test)|^/(users|account|groups)/.*(delete|\d)|/user/|^/account/")
"""Addresses with which it would lock itself out."""
SHARES = {"desk": 0.7, "reader": 0.2, "frontdesk": 0.1}
HUGE = "99999999999999999999"
RUBBISH = [
    "", "x", "-1", "0", HUGE, "%00", "\x00", "a\x00b", "null", "true", "[]", "{}", '{"a": {"b": [null]}}', "[" * 3000,
    "../../keys/edition", "..\\..\\x", "<script>alert(1)</script>", "' OR 1=1 --", '";DROP TABLE x;--', "{{7*7}}",
    "0000-00-00", "99999-12-31T23:59", "2026-13-45", "1e999", "NaN", "\u202e\ufeff\u2028", "ё" * 400, "x" * 20_000,
    "".join(map(chr, range(1, 32))), "\ud83d\ude00", "//example.org", "javascript:alert(1)", "$(id)", "%s%n", "é\u0301",
]  # fmt: skip
METHODS = ("GET",) * 10 + ("POST",) * 8 + ("HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND")
TYPES = (
    "application/x-www-form-urlencoded", "multipart/form-data", "multipart/form-data; boundary=x", "application/json",
    "text/plain; charset=utf-7", "application/x-www-form-urlencoded; charset=nope",
)  # fmt: skip
QUERY_NAMES = (
    "p", "page", "q", "ordering", "locale", "collection_id", "parent_page_id", "id", "tag", "page_type", "mode", "user",
    "content_type", "next", "multiple", "limit", "offset", "order", "child_of", "fields", "type", "translation_of",
    "site", "url", "filter", "width", "term", "export", "owner", "edited_by", "kind", "section", "status", "byline",
    "topic", "language", "created_at_from", "created_at_to", "search", "for_explorer", "link_text", "view", "layout",
)  # fmt: skip


def main() -> int:
    """Make a newsroom, send, tell."""
    asked = arguments()
    with (
        tempfile.TemporaryDirectory(prefix="stet-fuzz-") as place,
        running(asked.newsroom or Path(place) / "paper", {}) as newsroom,
    ):
        began = time.monotonic()
        told = sent(newsroom, asked)
        told["seconds"] = round(time.monotonic() - began)
    print(json.dumps(told, indent=2, ensure_ascii=False))
    return 1 if told["failed"] else 0


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--at-once", type=int, default=3)
    parser.add_argument("--minutes", type=float, default=1440, help="at the most, without the making of the newsroom")
    parser.add_argument("--newsroom", type=Path, help="a folder for the newsroom, or with one")
    return parser.parse_args()


class Result:
    """What one thread counted, and when it has to end."""

    def __init__(self, deadline: float) -> None:
        self.statuses, self.failed, self.by_place = Counter[str](), Counter[str](), Counter[str]()
        self.deadline = deadline


def sent(newsroom: Running, asked: argparse.Namespace) -> dict[str, Any]:
    """Send all requests; what came of them."""
    desk = Desk(newsroom)
    targets = {"desk": desk, "reader": Printed(newsroom), "frontdesk": Frontdesk(newsroom)}
    work = [name for name, share in SHARES.items() for _ in range(round(asked.requests * share))]
    random.Random(asked.seed).shuffle(work)
    deadline = time.monotonic() + asked.minutes * 60
    results = [Result(deadline) for _ in range(asked.at_once)]
    threads = [
        threading.Thread(
            target=send_all, args=(work[n :: asked.at_once], targets, results[n], random.Random(asked.seed * 97 + n))
        )
        for n in range(asked.at_once)
    ]
    for thread in threads:
        thread.start()
    told: set[str] = set()
    while any(thread.is_alive() for thread in threads):
        threads[0].join(20)
        desk.renew()
        count = sum(sum(result.statuses.values()) for result in results)
        failed = {what for result in results for what in list(result.failed)}
        print(f"{time.strftime('%H:%M:%S')}  {count:,} sent, {len(failed)} failed", *failed - told,
              sep="\n", file=sys.stderr, flush=True)  # fmt: skip
        told = failed
    return summed(results, asked, len(desk.forms))


def summed(results: list[Result], asked: argparse.Namespace, forms: int) -> dict[str, Any]:
    """What all threads counted."""
    statuses, failed, by_place = Counter[str](), Counter[str](), Counter[str]()
    for result in results:
        statuses.update(result.statuses)
        failed.update(result.failed)
        by_place.update(result.by_place)
    return {
        "requests": sum(statuses.values()), "seed": asked.seed, "forms": forms, "by_place": dict(by_place),
        "statuses": dict(sorted(statuses.items())), "failed": dict(failed.most_common(100)),
    }  # fmt: skip


def send_all(work: list[str], targets: dict[str, Any], result: Result, dice: random.Random) -> None:
    """Send one request after another."""
    lines: dict[str, http.client.HTTPConnection] = {}
    for place in work:
        if time.monotonic() > result.deadline:
            return
        target = targets[place]
        method, path, headers, body = target.request(dice)
        status, why = ask(lines, target.address, method, path, headers, body)
        result.statuses[status] += 1
        result.by_place[place] += 1
        if status.startswith("5") or why:
            result.failed[f"{place}: {status} {why} {method} {path[:160]} {target.what(body)}"[:400]] += 1


def ask(
    lines: dict[str, http.client.HTTPConnection], address: str, method: str, path: str, headers: dict[str, str],
    body: bytes | None,
) -> tuple[str, str]:  # fmt: skip
    """The status of an answer. A line that the server closed is opened once more; what then fails is told."""
    place = urlsplit(address).netloc
    for attempt in range(2):
        line = lines.get(place)
        if line is None:
            line = lines[place] = http.client.HTTPConnection(place, timeout=120)
        try:
            line.request(method, path, body=body, headers=headers)
            answer = line.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException) as error:
            line.close()
            lines.pop(place, None)
            if attempt:
                return "none", type(error).__name__
        else:
            return str(answer.status), ""
    return "none", "no answer"


# --- What is asked for ---


def rubbish(dice: random.Random) -> str:
    """A value that no form means."""
    if dice.random() < 0.3:
        return "".join(dice.choices(string.printable + "йёپژ\u200c", k=dice.randint(1, 40)))
    return dice.choice(RUBBISH)


def as_path(text: str) -> str:
    """Text as it may stand in a request's line."""
    return quote(text[:2000], safe="/:@!$&'()*+,;=-._~%", errors="surrogatepass")


def encoded(fields: list[tuple[str, str]]) -> bytes:
    """Fields as a form sends them, with halves of characters as they are."""
    return urlencode(fields, errors="surrogatepass").encode()


def a_query(dice: random.Random) -> str:
    """A query of rubbish, or none."""
    if dice.random() < 0.4:
        return ""
    names = dice.sample(QUERY_NAMES, dice.randint(1, 4))
    return "?" + encoded([(name, rubbish(dice)[:1500]) for name in names]).decode()


def some_headers(dice: random.Random) -> dict[str, str]:
    """Headers as a browser's, or odd ones."""
    odd = {
        "Accept": ["application/json", "text/html", "*/*;q=x", "image/avif"],
        "Accept-Language": ["fa", "ru", "xx-YY;q=9", "*" * 500],
        "Range": ["bytes=0-0", "bytes=-1", "bytes=9-1", "bytes=x", "lines=1-2"],
        "If-None-Match": ["*", '"x"', "W/"],
        "If-Modified-Since": ["yesterday", "Thu, 01 Jan 1970 00:00:00 GMT"],
        "X-Requested-With": ["XMLHttpRequest"],
        "X-Forwarded-For": ["127.0.0.1", "x, y", "::1"],
        "Content-Encoding": ["gzip", "br"],
        "Accept-Encoding": ["br;q=x", "identity", "gzip, br, zstd"],
    }
    return {name: dice.choice(values) for name, values in odd.items() if dice.random() < 0.12}


class Desk:
    """The desk: its addresses by the URLconf, its forms as it fills them in, its people."""

    def __init__(self, newsroom: Running) -> None:
        self.address = newsroom.desk
        os.environ["STET_NEWSROOM"] = str(newsroom.folder)
        from stet.project.settings import open_newsroom
        from stet.project.setup import set_up_django

        set_up_django(open_newsroom(newsroom.folder))
        self._cookies: dict[str, dict[str, str]] = {}
        self.renew()
        self._numbers = list(numbers())
        self._patterns = sorted(set(patterns()))
        self.forms: list[tuple[str, list[tuple[str, str]]]] = []
        threading.Thread(target=self._find_forms, daemon=True).start()

    def renew(self) -> None:
        """Let everybody in who is not in any more, with the rights they began with."""
        from django.contrib.auth import get_user_model
        from django.test import Client

        from stet.project.desk_roles import give_roles

        for role in ROLES:
            account, is_new = get_user_model().objects.get_or_create(username=f"{role}-1")
            account.is_active = True
            account.save()
            give_roles(account, (role,))
            cookie = self._cookies.get(role)
            if is_new or cookie is None or not self._is_in(cookie):
                client = Client()
                client.force_login(account)
                token = "a" * 32
                self._cookies[role] = {"stet_desk": client.cookies["stet_desk"].value, "stet_desk_csrf": token}

    def _is_in(self, cookies: dict[str, str]) -> bool:
        status, _ = ask({}, self.address, "GET", "/account/", {"Cookie": joined(cookies)}, None)
        return status == "200"

    def request(self, dice: random.Random) -> tuple[str, str, dict[str, str], bytes | None]:
        """One request."""
        role = dice.choice((*ROLES, "admin", "admin", "publisher", ""))
        cookies = self._cookies.get(role, {})
        headers = {**some_headers(dice), **({"Cookie": joined(cookies)} if cookies else {})}
        headers |= {"X-CSRFToken": cookies["stet_desk_csrf"]} if cookies else {}
        if self.forms and dice.random() < 0.35:
            path, fields = dice.choice(self.forms)
            headers["Content-Type"] = TYPES[0]
            return "POST", path, headers, encoded(damaged(fields, dice))
        path = self._path(dice)
        method, body = dice.choice(METHODS), None
        if method in ("POST", "PUT", "PATCH", "DELETE"):
            headers["Content-Type"] = dice.choice(TYPES)
            names = dice.sample(QUERY_NAMES, 3)
            body = encoded([(name, rubbish(dice)) for name in names])
        return method, path + a_query(dice), headers, body

    def what(self, body: bytes | None) -> str:
        """The beginning of what was sent."""
        return (body or b"")[:120].decode(errors="replace")

    def _path(self, dice: random.Random) -> str:
        while True:
            pattern = dice.choice(self._patterns)

            def value(found: re.Match[str]) -> str:
                if dice.random() < 0.7 and "int" in found[0]:
                    return str(dice.choice(self._numbers))
                return dice.choice(["newsroom", "articlepage", "wagtailcore", "page", "publish", rubbish(dice)])

            path = as_path("/" + re.sub(r"<[^>]*>", value, pattern)) or "/"
            if not LEFT_OUT.search(path):
                return path

    def _find_forms(self) -> None:
        """Look at the desk's pages for forms, while the first requests are sent."""
        for form in self._own_forms():
            self.forms.append(form)
        print(f"{time.strftime('%H:%M:%S')}  {len(self.forms)} forms found", file=sys.stderr, flush=True)

    def _own_forms(self) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        """The forms of the desk's pages, as they were filled in for an administrator."""
        import lxml.html
        import requests

        pages = one_of_each_kind()
        for pattern in self._patterns:
            of_pages = "<int" in pattern and pattern.startswith("pages/")
            for number in pages if of_pages else self._numbers[:40:4] if "<int" in pattern else [0]:
                path = "/" + re.sub(r"<int[^>]*>", str(number), pattern)
                if "<" in path or LEFT_OUT.search(path):
                    continue
                answer = requests.get(self.address + path, cookies=self._cookies["admin"], timeout=120)
                if answer.status_code != 200 or "html" not in answer.headers.get("Content-Type", ""):
                    continue
                for one in lxml.html.fromstring(answer.content or b"<p>").forms:
                    target = one.action or path
                    if one.method == "POST" and target.startswith("/") and not LEFT_OUT.search(target):
                        yield target, [(name, str(value or "")) for name, value in one.form_values()] + STREAMS
                if not of_pages:
                    break


STREAMS = [(f"{name}-count", "0") for name in ("body", "key_facts", "timeline", "stories")]
"""Fields that a script of the desk writes."""


def joined(cookies: dict[str, str]) -> str:
    """Cookies as a browser sends them."""
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def damaged(fields: list[tuple[str, str]], dice: random.Random) -> list[tuple[str, str]]:
    """A form as it was filled in, with a few fields that are not."""
    sent = [pair for pair in fields if pair[0] != "csrfmiddlewaretoken"]
    for _ in range(dice.randint(1, 4)):
        if not sent:
            break
        at = dice.randrange(len(sent))
        name, value = sent[at]
        match dice.randrange(5):
            case 0:
                del sent[at]
            case 1:
                sent.append((name, rubbish(dice)))
            case 2:
                sent[at] = (rubbish(dice)[:200], value)
            case _:
                sent[at] = (name, rubbish(dice))
    return sent


def one_of_each_kind() -> list[int]:
    """The newest page of each kind: they have different forms."""
    from wagtail.models import Page

    newest = dict(Page.objects.filter(depth__gt=1).order_by("pk").values_list("content_type_id", "pk"))
    return sorted(newest.values())


def numbers() -> Iterator[int]:
    """Numbers that stand for something, of each kind, and some that do not."""
    from django.apps import apps

    for model in apps.get_models():
        try:
            found = list(model._default_manager.values_list("pk", flat=True).order_by("-pk")[:6])
        except Exception:
            continue
        yield from (number for number in found if isinstance(number, int))
    yield from (0, 1, int(HUGE))


def patterns() -> Iterator[str]:
    """Every address of the desk, with its parts in brackets."""
    from django.urls import get_resolver

    from tests.newsroom.test_bad_input import NAMES
    from tests.newsroom.test_bad_input import patterns as of_the_desk

    for pattern in of_the_desk(get_resolver().url_patterns):
        for words, plain in NAMES.items():
            pattern = pattern.replace(words, plain)
        yield pattern


class Printed:
    """The reader site: printed sheets, and what is not there."""

    def __init__(self, newsroom: Running) -> None:
        self.address = newsroom.reader
        site = newsroom.folder / "edition" / "site"
        self._paths = ["/" + str(file.relative_to(site)) for file in sorted(site.rglob("*")) if file.is_file()][::7]

    def request(self, dice: random.Random) -> tuple[str, str, dict[str, str], bytes | None]:
        """One request."""
        path = dice.choice(self._paths) if self._paths else "/"
        if dice.random() < 0.5:
            at = dice.randrange(len(path))
            path = path[:at] + rubbish(dice)[:300] + path[at:]
        method = dice.choice(METHODS)
        body = rubbish(dice).encode("utf-8", "surrogatepass") if method in ("POST", "PUT") else None
        return method, as_path(path) + a_query(dice), some_headers(dice), body

    def what(self, _body: bytes | None) -> str:
        """Nothing is sent that matters."""
        return ""


class Frontdesk:
    """The frontdesk: its addresses with rubbish for tokens, its forms with rubbish in their fields."""

    FIELDS = ("email", "list", "lists", "consent", "policy", "language", "amount", "currency", "frequency", "method",
              "token", "other", "reason", "next", "when", "back", "website", "appeal", "variant")  # fmt: skip

    def __init__(self, newsroom: Running) -> None:
        self.address = newsroom.frontdesk
        source = (ROOT / "src" / "stet" / "frontdesk" / "urls.py").read_text()
        self._patterns = ["/" + found for found in re.findall(r'path\("([^"]*)"', source)]

    def request(self, dice: random.Random) -> tuple[str, str, dict[str, str], bytes | None]:
        """One request."""
        words = ["en", "ru", "fa", "stripe", "practice", "paypal", rubbish(dice)[:300], "a" * 43]
        path = re.sub(r"<[^>]*>", lambda _found: dice.choice(words), dice.choice(self._patterns))
        method, headers, body = dice.choice(METHODS), some_headers(dice), None
        if method in ("POST", "PUT", "PATCH"):
            headers["Content-Type"] = dice.choice(TYPES)
            fields = [(name, rubbish(dice)) for name in dice.sample(self.FIELDS, dice.randint(1, 8))]
            body = encoded(fields)
        return method, as_path(path) + a_query(dice), headers, body

    def what(self, body: bytes | None) -> str:
        """The beginning of what was sent."""
        return (body or b"")[:120].decode(errors="replace")


if __name__ == "__main__":
    raise SystemExit(main())
