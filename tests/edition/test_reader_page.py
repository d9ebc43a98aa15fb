"""verify.html in a browser, from a file: by the browser's own Ed25519 and by the library, in three languages."""

import base64
import hashlib
import json
import random
import re
import shutil
import string
from collections.abc import Callable, Iterator
from functools import partial
from itertools import groupby
from pathlib import Path

import brotli
import pytest
from axe_playwright_python.sync_playwright import Axe
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from stet.edition.errors import KeyRefusedError
from stet.edition.root import fingerprint, spoken
from stet.edition.verify import Verdict, reader_page, verify_archive
from stet.edition.verify.page import GOOD_CODES, UNSURE_CODES, Code
from stet.edition.verify.shrinking import OWN, shrunk
from stet.project.reader_site import page_policy
from tests.edition.builders import a_paper, a_put, a_root
from tests.edition.copies import PROOF, bundle_of, edition_folder, files_of, zipped
from tests.edition.make_vectors import FOLDER, NOW, PAGE, SITE

CHROMIUM = next((found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None)
QUIET_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
LANGUAGES = ["en", "ru", "fa"]
READER = Path(reader_page.__file__).with_name("reader")
NO_ED25519 = """
const real = SubtleCrypto.prototype.importKey;
SubtleCrypto.prototype.importKey = function (format, key, algorithm, ...rest) {
  if ((algorithm.name || algorithm) === "Ed25519") return Promise.reject(new DOMException("No.", "NotSupportedError"));
  return real.call(this, format, key, algorithm, ...rest);
};
"""
COMPLAINTS: list[str] = []
"""What pages asked for, and what went wrong in them."""
VECTORS = [json.loads(file.read_text()) for file in sorted(FOLDER.glob("*.json"))]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET_FLAGS)
        yield started
        started.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(reduced_motion="reduce")
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def nothing_is_asked_and_nothing_goes_wrong() -> Iterator[None]:
    COMPLAINTS.clear()
    yield
    assert COMPLAINTS == []


def shown(
    context: BrowserContext,
    folder: Path,
    roots: list[bytes],
    *,
    language: str = "en",
    now: str = "",
    small: bool = False,
) -> Page:
    """verify.html with these roots, or check.html, opened as a file."""
    file = folder / ("check.html" if small else "verify.html")
    file.write_bytes(reader_page.check_page(roots, language) if small else reader_page.reader_page(roots))
    page = context.new_page()
    page.clock.set_fixed_time(now or "2026-03-31T12:00:00Z")
    page.on("request", lambda request: COMPLAINTS.append(request.url) if request.url != file.as_uri() else None)
    page.on("pageerror", lambda error: COMPLAINTS.append(str(error)))
    page.on("console", lambda message: COMPLAINTS.append(message.text))
    page.goto(f"{file.as_uri()}#{language}")
    expect(page.locator("body[data-ready]")).to_be_attached()
    return page


def checked(page: Page, name: str, body: bytes, *, path: str = "") -> str:
    """The code that a check of this file gives."""
    page.locator("#result").evaluate("e => { delete e.dataset.code }")
    page.locator("#path").fill(path)
    page.locator("#file").set_input_files({"name": name, "mimeType": "text/html", "buffer": body})
    page.locator("#result[data-code]").wait_for()
    return page.locator("#result").get_attribute("data-code") or ""


@pytest.mark.parametrize("by", ["browser", "library", "browser, check.html", "library, check.html"])
def test_every_vector_is_judged_as_python_judges_it(context: BrowserContext, tmp_path: Path, by: str) -> None:
    by, _, small = by.partition(", ")
    if by == "library":
        context.add_init_script(NO_ED25519)
    told, used = {}, set()
    known = lambda vector: (vector["roots"], vector["now"])  # noqa: E731
    for (roots, now), vectors in groupby(sorted(VECTORS, key=known), key=known):
        page = shown(context, tmp_path, [root.encode() for root in roots], now=now, small=bool(small))
        for vector in vectors:
            body = base64.b64decode(vector["page"])
            told[vector["about"]] = checked(page, "saved.html", body, path=vector["path"] or "")
            used.add(page.locator("#result").get_attribute("data-by"))
        page.close()
    assert told == {vector["about"]: vector["code"] for vector in VECTORS}
    assert used - {""} == {by}


