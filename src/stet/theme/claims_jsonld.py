"""`claims.jsonld`: an article's claims for machines, in schema.org's words, with PROV's for who cites whom.

The rules:
 * The context stands in the edition, once, and names every word: nothing has to be fetched from anybody else.
 * A claim and a source are named by their UUIDs, everywhere the same. An unnamed source has no name here either, only
   its description: two articles must not tell that they had the same one.
 * schema.org has no words for how claims stand to each other, so these are ours, below `TERMS`.
 * A `ClaimReview` is the paper's own verdict and nothing else; a claim without one has none.
"""

from typing import Any

import msgspec

from stet.kit.clock import write_moment
from stet.theme.addresses import absolute
from stet.theme.claims import said_on, verdict_word
from stet.theme.copy import Article, ClaimEvidence, ClaimNote, ClaimSource, Site

CONTEXT_PATH = "/claims-context.jsonld"
"""Where the context stands. No page of a newsroom can be called so: its name has a point."""
TERMS = "https://stet.invalid/claims#"
"""Begins the names of our own words. The name is reserved (RFC 2606): there is nothing to fetch."""

RATINGS = {"false": 1, "misleading": 2, "partly": 3, "accurate": 5}
"""Verdicts as schema.org's Rating from 1 to 5; "unproven" is no number."""
SOURCE_TYPES = {
    "person": "Person",
    "body": "Organization",
    "outlet": "NewsMediaOrganization",
    "document": "CreativeWork",
    "dataset": "Dataset",
    "own_reporting": "NewsMediaOrganization",
    "unnamed": "Thing",
}

CONTEXT = {
    "@context": {
        "@version": 1.1,
        "@vocab": "https://schema.org/",
        "id": "@id",
        "type": "@type",
        "prov": "http://www.w3.org/ns/prov#",
        "stet": TERMS,
        "datePublished": {"@type": "https://schema.org/Date"},
        "url": {"@type": "@id"},
        "prov:wasAttributedTo": {"@type": "@id"},
        "prov:wasQuotedFrom": {"@type": "@id"},
        "prov:hadPrimarySource": {"@type": "@id"},
        "stet:chain": {"@container": "@list"},
        "stet:history": {"@container": "@list"},
        **{
            f"stet:{word}": {"@type": "@id"}
            for word in ("repeats", "corroborates", "contradicts", "narrows", "updates", "answers")
        },
    }
}
"""What the words mean."""


def context_jsonld() -> bytes:
    """The context as a sheet."""
    return msgspec.json.encode(CONTEXT, order="sorted")


def claims_jsonld(article: Article, notes: tuple[ClaimNote, ...]) -> bytes:
    """All claims of an article. `article` is its first part."""
    site = article.site
    url = absolute(site.base_url, article.parts[0].path if article.parts else article.path)
    story = {
        "@type": "NewsArticle",
        "@id": url,
        "headline": article.headline,
        "inLanguage": site.language.code,
        "dateModified": write_moment(article.modified),
        "hasPart": [{"@id": _urn(note.id)} for note in notes],
    }
    graph = [story, *(_claim(note, url, site) for note in notes)]
    graph += [_review(note, url, site) for note in notes if note.verdict]
    return msgspec.json.encode({"@context": absolute(site.base_url, CONTEXT_PATH), "@graph": graph}, order="sorted")


def _claim(note: ClaimNote, url: str, site: Site) -> dict[str, Any]:
    day = said_on(note)
    first = note.chain[0] if note.chain else None
    fields: dict[str, Any] = {
        "@type": ["Claim", "prov:Entity"],
        "@id": _urn(note.id),
        "text": {"@value": note.sentence, "@language": note.language},
        "datePublished": str(day),
        "appearance": {"@id": url},
        "firstAppearance": {"@id": _first(note, url, site)},
        "author": _source(first, site) if first else None,
        "citation": [_evidence(piece, site) for piece in note.evidence],
        "stet:number": note.number,
        "stet:status": note.history[-1].status if note.history else "",
        "stet:speechAct": note.speech_act,
        "stet:modality": note.modality,
        "stet:independentRoots": note.roots,
        "stet:history": [
            _present({"stet:status": one.status, "datePublished": str(one.date), "description": one.note})
            for one in note.history
        ],
        "stet:chain": [
            _source(link, site) | _present({"stet:verb": link.verb, "stet:addressee": link.addressee})
            for link in note.chain
        ],
    }
    if first:
        fields["prov:wasAttributedTo"] = _source(first, site)
    if len(note.chain) > 1:
        fields["prov:wasQuotedFrom"] = _source(note.chain[1], site)
        fields["prov:hadPrimarySource"] = _source(note.chain[-1], site)
    for relation, other in note.relations:
        fields.setdefault(f"stet:{relation}", []).append({"@id": _urn(other)})
    return _present(fields)


def _first(note: ClaimNote, url: str, site: Site) -> str:
    return absolute(site.base_url, note.first_path) if note.first_path else url


def _source(link: ClaimSource, site: Site) -> dict[str, Any]:
    """A source. Of an unnamed one, which has neither kind nor page here, the description."""
    return _present(
        {
            "@type": SOURCE_TYPES.get(link.kind, "Thing"),
            "@id": _urn(link.id) if link.id else "",
            "name" if link.id else "description": link.name,
            "jobTitle" if link.kind == "person" else "disambiguatingDescription": link.role,
            "url": absolute(site.base_url, link.path) if link.path else "",
        }
    )


def _evidence(piece: ClaimEvidence, site: Site) -> dict[str, Any]:
    return _present(
        {
            "@type": "CreativeWork",
            "name": piece.title,
            "url": absolute(site.base_url, piece.target) if piece.target else "",
            "sha256": piece.sha256,
            "dateCreated": piece.captured,
            "stet:authenticity": piece.authenticity,
        }
    )


def _review(note: ClaimNote, url: str, site: Site) -> dict[str, Any]:
    rating = _present(
        {
            "@type": "Rating",
            "ratingValue": RATINGS.get(note.verdict),
            "bestRating": 5 if note.verdict in RATINGS else None,
            "worstRating": 1 if note.verdict in RATINGS else None,
            "alternateName": verdict_word(note.verdict, language=site.language.code),
        }
    )
    return _present(
        {
            "@type": "ClaimReview",
            "url": f"{url}#s{note.number}",
            "author": {"@type": "NewsMediaOrganization", "@id": absolute(site.base_url, "/#paper"), "name": site.name},
            "claimReviewed": note.sentence,
            "itemReviewed": {"@id": _urn(note.id)},
            "reviewRating": rating,
            "reviewBody": note.verdict_text,
        }
    )


def _urn(uid: str) -> str:
    return f"urn:uuid:{uid}"


def _present(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (None, "", [], 0)}
