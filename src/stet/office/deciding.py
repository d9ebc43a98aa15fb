"""Who may decide: a decorator for views that change something."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from stet.office.people import may_steer


def steers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Refuse whoever may only look."""

    @wraps(view)
    def checked(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        if not may_steer(request.user):
            raise PermissionDenied
        return view(request, *arguments, **named)

    return checked