def test_what_is_good_unsure_or_bad_is_so_in_python_too(context: BrowserContext, tmp_path: Path) -> None:
    page = shown(context, tmp_path, [a_root().to_bytes()])
    script = (READER / "page.js").read_text()
    levels = dict(
        re.findall(r'"?([a-z-]+)"?: "(good|unsure)"', script.partition("const LEVEL = {")[2].partition("}")[0])
    )
    assert levels.pop("no-roots") == "unsure"
    assert {code for code, level in levels.items() if level == "good"} == {code.value for code in GOOD_CODES}
    assert {code for code, level in levels.items() if level == "unsure"} == {code.value for code in UNSURE_CODES}
    checked(page, "x.html", PAGE + b"lies")
    assert page.locator("#result").get_attribute("data-level") == "bad"


BUNDLES = {
    "as it was made": lambda f: None,
    "in a folder": lambda f: [f.update({f"week/{name}": f.pop(name)}) for name in list(f)],
    "a page changed": lambda f: f.update({"one/index.html": f["one/index.html"] + b"lies"}),
    "a page for another": lambda f: f.update({"two/index.html": f["one/index.html"]}),
    "an unsigned page": lambda f: f.update({"x.html": b"<p>give"}),
    "a picture that nothing vouches for": lambda f: f.update({"media/dam.jpg": b"a picture"}),
    "a page among the proof": lambda f: f.update({f"{PROOF}/x.html": b"<p>give"}),
    "a script": lambda f: f.update({"x.js": b"alert(1)"}),
    "a name that leaves": lambda f: f.update({"../x.html": b"<p>give"}),
    "a pointer nobody signed": lambda f: f.pop(f"{PROOF}/edition.json.sig"),
    "a pointer that was changed": lambda f: f.update(
        {f"{PROOF}/edition.json": f[f"{PROOF}/edition.json"].replace(b'"seq":1', b'"seq":9')}
    ),
    "no roots": lambda f: f.pop(f"{PROOF}/root/1.json"),
    "another site's roots": lambda f: f.update({f"{PROOF}/root/1.json": a_root(2).to_bytes()}),
    "a second root that is nobody's": lambda f: f.update({f"{PROOF}/root/2.json": f[f"{PROOF}/root/1.json"]}),
}  # fmt: skip


def test_a_zip_is_judged_as_python_judges_it(context: BrowserContext, tmp_path: Path) -> None:
    paper = a_paper(tmp_path / "paper")
    page = shown(context, tmp_path, [paper.root.to_bytes()])
    levels = {Verdict.GOOD: "good", Verdict.WRONG: "bad", Verdict.UNSURE: "unsure"}
    bundles = {name: bundle_of(paper) for name in BUNDLES}
    for name, change in BUNDLES.items():
        change(bundles[name])
    told, expected = {}, {}
    bundles |= {"a whole edition": files_of(paper), "an edition's folder": edition_folder(paper)}
    large = a_paper(tmp_path / "large")
    scripts = (a_put(f"/old/{number}.js", f"old({number})", "text/javascript") for number in range(60))
    large.commit(*scripts)
    assert any(name.startswith(f"{PROOF}/nodes/") for name in files_of(large))
    bundles |= {
        "an edition with nodes in its manifest": files_of(large),
        "one of whose scripts was changed": files_of(large) | {"old/7.js": b"old(8)"},
    }
    for name, files in bundles.items():
        file = zipped(tmp_path / "week.zip", files)
        checked(page, "week.zip", file.read_bytes())
        told[name] = page.locator("#result").get_attribute("data-level")
        expected[name] = levels[verify_archive(file, root=paper.key, now=large.now).verdict]
    assert told == expected
    assert {name for name, level in told.items() if level == "good"} == {
        "as it was made", "in a folder", "a whole edition", "an edition's folder",
        "an edition with nodes in its manifest",
    }  # fmt: skip


