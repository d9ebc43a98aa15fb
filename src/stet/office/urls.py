"""The office's addresses."""

from django.urls import include, path

from stet.office.views import home, signing, styling

pages = [
    path("", home.home, name="home"),
    path("sign-in/", signing.sign_in, name="sign_in"),
    path("sign-out/", signing.sign_out, name="sign_out"),
    path("style-<str:digest>.css", styling.style, name="style"),
    path("icon.svg", styling.icon, name="icon"),
]

urlpatterns = [path("", include((pages, "office")))]
