"""Run two scanners for holes in web sites against a newsroom that runs: wapiti and sqlmap, as Debian has them.

    apt-get install wapiti sqlmap
    python tools/scan_desk.py --minutes 10

A sample newsroom is made and runs whole. wapiti walks the desk (signed in as an administrator, and as nobody), the
reader site and the frontdesk, and tries on what it finds: injection, scripts, files, commands, redirects, headers.
sqlmap tries the queries and forms of the desk's lists, its sign-in form and the frontdesk's forms. Neither calls
another host. Checks that need one, or a database of somebody else's, are left out; they are named in what is printed.

Prints JSON: findings by severity, and beside each that a question to the newsroom refutes, why. Ends with 0 where
wapiti found nothing else of medium severity or above, and sqlmap nothing at all.
"""

import argparse
import json
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from tools.desk.newsroom import DeskToolError, Running, running  # noqa: E402 - the path comes first

MODULES = (
    "backup", "blindsql", "cookieflags", "crlf", "csp", "csrf", "exec", "file", "htaccess", "http_headers", "methods",
    "permanentxss", "redirect", "shellshock", "sql", "xss",
)  # fmt: skip
LEFT_OUT = ("brute_login_form", "buster", "nikto", "ssrf", "wapp", "xxe")
"""They ask other hosts, or guess names from lists."""
LEVELS = {1: "low", 2: "medium", 3: "high", 4: "critical"}
WAPITI = """
import re, runpy, sys
from wapitiCore.attack import mod_csrf
from wapitiCore.net import crawler
crawler.wildcard_translate = lambda words: re.compile(".*".join(map(re.escape, words.split("*"))) + r"\\Z")
mod_csrf.mod_csrf.TOKEN_FORM_STRINGS.append("csrfmiddlewaretoken")
del sys.argv[0]
runpy.run_path(sys.argv[0], run_name="__main__")
"""
"""Debian's wapiti 3.0.4 can leave no address out on Python 3.11: it writes a flag in the middle of an expression.
And it does not know Django's name for the token against forged forms, and says that there is none."""
KEEP_OUT = ("/logout/", "/account/", "/users/", "/groups/")
"""With these it would lock itself out."""
BEGINNINGS = {
    "readersite": ("/", "/ru/", "/fa/", "/search/", "/about/"),
    "frontdesk": tuple(f"/en/{page}" for page in ("join", "remind", "give", "manage-link", "my-gift", "thanks")),
}
"""Where a walk begins beside the front: the frontdesk's front leads to the reader site."""
QUERIES = (
    "/pages/search/?q=flood&content_type=newsroom.articlepage&ordering=title",
    "/reports/site-history/?label=flood&user=1&object_type=1&timestamp_from=2026-01-01",
    "/reports/aging-pages/?content_type=1&last_published_at_from=2026-01-01",
    "/reports/workflow/?status=approved&reviewable=true",
    "/images/?q=dam&tag=x&collection_id=1&ordering=title",
    "/documents/?q=dam&ordering=title&collection_id=1",
    "/snippets/newsroom/person/?q=ann&kind=name&ordering=name&locale=en",
    "/redirects/?q=old&ordering=old_path&is_permanent=true&site=1",
    "/sourcing/gaps/?section=1&language=en&export=csv",
    "/api/main/pages/?search=flood&type=newsroom.articlepage&child_of=2&order=title&limit=5&offset=0",
    "/api/main/images/?search=dam&limit=5",
    "/choose-page/?page_type=newsroom.articlepage&q=flood&p=1",
    "/images/chooser/results/?q=dam&collection_id=1&p=1",
)