@pytest.mark.parametrize("cut", [4, 30, 700])
def test_a_zip_that_is_cut_off_is_damaged(context: BrowserContext, tmp_path: Path, cut: int) -> None:
    paper = a_paper(tmp_path / "paper")
    page = shown(context, tmp_path, [paper.root.to_bytes()])
    body = zipped(tmp_path / "week.zip", bundle_of(paper)).read_bytes()
    assert checked(page, "week.zip", body[:cut]) == "zip-damaged"


def test_a_file_that_knows_nobody_shows_the_fingerprint_to_compare(context: BrowserContext, tmp_path: Path) -> None:
    paper = a_paper(tmp_path / "paper")
    page = shown(context, tmp_path, [])
    assert checked(page, "week.zip", zipped(tmp_path / "week.zip", bundle_of(paper)).read_bytes()) == "zip-alone"
    expect(page.locator("#result .digits")).to_have_text(fingerprint(paper.key.site))
    assert checked(page, "saved.html", PAGE) == "no-roots"
    expect(page.locator("#result")).to_contain_text("Compare the fingerprint before you believe it")


def test_the_source_of_a_page_can_be_pasted_and_checked_by_keyboard(context: BrowserContext, tmp_path: Path) -> None:
    page = shown(context, tmp_path, [a_root().to_bytes()])
    page.locator("summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.insert_text(PAGE.decode())
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#result")).to_have_attribute("data-code", "good")
    expect(page.locator("#result")).to_be_focused()


def test_a_dropped_file_is_checked(context: BrowserContext, tmp_path: Path) -> None:
    page = shown(context, tmp_path, [a_root().to_bytes()])
    page.evaluate(
        """text => { const data = new DataTransfer(); data.items.add(new File([text], "saved.html"));
        document.body.dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true})); }""",
        PAGE.decode(),
    )
    expect(page.locator("#result")).to_have_attribute("data-code", "good")


def test_on_a_site_it_works_under_the_sites_policy_and_warns_of_itself(context: BrowserContext, tmp_path: Path) -> None:
    html = reader_page.reader_page([a_root().to_bytes()])
    headers = {"content-security-policy": page_policy(checks=True)}
    context.route("**/*", lambda route: route.fulfill(body=html, content_type="text/html", headers=headers))
    page = context.new_page()
    page.clock.set_fixed_time("2026-03-31T12:00:00Z")
    page.goto("https://mirror.example.org/verify.html")
    expect(page.locator("#web")).to_contain_text("a site that lies can show a check that lies")
    assert checked(page, "saved.html", PAGE) == "good"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_speaks_each_language_and_everybody_can_use_it(
    browser: Browser, tmp_path: Path, language: str, scheme: str
) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": 320, "height": 640})  # type: ignore[arg-type]
    page = shown(context, tmp_path, [a_root().to_bytes()], language=language)
    checked(page, "saved.html", PAGE)
    words = json.loads((READER / "words.json").read_text())[language]
    expect(page.locator("#result h2")).to_contain_text(words["h_good"])
    expect(page.locator("#anchor")).to_contain_text(spoken(SITE))
    expect(page.locator("html")).to_have_attribute("dir", "rtl" if language == "fa" else "ltr")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    # Axe is put into the page by the test, which the page's own policy lets no page do.
    violations = Axe().run(page).response["violations"]
    assert [one["id"] for one in violations] == []
    context.close()


def test_every_word_stands_in_every_language_with_the_same_places() -> None:
    words = json.loads((READER / "words.json").read_text())
    places = {
        language: {
            key: sorted(name for _, name, _, _ in string.Formatter().parse(text) if name) for key, text in its.items()
        }
        for language, its in words.items()
    }
    assert places["ru"] == places["en"]
    assert places["fa"] == places["en"]
    named = set(re.findall(r'data-w="(\w+)"', (READER / "page.html").read_text()))
    named |= {code.value for code in Code} | {"choose", "choose_page", "lead", "lead_page", "noscript"}
    scripts = {name: (READER / name).read_text() for name in ("page.js", "zip.js")}
    stops = {name: set(re.findall(r'stop\("([\w-]+)"\)', script)) for name, script in scripts.items()}
    assert named | stops["page.js"] | stops["zip.js"] <= set(words["en"])


def test_the_small_page_has_every_word_that_it_can_come_to_say() -> None:
    text = reader_page.check_page([a_root().to_bytes()], "ru").decode()
    found = re.search(r'id="words">(.*?)</script>', text, re.S)
    assert found
    held = json.loads(found[1])["ru"]
    script = (READER / "page.js").read_text()
    said = {code.value for code in Code} - {"no-roots"} | set(re.findall(r'stop\("([\w-]+)"\)', script))
    said |= set(re.findall(r'data-w="(\w+)"', text)) | {"h_good", "h_bad", "h_unsure", "by_browser", "by_library"}
    said |= {"anchor", "unproven", "working", "f_file", "f_path", "f_time", "f_site", "f_words", "f_by"}
    assert said <= set(held)
    assert "checkZip(b" in script
    assert "DecompressionStream" not in text


def test_the_small_page_says_where_a_zip_is_checked(context: BrowserContext, tmp_path: Path) -> None:
    paper = a_paper(tmp_path / "paper")
    page = shown(context, tmp_path, [paper.root.to_bytes()], small=True, language="fa")
    assert checked(page, "week.zip", zipped(tmp_path / "week.zip", bundle_of(paper)).read_bytes()) == "zip-whole"
    expect(page.locator("#result")).to_have_attribute("data-level", "unsure")
    expect(page.locator("#result")).to_contain_text("verify.html")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")


def test_no_name_that_is_shortened_is_a_propertys() -> None:
    source = "".join((READER / name).read_text() for name in ("ed25519.js", "zip.js", "page.js"))
    bare = re.sub(r'"(?:[^"\\\n]|\\.)*"|/\*.*?\*/', '""', source, flags=re.S)
    properties = set(re.findall(r"(?<!\.)\.([A-Za-z_$][\w$]*)", bare))
    properties |= set(re.findall(r"(?<!\? )\b([A-Za-z_$][\w$]*):", bare))
    for braced in re.findall(r"\{((?:\s*[\w$]+\s*,?)+)\}(?!\s*catch)", bare):
        properties |= set(re.findall(r"[A-Za-z_$][\w$]*", braced))
    assert OWN & properties == set()


@pytest.mark.parametrize(
    ("made", "most_bytes"),
    [
        (reader_page.reader_page, 13_300),
        *((partial(reader_page.check_page, language=language), 7_600) for language in LANGUAGES),
    ],
    ids=["verify.html", *(f"check.html, {language}" for language in LANGUAGES)],
)
def test_nothing_in_it_can_ask_anybody_and_its_parts_are_named_by_digest(
    made: Callable[[list[bytes]], bytes], most_bytes: int
) -> None:
    text = made([a_root().to_bytes()]).decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    assert policy
    script, style = re.search(r"<script>(.*?)</script>", text, re.S), re.search(r"<style>(.*?)</style>", text, re.S)
    assert script
    assert style
    digests = [
        "sha256-" + base64.b64encode(hashlib.sha256(part[1].encode()).digest()).decode() for part in (script, style)
    ]
    assert policy[1] == (
        f"default-src 'none'; script-src '{digests[0]}'; style-src '{digests[1]}'; base-uri 'none'; form-action 'none'"
    )
    assert digests[0] in reader_page.script_hashes()
    assert not re.search(r"https?://|\bfetch\b|XMLHttpRequest|WebSocket|\beval\b", text)
    # A page's signature adds some 200 B.
    assert len(brotli.compress(text.encode(), quality=11)) <= most_bytes


def signatures() -> list[tuple[bytes, bytes, bytes]]:
    """(key, signature, message): good ones, ones with a bit turned, and those that checkers have disagreed about."""
    cases = []
    lots = random.Random(11)
    for n in range(GOOD_KEYS):
        key = Ed25519PrivateKey.from_private_bytes(lots.randbytes(32))
        message, public = lots.randbytes(n * 5), key.public_key().public_bytes_raw()
        good = key.sign(message)
        cases.append((public, good, message))
        for at in (lots.randrange(256), 256 + lots.randrange(256)):
            turned = (int.from_bytes(good, "little") ^ 1 << at).to_bytes(64, "little")
            cases.append((public, turned, message))
        other = (int.from_bytes(public, "little") ^ 1 << lots.randrange(256)).to_bytes(32, "little")
        larger = int.from_bytes(good[32:], "little") + ORDER  # S as it may not be written: RFC 8032, 5.1.7.
        cases += [(other, good, message), (public, good[:32] + larger.to_bytes(32, "little"), message)]
    zero = bytes(32)
    odd = [
        zero, b"\1" + bytes(31), b"\1" + bytes(30) + b"\x80", bytes.fromhex("ec" + "ff" * 30 + "7f"),
        bytes.fromhex("ed" + "ff" * 30 + "7f"), bytes.fromhex("ee" + "ff" * 30 + "7f"), b"\xff" * 32,
        bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
    ]  # fmt: skip
    return [*cases, *((key, point + zero, b"x") for key in odd for point in odd)]


GOOD_KEYS = 24
ORDER = 2**252 + 27742317777372353535851937790883648493


BOTH_WAYS = """
cases => Promise.all(cases.map(async parts => {
  const [key, signature, message] = parts.map(part => Uint8Array.from(part));
  const whole = await nobleVerify(signature, message, key, {zip215: false}).catch(() => false);
  return [whole, await globalThis.cut(key, signature, message)];
}))
"""


def test_the_library_cut_down_says_what_the_published_one_says(context: BrowserContext, tmp_path: Path) -> None:
    cut = shrunk((READER / "ed25519.js").read_text() + "globalThis.cut = isSignedByLibrary;")
    published = (Path(__file__).with_name("noble-ed25519.min.js")).read_text()
    file = tmp_path / "both.html"
    file.write_text(f"<!doctype html><meta charset=utf-8><script>{published}</script><script>{cut}</script>")
    page = context.new_page()
    page.goto(file.as_uri())
    verdicts = page.evaluate(BOTH_WAYS, [[list(part) for part in case] for case in signatures()])
    assert {tuple(pair) for pair in verdicts} == {(True, True), (False, False)}
    assert sum(whole for whole, _cut in verdicts) == GOOD_KEYS


def test_the_library_is_the_one_that_was_published() -> None:
    library = Path(__file__).with_name("noble-ed25519.min.js").read_bytes()
    assert library.startswith(b"/*! noble-ed25519 3.2.0 - MIT License")
    assert hashlib.sha256(library).hexdigest() == LIBRARY_DIGEST
    assert "MIT License" in (READER / "noble-ed25519.LICENSE.txt").read_text()


LIBRARY_DIGEST = "efc9343811c8d8175bce047f0de6bc616aea741645ce34cf16aa1460e1b7f581"
"""Of `npm pack @noble/ed25519@3.2.0`, whose verifyAsync esbuild 0.28.2 took out: see the README beside it."""


def test_it_is_a_key_by_the_roots_in_it(tmp_path: Path) -> None:
    file = tmp_path / "verify.html"
    file.write_bytes(reader_page.reader_page([a_root().to_bytes()]))
    assert reader_page.site_of_page(file) == (SITE, (a_root().to_bytes(),))
    file.write_bytes(reader_page.reader_page([]))
    with pytest.raises(KeyRefusedError, match=r"is no verify\.html of a newsroom"):
        reader_page.site_of_page(file)
    assert NOW.year == 2026
