"""The sample newsroom's story with its sources, claims and evidence, out of the files in `sample/`.

Laid twice, nothing changes: what stands is left as it is.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from wagtail.models import Locale

from stet.newsroom.models import ArticleByline, ArticlePage, FrontPage, Person, Photo, ReadMorePick, SectionPage
from stet.sourcing import keeping
from stet.sourcing.anchoring import quote_of
from stet.sourcing.copies import current_folder
from stet.sourcing.history import NewLink, set_chain, set_status
from stet.sourcing.models import (
    Claim,
    ClaimLink,
    ClaimText,
    Evidence,
    Question,
    QuestionText,
    Source,
    SourceName,
)
from stet.sourcing.passages import passages_in
from stet.sourcing.terms import Relation, Status, Verb

LANGUAGES = ("en", "ru", "fa")
_MARK = re.compile(r"\[([^\]]+)\]\(claim:([^)]+)\)")
_LEANING = re.compile(r"\*([^*]+)\*")
_STORED_MARK = re.compile(r'<a linktype="claim" id="(\d+)" mark="([a-z0-9]+)">')
_BOX = re.compile(r"^::: known\n(.*?)\n:::$", re.DOTALL | re.MULTILINE)


def sample_folder() -> Path:
    """Where the files lie in the package."""
    return Path(str(files("stet.sourcing"))) / "sample"


def article_files() -> list[Path]:
    """The articles, such as `en.dead-at-zelen.md`; what others are translated from, or pick, comes first."""
    order = {"en.the-dead-of-lomenna": 0, "en.dead-at-zelen": 1}
    return sorted(sample_folder().glob("??.*.md"), key=lambda file: (order.get(file.stem, 2), file.name))


@transaction.atomic
def lay_sourcing() -> int:
    """Lay records and articles of the languages that the newsroom has; answer how many articles are new."""
    languages = [code for code in LANGUAGES if FrontPage.objects.filter(locale__language_code=code).exists()]
    if not languages:
        return 0
    claims = lay_records(languages)
    return sum(_lay_article(file, claims) for file in article_files() if file.name[:2] in languages)


# --- Records ---


def lay_records(languages: Iterable[str]) -> dict[str, Claim]:
    """Sources, questions, evidence and claims; the claims by code."""
    values = tomllib.loads((sample_folder() / "records.toml").read_text(encoding="utf-8"))
    locales = {code: Locale.objects.get_or_create(language_code=code)[0] for code in languages}
    sources = {code: _source(code, one, locales) for code, one in values["sources"].items()}
    questions = {code: _question(code, one, locales) for code, one in values["questions"].items()}
    evidence = {code: _evidence(code, one) for code, one in values["evidence"].items()}
    known = Claim.objects.in_bulk([_uid("claim", code) for code in values["claims"]], field_name="uid")
    claims = {}
    for code, one in values["claims"].items():
        claims[code] = known.get(_uid("claim", code)) or _claim(code, one, locales, questions, sources, evidence)
    for code, one in values["claims"].items():
        for relation in one.get("relations", ()):
            ClaimLink.objects.get_or_create(
                claim=claims[code], relation=Relation(relation["relation"]), other=claims[relation["other"]]
            )
    return claims


def _uid(kind: str, code: str) -> UUID:
    """The same number each time: a sample that is laid anew makes the same pages."""
    return uuid5(NAMESPACE_URL, f"stet:sample:{kind}:{code}")


def _source(code: str, values: Mapping[str, Any], locales: Mapping[str, Locale]) -> Source:
    source: Source
    source, is_new = Source.objects.get_or_create(uid=_uid("source", code), defaults={"kind": values["kind"]})
    if is_new:
        SourceName.objects.bulk_create(
            SourceName(source=source, locale=locale, sort_order=place, **values[language])
            for place, (language, locale) in enumerate(locales.items())
        )
    return source


def _question(code: str, values: Mapping[str, Any], locales: Mapping[str, Locale]) -> Question:
    question: Question
    question, is_new = Question.objects.get_or_create(uid=_uid("question", code))
    for place, (language, locale) in enumerate(locales.items() if is_new else ()):
        own = {**values[language], "intro": f"<p>{values[language].get('intro', '')}</p>"}
        QuestionText.objects.create(question=question, locale=locale, sort_order=place, **own)
    return question


def _evidence(code: str, values: Mapping[str, Any]) -> Evidence:
    fields = {name: value for name, value in values.items() if name != "file"}
    piece, is_new = Evidence.objects.get_or_create(uid=_uid("evidence", code), defaults=fields)
    if is_new and (name := values.get("file")):
        _keep(piece, (sample_folder() / name).read_bytes(), name)
        piece.save()
    return piece


def _keep(piece: Evidence, body: bytes, name: str) -> None:
    """Keep the file as evidence, and as what readers get: it was looked over."""
    folder = current_folder()
    keeping.take_in(piece, body, name=name, folder=folder)
    keeping.take_working(piece, body, folder=folder)


def _claim(
    code: str,
    values: Mapping[str, Any],
    locales: Mapping[str, Locale],
    questions: Mapping[str, Question],
    sources: Mapping[str, Source],
    evidence: Mapping[str, Evidence],
) -> Claim:
    fields = {name: value for name, value in values.items() if name not in {"question", "chain", "status", "relations"}}
    texts = {language: fields.pop(language) for language in LANGUAGES}
    claim = Claim(uid=_uid("claim", code), question=questions[values["question"]], **fields)
    claim.full_clean()
    claim.save()
    for place, (language, locale) in enumerate(locales.items()):
        ClaimText.objects.create(claim=claim, locale=locale, sort_order=place, **texts[language])
    links = [_link(one, sources, evidence) for one in values["chain"]]
    events = values["status"]
    set_chain(claim, links, day=events[0]["day"])
    for event in events:
        set_status(
            claim, Status(event["status"]), day=event["day"], reason=event.get("reason", ""),
            notes={language: note for language, note in event.get("notes", {}).items() if language in locales},
            by=sources.get(event.get("by", "")), evidence=evidence.get(event.get("evidence", "")),
        )  # fmt: skip
    return claim


def _link(values: Mapping[str, Any], sources: Mapping[str, Source], evidence: Mapping[str, Evidence]) -> NewLink:
    fields = {**values, "source": sources[values["source"]], "verb": Verb(values["verb"])}
    if "evidence" in values:
        fields["evidence"] = evidence[values["evidence"]]
    return NewLink(**fields)


# --- Articles ---


def _lay_article(file: Path, claims: Mapping[str, Claim]) -> bool:
    language, slug = file.stem.split(".", 1)
    head, text = file.read_text(encoding="utf-8").removeprefix("+++\n").split("\n+++\n", 1)
    values = tomllib.loads(head)
    section = SectionPage.objects.filter(locale__language_code=language, slug=values["section"]).first()
    if section is None or ArticlePage.objects.filter(locale=section.locale, slug=slug).exists():
        return False
    article = ArticlePage(
        title=values["headline"],
        slug=slug,
        locale=section.locale,
        live=False,
        first_published_at=values["published"],
        translation_key=_uid("article", values["key"]),
        body=json.dumps(list(blocks_of(text, claims, seed=slug))),
        **{name: values.get(name, "") for name in ("short_headline", "standfirst", "dateline")},
        kind=values.get("kind", "news"),
    )
    _refer(article, values, section.locale)
    section.add_child(instance=article)
    article.tags.set(values["tags"])
    if values.get("original"):
        article.follow_original(ArticlePage.objects.get(slug=values["original"], locale__language_code=LANGUAGES[0]))
    _publish(article, values["published"])
    return True


def _refer(article: ArticlePage, values: Mapping[str, Any], locale: Locale) -> None:
    """Its photo, its byline and what is read next, as far as they are there."""
    if photo := Photo.objects.filter(title=values["photo"]).first():
        article.lead_photo = photo
        article.lead_alt = values.get("photo_alt", "")
        article.lead_caption = f"<p>{values['photo_caption']}</p>" if values.get("photo_caption") else ""
    if person := Person.objects.filter(locale=locale, slug=values["byline"]).first():
        article.bylines = [ArticleByline(person=person, sort_order=0)]
    picks = ArticlePage.objects.filter(locale=locale, slug__in=values.get("picks", ()))
    article.picks = [ReadMorePick(article=pick, sort_order=place) for place, pick in enumerate(picks)]


def _publish(article: ArticlePage, moment: datetime) -> None:
    """Publish it the way the desk does, with the moment of the sample."""
    article.save_revision(clean=False).publish()
    ArticlePage.objects.filter(pk=article.pk).update(last_published_at=moment)


def blocks_of(text: str, claims: Mapping[str, Claim], *, seed: str) -> Iterator[dict[str, Any]]:
    """The body's blocks as they are stored; each mark has a name of its own and the quote of its words."""
    names = (f"{sha256(f'{seed}/{number}'.encode()).hexdigest()[:10]}" for number in range(1000))
    for number, part in enumerate(_parts(text)):
        yield {"id": str(_uid("block", f"{seed}/{number}")), **_block(part, claims, names, seed=f"{seed}/{number}")}