def main() -> int:
    """Scan, tell."""
    asked = arguments()
    for program in ("wapiti", "sqlmap"):
        if shutil.which(program) is None:
            raise SystemExit(f"{program} is not here. Run: apt-get install {program}")
    with tempfile.TemporaryDirectory(prefix="stet-scan-") as place:
        work = Path(place)
        with running(asked.newsroom or work / "paper", {"admin-1": "admin"}) as newsroom, ThreadPoolExecutor(2) as pool:
            runs = [pool.submit(scan, newsroom, work, asked) for scan in (by_wapiti, by_sqlmap)]
            told = {"wapiti": runs[0].result(), "sqlmap": runs[1].result()}
    print(json.dumps(told, indent=2))
    grave = sum(count for one in told["wapiti"]["by_place"].values() for level, count in one.items() if level != "low")
    return 1 if grave or told["sqlmap"]["injectable"] else 0


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10, help="at the most, for each run of either")
    parser.add_argument("--newsroom", type=Path, help="a folder for the newsroom, or with one")
    return parser.parse_args()


def progress(words: str) -> None:
    """Say how far it is."""
    print(time.strftime("%H:%M:%S"), words, file=sys.stderr, flush=True)


def cookie(newsroom: Running) -> str:
    """An administrator's session, as a browser sends it."""
    visitor = newsroom.signed_in("admin-1")
    return "; ".join(f"{one.name}={one.value}" for one in visitor.session.cookies)


# --- wapiti ---


def by_wapiti(newsroom: Running, work: Path, asked: argparse.Namespace) -> dict[str, Any]:
    """What wapiti finds at each place."""
    places = {
        "desk, as an administrator": (newsroom.desk, cookie(newsroom)),
        "desk, as nobody": (newsroom.desk, ""),
        "reader site": (newsroom.reader, ""),
        "frontdesk": (newsroom.frontdesk, ""),
    }
    with ThreadPoolExecutor(len(places)) as pool:
        runs = {
            name: pool.submit(wapiti, *where, work / re.sub(r"\W", "", name), seconds=asked.minutes * 60)
            for name, where in places.items()
        }
        said = {name: run.result() for name, run in runs.items()}
    findings = [
        {"place": name, "what": kind, "level": LEVELS[one["level"]], "info": one["info"], "path": one["path"],
         "parameter": one.get("parameter")}
        for name, report in said.items() for part in ("vulnerabilities", "anomalies")
        for kind, many in report[part].items() for one in many
    ]  # fmt: skip
    for one in findings:
        one["refuted"] = refuted(one, *places[one["place"]])
    counts = {
        name: Counter(one["level"] for one in findings if one["place"] == name and not one["refuted"])
        for name in places
    }
    addresses = {name: report["addresses"] for name, report in said.items()}
    return {
        "addresses": addresses,
        "by_place": counts,
        "findings": findings[:60],
        "modules": MODULES,
        "left_out": LEFT_OUT,
    }


def refuted(one: dict[str, Any], address: str, session: str) -> str:
    """Why a finding is none, where asking shows it; else nothing. It is told all the same.

    wapiti takes every form without a token for one that somebody else's page could send in an editor's name; it does
    not send it without one to see, and does not know that the name is a cookie's: who has none has no name. It takes a
    token for unchecked where a right and a wrong one get the same answer, also where both are refused.
    """
    if one["what"] != "Cross Site Request Forgery" or "easy to predict" in one["info"]:
        return ""
    if not session:
        kept = requests.get(address + one["path"], timeout=60).headers.get("Set-Cookie", "")
        return "" if kept else "no cookie is set or read here: nothing is done in anybody's name"
    forged: list[dict[str, str]] = [{"title": "forged"}, {"title": "forged", "csrfmiddlewaretoken": "wapiti"}]
    for fields in forged:
        sent = requests.post(address + one["path"], data=fields, headers={"Cookie": session}, timeout=60)
        if sent.status_code != requests.codes.forbidden:
            return ""
    return "without a token, and with a wrong one, it is answered with 403"


