"""HTML from the wild becomes our blocks, and what is lost is said."""

import pytest

from stet.intake import records
from stet.intake.records import (
    Embed,
    FactBox,
    File,
    Gallery,
    GalleryPhoto,
    Photo,
    PullQuote,
    Quotation,
    Subhead,
    Table,
    Text,
)
from stet.intake.web_sources import Sources
from stet.intake.web_text import blocks_of

FILES = {"7": "media:7", "8": "media:8"}


def sources() -> Sources:
    """Attachments 7 and 8 were found, ferry.jpg by its name; one sound, and one article of ours."""
    return Sources(
        photo=lambda address, number: FILES.get(number) or ("media:ferry" if address.endswith("ferry.jpg") else None),
        file=lambda address: "media:horn" if address.endswith("horn.mp3") else None,
        link=lambda address: "record:article:3" if address.endswith("/?p=3") else address,
        gallery=lambda numbers: tuple(FILES[number] for number in numbers.split(",") if number in FILES),
        caption=lambda source_id: {"media:7": "The quay"}.get(source_id, ""),
        attached=("media:7", "media:8"),
    )


def read(html: str) -> tuple[records.Block, ...]:
    return blocks_of(html, sources())[0]


def losses(html: str) -> list[str]:
    return [loss.reason for loss in blocks_of(html, sources())[1]]


