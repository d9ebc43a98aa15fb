"""Signing in and out."""

import time
from typing import Any

from django.contrib.auth import views as auth_views
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stet.office.middleware import open_to_all_staff, open_to_strangers
from stet.office.slowing import Slowing

SLOWING = Slowing()


class _SignIn(auth_views.LoginView):
    template_name = "office/sign_in.html"
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        """Look at a try, unless it comes too early."""
        account, address = tried(request)
        wait = SLOWING.seconds_to_wait(account, address, now=time.monotonic())
        if wait:
            form = self.get_form_class()(request)
            too_early = ngettext(
                "Too many tries. Wait %(seconds)d second and try again.",
                "Too many tries. Wait %(seconds)d seconds and try again.",
                wait,
            ) % {"seconds": wait}
            context = self.get_context_data(form=form, too_early=too_early)
            return self.response_class(
                request=request, template=self.get_template_names(), context=context, status=429,
                headers={"Retry-After": str(wait)},
            )  # fmt: skip
        answer: HttpResponse = super().post(request, *arguments, **named)
        return answer

    def form_valid(self, form: Any) -> HttpResponse:
        """Sign in."""
        SLOWING.succeeded(*tried(self.request))
        return super().form_valid(form)

    def form_invalid(self, form: Any) -> HttpResponse:
        """Say that it was wrong, and count it."""
        SLOWING.failed(*tried(self.request), now=time.monotonic())
        return super().form_invalid(form)

    def get_context_data(self, **named: Any) -> dict[str, Any]:
        """What the template gets."""
        return super().get_context_data(**{"title": _("Sign in"), **named})


def tried(request: HttpRequest) -> tuple[str, str]:
    """The account that was tried, and the address that it was tried from."""
    return request.POST.get("username", "")[:150], request.META.get("REMOTE_ADDR", "")


sign_in = open_to_strangers(_SignIn.as_view())
sign_out = open_to_all_staff(auth_views.LogoutView.as_view())
