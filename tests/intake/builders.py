"""Archives as the tests need them: WordPress exports and Stet archives, written by us, field by field."""

import io
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from PIL import Image

HOST = "https://old.example.org"


def an_item(
    number: int | str = 1,
    *,
    title: str = "The ferry is late",
    content: str = "It was late.",
    kind: str = "post",
    status: str = "publish",
    name: str | None = None,
    link: str | None = None,
    date: str = "2024-03-01 09:30:00",
    creator: str = "anna",
    categories: Sequence[tuple[str, str]] = (("harbour", "Harbour"),),
    tags: Sequence[tuple[str, str]] = (),
    meta: Sequence[tuple[str, str]] = (),
    comments: int = 0,
    extra: str = "",
) -> str:
    """One <item> of an export. `extra` is XML put in as it is."""
    slug = f"item-{number}" if name is None else name
    terms = "".join(
        f'<category domain="category" nicename="{slug}"><![CDATA[{word}]]></category>' for slug, word in categories
    )
    terms += "".join(
        f'<category domain="post_tag" nicename="{slug}"><![CDATA[{word}]]></category>' for slug, word in tags
    )
    more = "".join(
        f"<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value><![CDATA[{value}]]></wp:meta_value></wp:postmeta>"
        for key, value in meta
    )
    more += "<wp:comment><wp:comment_content>Well said</wp:comment_content></wp:comment>" * comments
    address = f"{HOST}/2024/03/{slug}/" if link is None else link
    return (
        f"<item>\n<title>{escape(title)}</title>\n<link>{escape(address)}</link>\n"
        f"<dc:creator>{creator}</dc:creator>\n<content:encoded><![CDATA[{content}]]></content:encoded>\n"
        f"<excerpt:encoded><![CDATA[]]></excerpt:encoded>\n<wp:post_id>{number}</wp:post_id>\n"
        f"<wp:post_date>{date}</wp:post_date>\n<wp:post_date_gmt>{date}</wp:post_date_gmt>\n"
        f"<wp:post_name>{slug}</wp:post_name>\n<wp:status>{status}</wp:status>\n<wp:post_parent>0</wp:post_parent>\n"
        f"<wp:post_type>{kind}</wp:post_type>\n{terms}{more}{extra}\n</item>\n"
    )


def an_attachment(number: int, file_name: str, *, parent: int = 0, alt: str = "A ferry", caption: str = "") -> str:
    """An attachment whose file once lay under the old site's uploads."""
    return (
        an_item(
            number,
            title=file_name,
            content="",
            kind="attachment",
            status="inherit",
            categories=(),
            meta=(("_wp_attachment_image_alt", alt),) if alt else (),
            extra=f"<wp:attachment_url>{HOST}/wp-content/uploads/2024/03/{file_name}</wp:attachment_url>",
        )
        .replace("<wp:post_parent>0<", f"<wp:post_parent>{parent}<")
        .replace("<excerpt:encoded><![CDATA[]]>", f"<excerpt:encoded><![CDATA[{caption}]]>")
    )


def an_export(
    *items: str, head: str = "", declaration: str = '<?xml version="1.0" encoding="UTF-8" ?>', prolog: str = ""
) -> str:
    """A whole export around items."""
    return (
        f'{declaration}\n{prolog}<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:wp="http://wordpress.org/export/1.2/">\n<channel>\n<title>The Old Paper</title>\n'
        f"<link>{HOST}</link>\n<language>en-US</language>\n"
        "<wp:author><wp:author_login>anna</wp:author_login><wp:author_email>anna@example.com</wp:author_email>"
        "<wp:author_display_name><![CDATA[Anna Quay]]></wp:author_display_name></wp:author>\n"
        f"{head}{''.join(items)}</channel>\n</rss>\n"
    )


def written(folder: Path, text: str | bytes, name: str = "export.xml", encoding: str = "utf-8") -> Path:
    """A file with this text."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return path


def a_picture(*, colour: tuple[int, int, int] = (40, 80, 120)) -> bytes:
    """A small JPEG."""
    body = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(body, "JPEG")
    return body.getvalue()


ARTICLE = """+++
headline = "A gate was stuck"
standfirst = "The letters said so in May."
section = "politics"
bylines = ["vera-lind"]
dateline = "Tarn"
published = 2025-02-03T06:30:00Z
photo = "gate.jpg"
topics = ["the-gate"]
tags = ["dams"]
key = "gate"
+++
The gate was **stuck** in May, [the letter](https://example.org/letter) says.

## What followed

- nothing
- nothing *at all*

::: pull_quote
text = "Nobody asked."
attribution = "An engineer"
:::
"""

SECOND = """+++
headline = "The gate is open"
section = "politics"
bylines = ["vera-lind"]
published = 2025-02-04T06:30:00Z
picks = ["a-gate-was-stuck"]
[[corrections]]
date = 2025-02-05
text = "The gate opened on Tuesday, not on Monday."
+++
As [we wrote](article:a-gate-was-stuck), it was stuck.
"""

TRANSLATION = """+++
headline = "Затвор заклинило"
section = "politika"
bylines = ["vera-lind"]
published = 2025-02-03T09:00:00Z
photo = "gate.jpg"
key = "gate"
original = "en"
+++
Затвор заклинило в мае.
"""

FILES = {
    "paper.toml": """base_url = "https://example.org"
time_zone = "UTC"
[en]
name = "The Lock"
tagline = "News of the canal"
notice = "Blocked? See [how to reach us](page:reach-us)."
front = { lead = "the-gate-is-open", seconds = ["a-gate-was-stuck"] }
front_topics = ["the-gate"]
[[en.sections]]
slug = "politics"
title = "Politics"
""",
    "paper.ru.toml": 'name = "Шлюз"\n[[sections]]\nslug = "politika"\ntitle = "Политика"\n',
    "people/vera-lind.toml": 'kind = "pen_name"\n[en]\nname = "Vera Lind"\nrole = "Correspondent"\n',
    "people/vera-lind.ru.toml": 'name = "Вера Линд"\n',
    "topics/the-gate.toml": """photo = "gate.jpg"
[en]
title = "The gate"
summary = "What is known."
key_facts = ["It was **stuck**."]
[[en.timeline]]
when = "May 2024"
date = 2024-05-01
title = "The letter"
text = "It was not answered."
article = "a-gate-was-stuck"
""",
    "photos/photos.toml": """["gate.jpg"]
credit = "Vera Lind"
["gate.jpg".en]
alt = "A gate in a dam."
caption = "The gate in May."
["gate.jpg".ru]
alt = "Затвор плотины."
""",
    "pages/en/reach-us.md": '+++\ntitle = "How to reach us"\n+++\nBy post.\n',
    "articles/en/a-gate-was-stuck.md": ARTICLE,
    "articles/en/the-gate-is-open.md": SECOND,
    "articles/ru/zatvor.md": TRANSLATION,
}
"""A whole Stet archive: path → text."""


def a_stet_archive(folder: Path, **changed: str | None) -> Path:
    """The archive of FILES; `changed` replaces files (a path with / and . as _), None takes one out."""
    for name, text in FILES.items():
        new = changed.get(name.replace("/", "_").replace(".", "_").replace("-", "_"), text)
        if new is not None:
            written(folder, new, name)
    written(folder, a_picture(), "photos/gate.jpg")
    return folder