BLOCKS: dict[str, tuple[str, list[records.Block]]] = {
    "an empty line ends a paragraph": ("One.\n\nTwo.", [Text(html="<p>One.</p><p>Two.</p>")]),
    "a line break stays one": ("One,\ntwo.", [Text(html="<p>One,<br>two.</p>")]),
    "marks of running text become ours": (
        "<strong>a</strong> <em>b</em> <del>c</del> <u>d</u>",
        [Text(html="<p><b>a</b> <i>b</i> <s>c</s> d</p>")],
    ),
    "inline marks at block level keep their lines": (
        "<b>Question?</b>\nAnswer.",
        [Text(html="<p><b>Question?</b><br>Answer.</p>")],
    ),
    "a paragraph block": (
        "<!-- wp:paragraph -->\n<p>One\ntwo.</p>\n<!-- /wp:paragraph -->",
        [Text(html="<p>One two.</p>")],
    ),
    "a heading block": (
        '<!-- wp:heading {"level":3} -->\n<h3>Then</h3>\n<!-- /wp:heading -->',
        [Subhead(text="Then", level=3)],
    ),
    "a heading of the first size": ("<h1>Then</h1>", [Subhead(text="Then", level=2)]),
    "a list block, nested": (
        "<!-- wp:list --><ul><!-- wp:list-item --><li>One<ol><li>Two</li></ol></li>"
        "<!-- /wp:list-item --></ul><!-- /wp:list -->",
        [Text(html="<ul><li>One<ol><li>Two</li></ol></li></ul>")],
    ),
    "an image block that was found": (
        '<!-- wp:image {"id":7} --><figure class="wp-block-image">'
        '<img src="https://old.example.org/x.jpg" class="wp-image-7"/>'
        "<figcaption>The <strong>quay</strong></figcaption></figure><!-- /wp:image -->",
        [Photo(media="media:7", caption="The <b>quay</b>")],
    ),
    "an image found by its name, in a paragraph": (
        '<p>Before <a href="https://old.example.org/ferry.jpg">'
        '<img src="https://old.example.org/ferry.jpg"></a> after</p>',
        [Text(html="<p>Before</p>"), Photo(media="media:ferry"), Text(html="<p>after</p>")],
    ),
    "an image that was not found": (
        '<img src="https://old.example.org/lost.jpg" alt="A quay">',
        [Embed(url="https://old.example.org/lost.jpg", site="old.example.org", title="A quay")],
    ),
    "a gallery block": (
        '<!-- wp:gallery --><figure class="wp-block-gallery">'
        '<figure><img class="wp-image-7" src="a.jpg"><figcaption>One</figcaption></figure>'
        '<figure><img data-id="8" src="b.jpg"></figure></figure><!-- /wp:gallery -->',
        [Gallery(photos=(GalleryPhoto(media="media:7", caption="One"), GalleryPhoto(media="media:8")))],
    ),
    "a gallery shortcode with numbers": (
        '[gallery ids="7,8"]',
        [Gallery(photos=(GalleryPhoto(media="media:7", caption="The quay"), GalleryPhoto(media="media:8")))],
    ),
    "a gallery shortcode without numbers": (
        "[gallery]",
        [Gallery(photos=(GalleryPhoto(media="media:7", caption="The quay"), GalleryPhoto(media="media:8")))],
    ),
    "a gallery of one is a photo": ('[gallery ids="8"]', [Photo(media="media:8")]),
    "a caption shortcode": (
        '[caption id="attachment_7" width="300"]<a href="x.jpg"><img src="x.jpg"></a> On the <em>quay</em>[/caption]',
        [Photo(media="media:7", caption="On the <i>quay</i>")],
    ),
    "an audio shortcode that was found": (
        '[audio mp3="https://old.example.org/horn.mp3"]',
        [File(media="media:horn", title="horn.mp3", use="audio")],
    ),
    "an audio block that was not found": (
        '<figure class="wp-block-audio"><audio controls src="https://old.example.org/song.mp3"></audio>'
        "<figcaption>A song</figcaption></figure>",
        [Embed(url="https://old.example.org/song.mp3", site="old.example.org", title="A song")],
    ),
    "a video block": (
        '<figure class="wp-block-video"><video src="https://old.example.org/v.mp4"></video></figure>',
        [Embed(url="https://old.example.org/v.mp4", site="old.example.org", title="v.mp4")],
    ),
    "an embed block": (
        '<!-- wp:embed {"url":"https://youtu.be/abc"} -->'
        '<figure class="wp-block-embed"><div class="wp-block-embed__wrapper">\n'
        "https://youtu.be/abc\n</div><figcaption>The launch</figcaption></figure><!-- /wp:embed -->",
        [Embed(url="https://youtu.be/abc", site="YouTube", title="The launch")],
    ),
    "a frame becomes the page that it shows": (
        '<iframe src="https://www.youtube.com/embed/abcdefghijk" title="The launch"></iframe>',
        [Embed(url="https://www.youtube.com/watch?v=abcdefghijk", site="YouTube", title="The launch")],
    ),
    "an address that stands alone": (
        "https://vimeo.com/1",
        [Embed(url="https://vimeo.com/1", site="Vimeo", title="Vimeo")],
    ),
    "an embed shortcode": (
        "[embed]https://vimeo.com/1[/embed]",
        [Embed(url="https://vimeo.com/1", site="Vimeo", title="Vimeo")],
    ),
    "a pasted post": (
        '<blockquote class="twitter-tweet"><p>The ferry is late</p>— A <a href="https://twitter.com/a/status/1">date</a></blockquote>',
        [
            Embed(
                url="https://twitter.com/a/status/1", site="Twitter", title="Twitter", text="The ferry is late — A date"
            )
        ],
    ),
    "a quote block": (
        '<blockquote class="wp-block-quote"><p>We knew.</p><cite>An engineer</cite></blockquote>',
        [Quotation(html="<p>We knew.</p>", attribution="An engineer")],
    ),
    "a pull quote block": (
        '<figure class="wp-block-pullquote"><blockquote><p>We knew.</p><cite>An engineer</cite></blockquote></figure>',
        [PullQuote(text="We knew.", attribution="An engineer")],
    ),
    "a table block": (
        '<figure class="wp-block-table"><table><thead><tr><th>Year</th><th>Price</th></tr></thead>'
        "<tbody><tr><td>2024</td><td>1<br>2</td></tr><tr><td>2025</td></tr></tbody></table><figcaption>Prices</figcaption></figure>",
        [Table(head=("Year", "Price"), rows=(("2024", "1 2"), ("2025", "")), caption="Prices")],
    ),
    "a table whose first column is a head": (
        "<table><tr><th>a</th><td>1</td></tr><tr><th>b</th><td>2</td></tr></table>",
        [Table(rows=(("a", "1"), ("b", "2")), first_column_is_head=True)],
    ),
    "columns, one below the other": (
        '<div class="wp-block-columns"><div class="wp-block-column"><p>One</p></div>'
        '<div class="wp-block-column"><p>Two</p></div></div>',
        [Text(html="<p>One</p><p>Two</p>")],
    ),
    "a details block": (
        "<details><summary>What is a lock?</summary><p>A gate.</p></details>",
        [FactBox(title="What is a lock?", html="<p>A gate.</p>")],
    ),
    "code keeps its lines": (
        "<pre><code>if x:\n  y()</code></pre>",
        [Text(html="<p><code>if x:</code><br><code>&nbsp; y()</code></p>")],
    ),
    "a file block that was not found": (
        '<div class="wp-block-file"><a href="https://old.example.org/r.pdf">Report</a><a href="https://old.example.org/r.pdf">Download</a></div>',
        [Text(html='<p><a href="https://old.example.org/r.pdf">Report</a></p>')],
    ),
    "a link to a page of the old site": (
        '<a href="https://old.example.org/?p=3">here</a>',
        [Text(html='<p><a href="record:article:3">here</a></p>')],
    ),
    "a block with an address and no HTML": (
        '<!-- wp:embed {"url":"https://vimeo.com/1"} /-->',
        [Embed(url="https://vimeo.com/1", site="Vimeo", title="Vimeo")],
    ),
    "the text of an unknown shortcode": ('[box color="red"]Read this[/box]', [Text(html="<p>Read this</p>")]),
    "nothing": ("", []),
    "white space alone": ("\n\n &nbsp; \n", []),
}