def wapiti(address: str, session: str, folder: Path, *, seconds: float) -> dict[str, Any]:
    """One run; its report."""
    folder.mkdir()
    report = folder / "report.json"
    progress(f"wapiti begins at {folder.name}")
    words = [
        "/usr/bin/python3", "-c", WAPITI, str(shutil.which("wapiti")),
        "-u", f"{address}/", "--scope", "domain", "-m", ",".join(MODULES), "-f", "json", "-o", str(report),
        "--flush-session", "--store-session", str(folder / "session"), "--store-config", str(folder / "config"),
        "--max-scan-time", str(round(seconds / 2)), "--max-attack-time", str(round(seconds / len(MODULES))),
        "-d", "4", "--max-links-per-page", "60", "-t", "60", "--no-bugreport", "-v", "0",
    ]  # fmt: skip
    words += [word for path in BEGINNINGS.get(folder.name, ()) for word in ("-s", f"{address}{path}")]
    words += [word for path in KEEP_OUT for word in ("-x", f"{address}{path}*")]
    words += ["-H", f"Cookie: {session}"] if session else []
    done = subprocess.run(words, capture_output=True, text=True, timeout=seconds * 6 + 600, check=False)
    progress(f"wapiti ends at {folder.name}")
    if not report.exists():
        raise DeskToolError(f"wapiti ended with {done.returncode}: {done.stdout[-500:]}{done.stderr[-1500:]}")
    return {**json.loads(report.read_text()), "addresses": walked(folder / "session")}


def walked(session: Path) -> int:
    """How many addresses and forms a run of wapiti came to."""
    count = 0
    for file in session.rglob("*.db"):
        with closing(sqlite3.connect(file)) as database:
            count += database.execute("SELECT count(*) FROM paths WHERE evil = 0").fetchone()[0]
    return count


# --- sqlmap ---


def by_sqlmap(newsroom: Running, work: Path, asked: argparse.Namespace) -> dict[str, Any]:
    """What sqlmap finds in queries and forms."""
    session = cookie(newsroom)
    runs: dict[str, list[str]] = {
        f"desk {query.split('?')[0]}": ["-u", newsroom.desk + query, f"--cookie={session}", "-p", names(query)]
        for query in QUERIES
    }
    runs["desk, sign-in form"] = ["-u", f"{newsroom.desk}/login/", "--forms", "--csrf-token=csrfmiddlewaretoken"]
    for page in ("/en/join", "/en/remind", "/en/give", "/en/manage-link"):
        fields = "email=a@example.org&list=1&lists=the-week&amount=5&currency=usd&frequency=once&method=stripe&token=x"
        runs[f"frontdesk {page}"] = ["-u", newsroom.frontdesk + page, f"--data={fields}"]
    folders = {name: work / f"sqlmap-{number}" for number, name in enumerate(runs)}
    with ThreadPoolExecutor(3) as pool:
        tried = {name: pool.submit(one_by_sqlmap, name, runs[name], folders[name], asked) for name in runs}
        ended = {name: run.result() for name, run in tried.items()}
    logs = {name: "\n".join(file.read_text() for file in folder.rglob("log")) for name, folder in folders.items()}
    found = {name: log[:600] for name, log in logs.items() if log.strip()}
    return {"ended": ended, "injectable": found, "count": Counter(ended.values())}


def one_by_sqlmap(name: str, words: list[str], into: Path, asked: argparse.Namespace) -> str:
    """One run, and how it ended."""
    ended = sqlmap(words, into, seconds=asked.minutes * 60)
    progress(f"sqlmap, {name}: {ended}")
    return ended


def names(query: str) -> str:
    """The names in a query: what is tried. The session's cookie is not."""
    return ",".join(name for name, _value in parse_qsl(urlsplit(query).query))


def sqlmap(words: list[str], into: Path, *, seconds: float) -> str:
    """One run, without its tests by waiting: a busy machine waits as well. How it ended."""
    common = [
        "--batch", "--output-dir", str(into), "--level=2", "--risk=2", "--technique=BEUSQ", "--dbms=SQLite",
        "--flush-session", "--disable-coloring", "--ignore-code=401,403,404,429", "--random-agent", "--timeout=60",
        "--retries=1",
    ]  # fmt: skip
    try:
        done = subprocess.run(
            ["sqlmap", *words, *common],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "out of time"
    if "is vulnerable" in done.stdout:
        return "vulnerable"
    if "do not appear to be injectable" in done.stdout or "not injectable" in done.stdout:
        return "nothing found"
    return "other: " + " ".join(re.findall(r"\[(?:CRITICAL|ERROR)\] ([^\n]{0,120})", done.stdout))[:200]


if __name__ == "__main__":
    raise SystemExit(main())
