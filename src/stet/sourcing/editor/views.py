"""What the editor's scripts ask the desk for. Everything is posted: words of a draft and names stand in no address.

Who may write stories may look at claims and put marks on words; whoever makes a claim or a source needs the right to.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

import msgspec
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse, RawPostDataException
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST

from stet.kit.clock import SystemClock
from stet.newsroom.models import ArticlePage
from stet.newsroom.paper import current_paper
from stet.newsroom.roles.seeing import policy
from stet.sourcing.anchoring import State, fold, marks_of, place_of
from stet.sourcing.editor.forms import NewClaim
from stet.sourcing.editor.offers import offers_for
from stet.sourcing.editor.telling import tell
from stet.sourcing.editor.texts import MOST_CHARACTERS, Posted, draft_of
from stet.sourcing.errors import AssistantMissingError
from stet.sourcing.marking import lost_from, take_off
from stet.sourcing.models import Claim
from stet.sourcing.recording import find_claims, find_questions, find_sources
from stet.sourcing.rich_text import NAME
from stet.sourcing.seeing import only_seen
from stet.sourcing.stories import findings_of

REFUSED = 422
MOST_WORDS = 2000
View = Callable[..., HttpResponse]


def for_writers(view: View) -> View:
    """Let those in who may write or publish any page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not policy.user_has_any_permission(request.user, {"add", "change", "publish"}):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return require_POST(guarded)


@for_writers
def words(request: HttpRequest) -> HttpResponse:
    """The drawer on words that are not marked: claims to attach, and the form of a new one."""
    said, language = _said(request)
    prefilled = {"sentence": said[:400], "links": [], **_offered(request)}
    return render(request, "sourcing/editor/words.html", _new(request, NewClaim(**prefilled), said, language))


def _offered(request: HttpRequest) -> dict[str, Any]:
    """What an offer of the assistant fills in."""
    raw = request.POST.get("offer")
    if not raw:
        return {}
    try:
        offer = msgspec.json.decode(raw, type=dict[str, Any])
        links = [
            {name: link.get(name) for name in ("source", "name", "verb", "cue", "kind")}
            for link in offer.get("links", [])
        ]
    except (msgspec.DecodeError, AttributeError, TypeError) as error:
        raise BadRequest from error
    return {
        "sentence": str(offer.get("sentence", ""))[:400], "speech_act": offer.get("speech_act"),
        "modality": offer.get("modality"), "links": links,
    }  # fmt: skip


def _new(request: HttpRequest, claim: NewClaim, said: str, language: str) -> dict[str, Any]:
    return {
        "claim": claim, "words": said, "language": language,
        "found": find_claims("", language=language, limit=8, user=request.user),
        "may_make": request.user.has_perm("sourcing.add_claim"), "is_offer": bool(request.POST.get("offer")),
        "spare": NewClaim().links.empty_form,
    }  # fmt: skip


@for_writers
def mark(request: HttpRequest) -> HttpResponse:
    """The drawer on a mark: its claim, and what can be done."""
    said, language = _said(request)
    number, exact = _number(request, "claim"), fold(request.POST.get("exact", ""))
    is_kept = bool(exact) and request.POST.get("state") == State.KEPT
    context = {
        "told": tell(only_seen([number], request.user), language=language).get(number),
        "words": said, "exact": exact, "is_kept": is_kept,
        "language": language, "found": find_claims("", language=language, limit=8, user=request.user),
    }  # fmt: skip
    return render(request, "sourcing/editor/mark.html", context)


@for_writers
def claims(request: HttpRequest) -> HttpResponse:
    """Claims that fit what was typed."""
    said, language = _said(request)
    return render(
        request, "sourcing/editor/found.html", {"found": find_claims(said, language=language, user=request.user)}
    )


@for_writers
def sources(request: HttpRequest) -> HttpResponse:
    """Sources that fit what was typed."""
    said, language = _said(request)
    found = find_sources(said, language=language, limit=8, user=request.user)
    return _options([(one.id, one.name, one.role) for one in found])


@for_writers
def questions(request: HttpRequest) -> HttpResponse:
    """Questions that fit what was typed."""
    said, language = _said(request)
    return _options(
        [(one.id, one.text, "") for one in find_questions(said, language=language, limit=8, user=request.user)]
    )


def _options(found: list[tuple[int, str, str]]) -> JsonResponse:
    return JsonResponse({"options": [{"id": pk, "name": name, "role": role} for pk, name, role in found]})


