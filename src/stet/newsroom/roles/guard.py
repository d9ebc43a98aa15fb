"""Pages of the desk that ask for more than Wagtail does.

Wagtail lets everybody at the desk choose a snippet or a photo, tells the title of any page to who asks for its dialogue
by number, and shows whoever may write one page the reports over all of them. This is asked before the view.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from typing import Any

from django.apps import apps
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from wagtail.admin.auth import permission_denied
from wagtail.models import Page
from wagtail.permissions import policy_registry

from stet.newsroom.roles.files import may_see_files
from stet.newsroom.roles.remembered import page_numbered, remembering
from stet.newsroom.roles.seeing import looking, may_change_others, may_see_draft, policy, seen_by, sees_names

Answer = Callable[[HttpRequest], HttpResponse]
Test = Callable[[Any, Mapping[str, Any]], bool]
READING = ("GET", "HEAD")
PARENT, PAGE = "parent_page_id", re.compile(r"page_id|page_to_move_id")


def _may(*rights: str) -> Test:
    return lambda user, _words: any(user.has_perm(right) for right in rights)


def _names(user: Any, _words: Mapping[str, Any]) -> bool:
    return sees_names(user)


def _writes(user: Any, _words: Mapping[str, Any]) -> bool:
    return bool(policy.user_has_any_permission(user, {"add", "change", "publish"}))


def _changes(user: Any, _words: Mapping[str, Any]) -> bool:
    return may_change_others(user)


def _photos(user: Any, _words: Mapping[str, Any]) -> bool:
    return may_see_files(user, "photos")


def _documents(user: Any, _words: Mapping[str, Any]) -> bool:
    return may_see_files(user, "documents")


def _files(user: Any, _words: Mapping[str, Any]) -> bool:
    return may_see_files(user, "photos") or may_see_files(user, "documents")


def _page(user: Any, words: Mapping[str, Any]) -> bool:
    """Whether somebody may do anything at all with the page whose number stands in the address."""
    number = next((words[word] for word in words if PAGE.fullmatch(word)), None)
    page = Page.objects.filter(pk=number).first() if number is not None else None
    if page is None:
        return True
    rights = page.permissions_for_user(user)
    return bool(rights.can_edit() or rights.can_publish())


def _parent(user: Any, words: Mapping[str, Any]) -> bool:
    """Whether somebody may know that there is the page below which they look."""
    if PARENT not in words:
        return True
    page = page_numbered(words[PARENT])
    if page is not None:
        return bool(page.live) or may_see_draft(user, page)
    return not Page.objects.filter(pk=words[PARENT]).exclude(seen_by(user)).exists()


def _adds_snippet(user: Any, words: Mapping[str, Any]) -> bool:
    """Whether somebody may make a thing of the kind that is to be translated."""
    return bool(user.has_perm(f"{words.get('app_label')}.add_{words.get('model_name')}"))


def _bulk(user: Any, words: Mapping[str, Any]) -> bool:
    """Whether somebody works with what is to be changed many at once: Wagtail names even what it refuses to touch."""
    try:
        model = apps.get_model(str(words.get("app_label")), str(words.get("model_name")))
    except LookupError:
        return True
    return bool(
        policy_registry.get_by_type(model).user_has_any_permission(user, {"add", "change", "delete", "publish"})
    )


ASKED: tuple[tuple[str, Test], ...] = (
    (r"wagtailadmin_pages:.*", _page),
    (r"wagtailadmin_(explore|choose_page).*", _parent),
    (r"wagtailadmin_choose_page.*|wagtailembeds:.*|letters_overview", _writes),
    (r"wagtailadmin_pages:choose_parent", _writes),
    (r"wagtailadmin_reports:(page_types_usage|aging_pages).*", _names),
    (r"wagtailadmin_workflows:task_cho.*", _may("wagtailcore.add_workflow", "wagtailcore.change_workflow")),
    (r"wagtail_bulk_action", _bulk),
    (r"wagtailadmin_tag_.*", _files),
    (r"wagtailimages_chooser:.*|wagtailadmin_api:images:.*", _photos),
    (r"wagtaildocs_chooser:.*|wagtailadmin_api:documents:.*", _documents),
    (r"wagtailsnippetchoosers_newsroom_person:.*", _writes),
    (r"wagtailsnippetchoosers_newsroom_withdrawal:.*", _may("newsroom.view_withdrawal")),
    (r"wagtailsnippetchoosers_appeals_appeal:.*", _changes),
    (r"wagtailsnippets_appeals_appeal:.*", _may("appeals.change_appeal")),
    (r"simple_translation:submit_snippet_translation", _adds_snippet),
    *(
        (name.format(model), _may(f"sourcing.change_{model}"))
        for model in ("claim", "evidence", "question", "source")
        for name in (r"wagtailsnippetchoosers_sourcing_{}:.*", r"wagtailsnippets_sourcing_{}:(?!add$).*")
    ),
)
"""Names of addresses, and who may open them; each that fits is asked."""

_asked = tuple((re.compile(name), test) for name, test in ASKED)


def _seen_by(user: Any, pieces: Any) -> Iterator[Any]:
    pieces = iter(pieces)
    while True:
        with looking(user):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece


class Guarded:
    """A middleware near the views: lets nobody pass who may not."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, with who looks known until the last byte of the answer is written."""
        with looking(request.user), remembering() if request.method in READING else nullcontext():
            answer = self._get_response(request)
        if isinstance(answer, StreamingHttpResponse) and not isinstance(answer, FileResponse):
            answer.streaming_content = _seen_by(request.user, answer.streaming_content)
        return answer

    def process_view(
        self, request: HttpRequest, _view: object, _args: object, words: Mapping[str, Any]
    ) -> HttpResponse | None:
        """Refuse, as Wagtail does, what is asked for by somebody who may not; to sign in is asked by the view."""
        match, user = request.resolver_match, request.user
        if match is None or not user.is_authenticated or user.is_superuser:
            return None
        for name, test in _asked:
            if name.fullmatch(match.view_name) and not test(user, words):
                answer: HttpResponse = permission_denied(request)
                return answer
        return None
