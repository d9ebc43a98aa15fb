"""The same archive as a Hugo site, built on the same machine in the same run.

The templates make what a newsroom would have made: article pages of like weight (style and metadata inside, a lead
photo, two links, three stories to read more of), a front, sections, tags and bylines paginated by twenty, a feed for
the front and each section, a sitemap. Hugo writes no signatures, no manifest, no numbered archive pages that stay, no
months, no JSON twins and no compressed copies.
"""

import json
import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from tools.benchmarks.measuring import Order
from tools.benchmarks.processes import Ran, run
from tools.benchmarks.stories import LINKED, PEOPLE, SECTIONS, SUBHEADS, Story, Writer, stories, tag_names

MORE = 3
CONFIG = {
    "baseURL": "https://paper.example.org/",
    "title": "The Long Record",
    "languageCode": "en",
    "paginate": 20,
    "disableKinds": ["404"],
    "taxonomies": {"tag": "tags", "person": "people"},
    "permalinks": {name.lower(): "/:year/:month/:day/:slug/" for name in SECTIONS},
    "outputs": {"home": ["HTML", "RSS"], "section": ["HTML", "RSS"], "taxonomy": ["HTML"], "term": ["HTML"]},
    "rssLimit": 10,
    "timeZone": "UTC",
}
BASE = """\
<!doctype html><html lang="en" dir="ltr"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>{{ .Title }} — {{ site.Title }}</title>
<meta name="description" content="{{ .Params.standfirst }}"><link rel="canonical" href="{{ .Permalink }}">
<meta property="og:title" content="{{ .Title }}"><meta property="og:url" content="{{ .Permalink }}">
<meta property="og:description" content="{{ .Params.standfirst }}"><meta property="og:type" content="article">
{{ block "head" . }}{{ end }}<style>{{ partialCached "style.css" . | safeCSS }}</style></head><body>
<header class="masthead"><p class="name"><a href="/">{{ site.Title }}</a></p>
{{ partialCached "sections.html" . }}</header>
<main>{{ block "main" . }}{{ end }}</main><footer><p>Texts may be republished with our name.</p></footer></body></html>
"""
SECTION_LINKS = (
    '<nav class="sections">{{ range site.Sections }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>\n{{ end }}</nav>'
)
ARTICLE = """\
{{ define "head" }}<script type="application/ld+json">{{ dict "@context" "https://schema.org" "@type" "NewsArticle"
"headline" .Title "description" .Params.standfirst "datePublished" (.Date.Format "2006-01-02T15:04:05Z07:00")
"articleSection" .Section "wordCount" .WordCount "mainEntityOfPage" .Permalink | jsonify | safeJS }}</script>{{ end }}
{{ define "main" }}<article><p class="kicker"><a href="/{{ .Section }}/">{{ .Section }}</a></p><h1>{{ .Title }}</h1>
<p class="standfirst">{{ .Params.standfirst }}</p><p class="by">By {{ range .GetTerms "people" }}
<a href="{{ .RelPermalink }}">{{ .LinkTitle }}</a>{{ end }}</p>
<p class="meta"><time datetime="{{ .Date.Format "2006-01-02T15:04:05Z07:00" }}">
{{- .Date.Format "2 January 2006, 15:04" }}</time> {{ .ReadingTime }} minutes</p>
<figure class="lead"><img src="/media/{{ .Params.photo }}-640.avif" width="640" height="427"
alt="A harbour under a low sky." loading="lazy"><figcaption>The harbour in the morning.</figcaption>
</figure>
<div class="body">{{ .Content }}</div><p class="tags">{{ range .GetTerms "tags" }}
<a href="{{ .RelPermalink }}">{{ .LinkTitle }}</a>{{ end }}</p><aside class="more"><h2>Read more</h2><ul>
{{ range .Params.more }}<li><a href="{{ .path }}">{{ .title }}</a></li>{{ end }}</ul></aside></article>{{ end }}
"""
LISTING = """\
{{ define "main" }}<h1>{{ .Title }}</h1>{{ range .Paginator.Pages }}<article class="teaser">
<p class="kicker">{{ .Section }}</p><h2><a href="{{ .RelPermalink }}">{{ .Title }}</a></h2>
<p>{{ .Params.standfirst }}</p><p class="meta">{{ range .GetTerms "people" }}{{ .LinkTitle }}{{ end }}
<time datetime="{{ .Date.Format "2006-01-02" }}">{{ .Date.Format "2 January 2006" }}</time></p></article>{{ end }}
<nav class="turning">{{ with .Paginator }}{{ if .HasPrev }}<a href="{{ .Prev.URL }}">Newer</a>{{ end }}
{{ .PageNumber }} / {{ .TotalPages }} {{ if .HasNext }}<a href="{{ .Next.URL }}">Older</a>{{ end }}{{ end }}</nav>
{{ end }}
"""
FRONT = LISTING.replace(".Paginator.Pages", '(where site.RegularPages "Type" "!=" "page" | first 28)').replace(
    LISTING[LISTING.index('<nav class="turning">') : LISTING.index("</nav>")], "<nav>"
)
TERMS = """\
{{ define "main" }}<h1>{{ .Title }}</h1><ul>{{ range .Pages }}<li><a href="{{ .RelPermalink }}">{{ .LinkTitle }}</a>
</li>{{ end }}</ul>{{ end }}
"""
LAYOUTS = {
    "_default/baseof.html": BASE,
    "_default/single.html": ARTICLE,
    "_default/list.html": LISTING,
    "_default/terms.html": TERMS,
    "index.html": FRONT,
    "partials/sections.html": SECTION_LINKS,
}


