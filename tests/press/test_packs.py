"""The paper to take along: made of the printed edition alone, signed, whole, and small enough."""

import io
import json
import subprocess
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from stet.edition import minisig
from stet.edition.errors import EditionBrokenError
from stet.edition.folder import EditionFolder, Put
from stet.edition.page_signature import verify_page
from stet.edition.root import check_chain
from stet.edition.sheet import Sheet
from stet.press.errors import NothingToPackError, TooLargeError
from stet.press.packs.packed import Pack, read_pack
from stet.press.packs.packing import pack
from stet.press.packs.week import Week, read_week
from stet.theme.setting import Theme, load_theme
from tests.edition.builders import Paper, a_put

THEME = load_theme()
FIRST, LAST = date(2026, 2, 20), date(2026, 2, 26)
HOME = "https://far-shore.example.org"


def a_jpeg(width: int = 640, *, noise: bool = False) -> bytes:
    made = io.BytesIO()
    picture = Image.effect_noise((width, width // 2), 90) if noise else Image.new("RGB", (width, width // 2), "#335577")
    picture.convert("RGB").save(made, "JPEG", quality=90)
    return made.getvalue()


def a_photo(number: int) -> dict[str, Any]:
    files = [
        {"url": f"{HOME}/media/{number}-{width}.jpg", "media_type": "image/jpeg", "width": width, "height": width // 2}
        for width in (320, 640, 1280)
    ]
    return {"alt": "A harbour & a crane", "credit": "Nina Solberg", "caption_html": "The <b>port</b>.", "files": files}


BLOCKS: list[dict[str, Any]] = [
    {"kind": "text", "html": '<p>It <a class="claim" id="c1" href="#s1">held</a><br>until dawn.</p>'},
    {"kind": "subhead", "text": "Then & now", "level": 2, "anchor": "then"},
    {"kind": "subhead", "text": "Below", "level": 3, "anchor": "below"},
    {"kind": "photo", "photo": a_photo(2), "size": "wide"},
    {"kind": "gallery", "title": "Two", "photos": [a_photo(2), a_photo(3)]},
    {"kind": "pull_quote", "text": "Nobody rang.", "attribution": "A guard"},
    {"kind": "quotation", "text_html": "<p>We asked.</p>", "attribution": "H. Vries"},
    {"kind": "table", "caption": "Rain", "head": ["", "mm"], "rows": [["May", "12"]], "first_column_is_head": True},
    {"kind": "fact_box", "title": "In short", "html": "<ul><li>One</li></ul>"},
    {"kind": "timeline", "entries": [{"when": "14 May", "title": "Set up", "html": "Eleven members.",
     "article": {"label": "The other", "url": f"{HOME}/2026/02/24/other/"}}]},
    {"kind": "embed", "target_url": "https://video.example.com/1", "site": "Harbour Video", "title": "Bells"},
    {"kind": "document", "title": "The ruling", "url": f"{HOME}/files/r.pdf", "media_type": "application/pdf",
     "size_bytes": 12000},
    {"kind": "audio", "url": f"{HOME}/files/a.mp3", "media_type": "audio/mpeg", "size_bytes": 90000,
     "transcript_html": "<p>Hello</p>"},
    {"kind": "note", "html": "<p>We are blocked.</p>"},
    {"kind": "known", "known": ["<p>It rained.</p>"], "unknown": ["<p>Why.</p>"]},
]  # fmt: skip


def a_twin(day: str, slug: str, language: str = "en", **more: Any) -> dict[str, Any]:
    prefix = "" if language == "en" else f"/{language}"
    return {
        "format": "stet-article", "version": 1, "id": int(day), "revision": f"r{day}", "language": language,
        "direction": "rtl" if language == "fa" else "ltr", "kind": "news", "headline": f"Headline {slug} <&>",
        "url": f"{HOME}{prefix}/2026/02/{day}/{slug}/", "published": f"2026-02-{day}T10:00:00Z",
        "modified": f"2026-02-{day}T11:00:00Z", "paper": {"name": "The Far Shore", "url": f"{HOME}{prefix}/"},
        "body": [{"kind": "text", "html": "<p>Words.</p>"}], **more,
    }  # fmt: skip


TWINS = [
    a_twin("25", "dam", standfirst="A standfirst.", bylines=[{"name": "Lida Orsova"}, {"name": "Tomas Venn"}],
           photo=a_photo(1), body=BLOCKS, section={"label": "World", "url": f"{HOME}/world/"}, dateline="Tolv",
           updated="2026-02-26T09:00:00Z", corrections=[{"date": "2026-02-26", "text_html": "<p>Not 5 but 6.</p>"}]),
    a_twin("24", "other", body=[{"kind": "text", "html": f'<p>See <a href="{HOME}/2026/02/25/dam/">the dam</a>.</p>'}]),
    a_twin("19", "too-early"),
    a_twin("25", "sad", "fa", headline="سدی که شکست", photo=a_photo(1)),
]  # fmt: skip


@pytest.fixture
def paper(tmp_path: Path) -> Paper:
    made = Paper(tmp_path / "paper")
    twins = [a_put(path_of(twin), json.dumps(twin), "application/json") for twin in TWINS]
    photos = [(f"/media/{number}-640.jpg", a_jpeg()) for number in (1, 2, 3)]
    made.commit(*twins, *(photo_put(path, body) for path, body in photos))
    return made


def path_of(twin: dict[str, Any]) -> str:
    return str(twin["url"]).removeprefix(HOME) + "article.json"


def photo_put(path: str, body: bytes) -> Put:
    return Put.of(Sheet(path=path, media_type="image/jpeg", body=body))


def a_week(paper: Paper, language: str = "en") -> Week:
    return read_week(paper.folder, language=language, first=FIRST, last=LAST, time_zone="Europe/Riga")


def packed(paper: Paper, to: Path, *kinds: str, language: str = "en", most: int = 5_000_000) -> Pack:
    return pack(
        a_week(paper, language), THEME, paper.folder, to, signer=paper.signer, most_bytes=most, kinds=kinds
    )  # fmt: skip


def pages_in(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_it_holds_the_articles_of_these_days_in_this_language_newest_first(paper: Paper) -> None:
    week = a_week(paper)
    assert [twin["file"] for twin in week.articles] == ["01-dam.html", "02-other.html"]
    assert (week.first, week.last, week.seq, week.printed) == (FIRST, LAST, 1, date(2026, 3, 1))
    assert set(week.photos) == {f"{HOME}/media/{number}-640.jpg" for number in (1, 2, 3)}
    assert [twin["headline"] for twin in a_week(paper, "fa").articles] == ["سدی که شکست"]


def test_of_days_without_an_article_nothing_is_made(paper: Paper) -> None:
    with pytest.raises(NothingToPackError, match="No article in ru"):
        a_week(paper, "ru")


def test_a_story_that_was_taken_back_is_not_in_it(paper: Paper) -> None:
    paper.commit(removes=(path_of(TWINS[0]),))
    assert [twin["file"] for twin in a_week(paper).articles] == ["01-other.html"]


def test_a_sheet_that_is_not_what_was_signed_is_not_packed(paper: Paper) -> None:
    paper.folder.file(path_of(TWINS[0])).write_text("{}")
    with pytest.raises(EditionBrokenError, match="not the sheet that was signed"):
        a_week(paper)


def test_each_page_in_the_zip_is_signed_for_its_place_there_and_can_be_checked_with_what_is_in_it(
    paper: Paper, tmp_path: Path
) -> None:
    packed(paper, tmp_path, "zip")
    files = pages_in(tmp_path / "week.zip")
    roots = check_chain([files[".well-known/stet/root/1.json"]], site=paper.key.site)
    pages = [name for name in files if name.endswith(".html")]
    assert pages == [f"offline-en-2026-02-26/{name}.html" for name in ("index", "01-dam", "02-other")]
    for name in pages:
        verify_page(files[name], site=paper.key.site, edition_keys=roots[-1].edition_keys, path=f"/{name}")


def test_pages_ask_nobody_for_anything_and_lead_to_each_other(paper: Paper, tmp_path: Path) -> None:
    packed(paper, tmp_path, "zip")
    files = pages_in(tmp_path / "week.zip")
    dam, other = (files[f"offline-en-2026-02-26/{name}.html"].decode() for name in ("01-dam", "02-other"))
    for page in (dam, other):
        assert "default-src 'none'" in page
        assert 'src="http' not in page
        assert "<script" not in page
    assert '<a href="01-dam.html">the dam</a>' in other
    assert '<a href="02-other.html">The other</a>' in dam
    assert 'href="#s1"' not in dam
    assert dam.count("data:image/jpeg") == 4
    assert "Headline dam &lt;&amp;&gt;" in dam


def test_the_same_edition_gives_the_same_bytes(paper: Paper, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        packed(paper, tmp_path / folder, "zip", "epub")
    for name in ("week.zip", "week.epub", "week.zip.minisig"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_each_file_is_signed_so_that_minisign_can_check_it(paper: Paper, tmp_path: Path) -> None:
    made = packed(paper, tmp_path, "zip", "epub")
    assert read_pack(tmp_path) == made
    for file in made.files:
        body = (tmp_path / f"week.{file.kind}").read_bytes()
        signature = (tmp_path / f"week.{file.kind}.minisig").read_bytes()
        assert minisig.is_valid(signature, body, public_key=paper.signer.public_key)
        assert file.size_bytes == len(body)


def test_an_epub_of_every_kind_of_block_is_clean(paper: Paper, tmp_path: Path) -> None:
    packed(paper, tmp_path, "epub")
    said = subprocess.run(
        ["java", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-jar", "/usr/bin/epubcheck", tmp_path / "week.epub"],
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert "0 fatals / 0 errors / 0 warnings" in said.stdout, said.stdout + said.stderr


def test_an_epub_is_well_formed_and_turns_from_right_to_left_in_persian(paper: Paper, tmp_path: Path) -> None:
    packed(paper, tmp_path, "epub", language="fa")
    files = pages_in(tmp_path / "week.epub")
    assert next(iter(files)) == "mimetype"
    assert b'page-progression-direction="rtl"' in files["book/package.opf"]
    assert 'dir="rtl"' in files["book/a01-sad.xhtml"].decode()
    assert "book/images/1-640.jpg" in files


def test_a_pdf_has_every_article_and_fetches_nothing(paper: Paper, tmp_path: Path, socket_disabled: None) -> None:
    packed(paper, tmp_path, "pdf")
    body = (tmp_path / "week.pdf").read_bytes()
    assert body.startswith(b"%PDF-")
    text = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "week.pdf", "-"], capture_output=True, text=True, timeout=60, check=True
    ).stdout
    for words in ("The Far Shore", "Headline dam <&>", "Headline other <&>", "until dawn.", "Nobody rang.", "Why."):
        assert words in text


def test_photos_give_way_to_the_size_and_then_it_is_refused(paper: Paper, tmp_path: Path) -> None:
    paper.commit(*(photo_put(f"/media/{number}-640.jpg", a_jpeg(noise=True)) for number in (1, 2, 3)))
    whole = packed(paper, tmp_path, "epub").files[0]
    leads = packed(paper, tmp_path, "epub", most=whole.size_bytes - 1).files[0]
    none = packed(paper, tmp_path, "epub", most=leads.size_bytes - 1).files[0]
    assert (whole.photos, leads.photos, none.photos) == (3, 1, 0)
    with pytest.raises(TooLargeError, match="Name fewer --days"):
        packed(paper, tmp_path, "epub", most=none.size_bytes - 1)


def test_a_newsrooms_own_template_is_used(paper: Paper, tmp_path: Path) -> None:
    own = tmp_path / "theme"
    own.mkdir()
    (own / "pack_page.html").write_text("{{ week.paper }} by us")
    theme: Theme = load_theme(own)
    pack(
        a_week(paper), theme, paper.folder, tmp_path, signer=paper.signer, most_bytes=5_000_000, kinds=("zip",)
    )  # fmt: skip
    assert b"The Far Shore by us" in pages_in(tmp_path / "week.zip")["offline-en-2026-02-26/index.html"]


def test_without_an_edition_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NothingToPackError, match="run `stet print`"):
        read_week(EditionFolder(tmp_path), language="en", first=FIRST, last=LAST, time_zone="UTC")