def _parts(text: str) -> Iterator[str]:
    """Paragraphs that follow one another, subheads, and boxes."""
    for piece in re.split(r"\n(?=## |::: )|(?<=\n:::)\n", text.strip()):
        head, _break, rest = piece.strip().partition("\n")
        yield from (part for part in ((head, rest) if head.startswith("## ") else (piece,)) if part.strip())


def _block(part: str, claims: Mapping[str, Claim], names: Iterator[str], *, seed: str) -> dict[str, Any]:
    if part.startswith("## "):
        return {"type": "subhead", "value": {"text": part[3:].strip(), "level": "2"}}
    if box := _BOX.match(part.strip()):
        values = tomllib.loads(box[1])
        lists = {
            name: [
                {
                    "type": "item",
                    "id": str(_uid("block", f"{seed}/{name}/{place}")),
                    "value": marked(line, claims, names),
                }
                for place, line in enumerate(values[name])
            ]
            for name in ("known", "unknown")
        }
        return {"type": "known", "value": {"title": values["title"], **lists}}
    return {"type": "text", "value": marked(part, claims, names)}


def marked(text: str, claims: Mapping[str, Claim], names: Iterator[str]) -> str:
    """The files' few signs as stored rich text, with the marks of claims."""

    def mark(found: re.Match[str]) -> str:
        return f'<a linktype="claim" id="{claims[found[2]].pk}" mark="{next(names)}">{found[1]}</a>'

    html = _LEANING.sub(r"<i>\1</i>", _MARK.sub(mark, escape(text.strip(), quote=False)))
    html = "".join(f"<p>{' '.join(paragraph.split())}</p>" for paragraph in re.split(r"\n\s*\n", html))
    quotes = {
        one.mark: quote_of(passage.words, one.start, one.end) for passage in passages_in(html) for one in passage.marks
    }

    def quoted(found: re.Match[str]) -> str:
        quote = quotes[found[2]]
        said = " ".join(f'{name}="{escape(getattr(quote, name))}"' for name in ("exact", "prefix", "suffix"))
        return f"{found[0][:-1]} {said}>"

    return _STORED_MARK.sub(quoted, html)
