"""Pages of the desk that ask for more than Wagtail does: those that show whole lists whoever looks.

Wagtail lets everybody at the desk choose a snippet, and whoever may write one page read reports over all of them.
"""

import re
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from wagtail.admin.auth import permission_denied

from stet.newsroom.roles.seeing import policy, sees_names

Answer = Callable[[HttpRequest], HttpResponse]
Test = Callable[[Any], bool]


def _may(right: str) -> Test:
    return lambda user: bool(user.has_perm(right))


def _writes(user: Any) -> bool:
    return bool(policy.user_has_any_permission(user, {"add", "change", "publish"}))


ASKED: tuple[tuple[str, Test], ...] = (
    (r"wagtailadmin_reports:(page_types_usage|aging_pages)(_results)?", sees_names),
    (r"wagtailsnippetchoosers_sourcing_claim:.*", _may("sourcing.change_claim")),
    (r"wagtailsnippetchoosers_sourcing_evidence:.*", _may("sourcing.change_evidence")),
    (r"wagtailsnippetchoosers_sourcing_question:.*", _may("sourcing.change_question")),
    (r"wagtailsnippetchoosers_sourcing_source:.*", _may("sourcing.change_source")),
    (r"wagtailsnippets_sourcing_(claim|evidence|question|source):(list|list_results|inspect)",
     lambda user: any(user.has_perm(f"sourcing.{action}_claim") for action in ("view", "change"))),
    (r"wagtailadmin_choose_.*", _writes),
)  # fmt: skip
"""Names of addresses, and who may open them."""

_asked = tuple((re.compile(name), test) for name, test in ASKED)


class Guarded:
    """A middleware near the views: lets nobody pass who may not."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self._get_response(request)

    def process_view(self, request: HttpRequest, _view: object, _args: object, _kwargs: object) -> HttpResponse | None:
        """Refuse, as Wagtail does, what is asked for by somebody who may not; sign-in is asked for by the view."""
        match, user = request.resolver_match, request.user
        if match is None or not user.is_authenticated:
            return None
        for name, test in _asked:
            if name.fullmatch(match.view_name) and not test(user):
                answer: HttpResponse = permission_denied(request)
                return answer
        return None
