"""The addresses of signing in, outside Wagtail's admin: allauth's own, as far as a desk without mail needs them."""

from allauth.account.views import reauthenticate
from django.urls import include, path
from django.views.generic import RedirectView

from stet.newsroom.signing_in import views

urlpatterns = [
    path("login/", views.sign_in, name="account_login"),
    path("second-factor/password/", reauthenticate, name="account_reauthenticate"),
    # allauth lists passkeys on a page of their own; here they stand with the other factors.
    path("second-factor/webauthn/", RedirectView.as_view(pattern_name="mfa_index"), name="mfa_list_webauthn"),
    path("second-factor/", include("allauth.mfa.urls")),
]