@for_writers
def new(request: HttpRequest) -> HttpResponse:
    """Make a claim, with its sources, and answer which; or say what is to be mended."""
    if not request.user.has_perm("sourcing.add_claim"):
        raise PermissionDenied
    said, language = _said(request)
    claim = NewClaim(request.POST)
    made: Claim | None = None
    if claim.is_valid():
        if claim.makes_sources and not request.user.has_perm("sourcing.add_source"):
            raise PermissionDenied
        day = SystemClock().now().astimezone(current_paper().zone).date()
        made = claim.make(language=language, day=day, editor=request.user)
    if made is None:
        return render(request, "sourcing/editor/new.html", _new(request, claim, said, language), status=REFUSED)
    return JsonResponse({"claim": made.pk})


@for_writers
def story(request: HttpRequest) -> HttpResponse:
    """The panel's list for the text as it stands in the form: claims in order, their states, gaps and findings."""
    posted = _posted(request)
    article = _article(request, posted.page)
    draft = draft_of(posted)
    marks = marks_of(draft.passages)
    gone = [one for one in lost_from(article.pk, marks) if one.mark not in posted.taken_off] if article else []
    shown = only_seen({mark.claim for mark in marks} | {one.claim for one in gone}, request.user)
    told = tell(shown, language=posted.language)
    rows = [{"mark": one, "told": told.get(one.claim), "place": draft.place(one.spans[0])} for one in marks]
    lost = [{"mark": one, "told": told.get(one.claim), "place": _offer_place(one, draft)} for one in gone]
    findings = _findings(article)
    gaps = sum(1 for row in rows if _has_gap(row)) + len(lost)
    context = {"rows": rows, "lost": lost, "findings": findings, "is_saved": article is not None}
    return JsonResponse(
        {
            "html": render_to_string("sourcing/editor/story.html", context, request=request),
            "gaps": gaps + sum(one.is_broken for one in findings),
            "marks": {one.copy_of or one.mark: str(one.state) for one in reversed(marks)},
            "claims": {pk: f"{one.sentence} · {one.status}" for pk, one in told.items()},
        }
    )


def _offer_place(one: Any, draft: Any) -> Any:
    span = place_of(one.quote, draft.passages)
    return draft.place(span) if span else None


def _has_gap(row: dict[str, Any]) -> bool:
    return row["mark"].state is not State.KEPT or row["told"] is None or bool(row["told"].gaps)


def _findings(article: ArticlePage | None) -> tuple[Any, ...]:
    """What the checks say of the draft as it was saved."""
    if article is None:
        return ()
    return findings_of(article.get_latest_revision_as_object())


@for_writers
def suggest(request: HttpRequest) -> HttpResponse:
    """The assistant's offers for the text as it stands in the form."""
    posted = _posted(request)
    _article(request, posted.page)
    try:
        offers = offers_for(posted)
    except AssistantMissingError as error:
        return render(request, "sourcing/editor/offers.html", {"refused": str(error)})
    rows = [{"offer": offer, "json": msgspec.json.encode(offer).decode()} for offer in offers]
    return render(request, "sourcing/editor/offers.html", {"rows": rows})


@for_writers
def seen(request: HttpRequest) -> HttpResponse:
    """An editor has seen that a mark is gone, and lets it be."""
    article = _article(request, _number(request, "page"))
    name = request.POST.get("mark", "")
    if article is None or not NAME.fullmatch(name):
        raise BadRequest
    take_off(article, [name])
    return HttpResponse(status=204)


# --- What was sent ---


def _posted(request: HttpRequest) -> Posted:
    try:
        posted = msgspec.json.decode(request.body, type=Posted)
    except (msgspec.DecodeError, ValueError, RawPostDataException) as error:  # a form with files is read already
        raise BadRequest from error
    if posted.length > MOST_CHARACTERS:
        raise BadRequest
    return posted


def _article(request: HttpRequest, page: int | None) -> ArticlePage | None:
    """The story, which the editor has to be allowed to write; None for one that was never saved."""
    if not page:
        return None
    article: ArticlePage = get_object_or_404(ArticlePage, pk=page)
    if not article.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    return article


def _said(request: HttpRequest) -> tuple[str, str]:
    """The words that were sent, folded, and their language."""
    return fold(request.POST.get("words", "").replace("\0", ""))[:MOST_WORDS], request.POST.get("language", "")[:20]


def _number(request: HttpRequest, name: str) -> int:
    value = request.POST.get(name, "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 19 else 0