@pytest.mark.parametrize("sentence", BLOCKS)
def test_markup_becomes_blocks(sentence: str) -> None:
    html, expected = BLOCKS[sentence]
    assert list(read(html)) == expected


LOSSES = {
    "[poll id=3]": "shortcode removed",
    '[box color="red"]Read this[/box]': "shortcode removed: its text was kept",
    "<!-- wp:latest-posts /-->": "block removed: made by the old site for each visitor",
    "<!-- wp:query --><div>inside</div><!-- /wp:query -->": "block removed: made by the old site for each visitor",
    "<!-- wp:acme/slider --><div>inside</div><!-- /wp:acme/slider -->": "unknown block: its text was kept",
    '<!-- wp:acme/map {"x":1} /-->': "unknown block removed",
    "<hr>": "separator removed",
    "a<!--nextpage-->b": "page break removed: long articles are split by the press",
    "<dl><dt>a</dt><dd>b</dd></dl>": "definition list written as paragraphs",
    '<p style="color:red">x</p>': "colours, sizes and alignment left to the theme",
    "<script>alert(1)</script>": "element removed",
    '<form><input name="x"></form>': "form removed: readers' forms are not part of a text",
    '<img src="https://old.example.org/lost.jpg">': "picture not found among the files",
    '[gallery ids="7,99"]': "pictures of a gallery not found among the files",
    "<table><tr><td><b>x</b></td></tr></table>": "links and marks inside a table became plain text",
    "<iframe src='https://vimeo.com/1'></iframe>": "became a still card, which loads nothing from elsewhere",
    "<h4>x</h4>": "heading of another size",
}


@pytest.mark.parametrize("html", LOSSES)
def test_what_is_lost_is_said(html: str) -> None:
    assert LOSSES[html] in losses(html)


def test_what_loses_nothing_says_nothing() -> None:
    assert (
        losses(
            "<!-- wp:paragraph --><p>One <em>two</em>.</p><!-- /wp:paragraph -->\n<h2>Three</h2><ul><li>Four</li></ul>"
        )
        == []
    )


def test_a_block_made_by_the_site_takes_its_content_with_it() -> None:
    html = "<p>a</p><!-- wp:query --><!-- wp:query --><p>b</p><!-- /wp:query --><p>c</p><!-- /wp:query --><p>d</p>"
    assert read(html) == (Text(html="<p>a</p><p>d</p>"),)


HOSTILE = {
    "a script in a link": '<a href="javascript:alert(1)">x</a>',
    "a handler": '<p onclick="alert(1)">x</p>',
    "a script inside a script": "<scr<script>ipt>alert(1)</script>x",
    "an SVG with a script": "<svg><script>alert(1)</script></svg>x",
    "a frame of data": '<iframe src="data:text/html,<script>alert(1)</script>"></iframe>x',
    "a style": "<style>p{background:url(https://evil.example.com)}</style>x",
    "an unclosed comment": "x<!-- <script>alert(1)</script>",
    "an address in capitals": '<a href="JaVaScRiPt:alert(1)">x</a>',
    "addresses that are none": '<a href="http://[x">x</a><iframe src="http://[y"></iframe><img src="http://[z:a/q.jpg">x',
    "an element that only the reading of shortcodes makes": '<stet-code n="9">x</stet-code>',
    "a picture with a handler": '<img src=x onerror="alert(1)">x',
}


@pytest.mark.parametrize("sentence", HOSTILE)
def test_hostile_html_is_disarmed(sentence: str) -> None:
    texts = " ".join(str(block) for block in read(HOSTILE[sentence])).lower()
    for sign in ("<script", "javascript:", "onclick", "onerror", "data:text", "<style", "<svg", "evil.example.com"):
        assert sign not in texts


DEEP = {
    "divisions": "<div>" * 5000 + "deep" + "</div>" * 5000,
    "marks": "<b>" * 3000 + "deep",
    "lists": "<ul><li>" * 1000 + "deep",
    "quotations": "<blockquote>" * 2000 + "deep",
    "shortcodes": "".join(f"[a_{n}]" for n in range(1000))
    + "deep"
    + "".join(f"[/a_{n}]" for n in reversed(range(1000))),
    "quotations and shortcodes in turn": "".join(f"[a_{n}]<blockquote>" for n in range(300))
    + "deep"
    + "".join(f"</blockquote>[/a_{n}]" for n in reversed(range(300))),
}


@pytest.mark.parametrize("sentence", DEEP)
def test_words_nested_too_deeply_are_kept_as_plain_text(sentence: str) -> None:
    assert "deep" in str(read(DEEP[sentence]))
    assert losses(DEEP[sentence])