def measure_hugo(order: Order) -> Ran:
    """Write the archive as a Hugo site and build it."""
    site = order.folder / "hugo"
    write_site(site, order, style=_style(order.newsroom / "edition" / "site"))
    command = [
        "hugo",
        "--source",
        str(site),
        "--destination",
        str(site / "public"),
        "--quiet",
        "--cacheDir",
        str(site / "cache"),
    ]
    environment = {"GOMAXPROCS": str(len(os.sched_getaffinity(0)))}
    return run(command, timeout_seconds=order.patience_seconds, environment=environment)


def hugo_version() -> str:
    """Which Hugo it was."""
    said = subprocess.run(["hugo", "version"], check=False, capture_output=True, text=True).stdout
    found = re.search(r"v[\d.]+\S*", said)
    return found[0] if found else "unknown"


def write_site(folder: Path, order: Order, *, style: str) -> None:
    """Write configuration, templates and one file for each story."""
    for name, text in {**LAYOUTS, "partials/style.css": style}.items():
        _write(folder / "layouts" / name, text)
    _write(folder / "config.json", json.dumps(CONFIG))
    for name in SECTIONS:
        _write(folder / "content" / name.lower() / "_index.md", json.dumps({"title": name}) + "\n")
    tags = tag_names(Writer(1))
    before: list[dict[str, str]] = []
    for story in stories(order.stories, newest=order.newest):
        linked = [before[number]["path"] for number in story.links]
        file = folder / "content" / SECTIONS[story.section].lower() / f"{story.slug}.md"
        _write(file, "\n".join(_page(story, tags, before[-MORE:], linked)))
        before.append({"path": path_of(story), "title": story.headline})


def path_of(story: Story) -> str:
    """Where Hugo prints a story."""
    return f"/{story.published:%Y/%m/%d}/{story.slug}/"


def _page(story: Story, tags: Sequence[str], more: list[dict[str, str]], linked: list[str]) -> Iterator[str]:
    front = {
        "title": story.headline, "slug": story.slug, "date": story.published.isoformat(),
        "standfirst": story.standfirst,
        "tags": [tags[tag] for tag in story.tags], "people": [f"Byline {story.person % PEOPLE}"],
        "photo": f"photo-{story.photo}", "more": more,
    }  # fmt: skip
    yield json.dumps(front)
    subheads = dict(zip(SUBHEADS, story.subheads, strict=True))
    targets = dict(zip(LINKED, linked, strict=False))
    for number, text in enumerate(story.paragraphs):
        if number in subheads:
            yield f"\n## {subheads[number]}"
        words = text.split(" ")
        if number in targets:
            words[2:6] = [f"[{' '.join(words[2:6])}]({targets[number]})"]
        yield f"\n{' '.join(words)}"
    yield ""


def _style(site: Path) -> str:
    """The style sheet of a printed article, so that both pages weigh alike."""
    page = next(site.glob("20*/*/*/*/index.html")).read_text(encoding="utf-8")
    found = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    return found[1] if found else ""


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
