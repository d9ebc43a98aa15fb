"""The office's addresses."""

from django.urls import include, path

from stet.office.views import dispatches, home, mail_check, mailbox, readers, returns, signing, styling

pages = [
    path("", home.home, name="home"),
    path("letters/", dispatches.dispatches, name="dispatches"),
    path("letters/<int:number>/", dispatches.dispatch, name="dispatch"),
    path("letters/<int:number>/cancel/", dispatches.cancel, name="cancel"),
    path("letters/<int:number>/uncertain/", dispatches.uncertain, name="uncertain"),
    path("letters/<int:number>/relay-log/", dispatches.relay_log, name="relay_log"),
    path("letters/<int:number>/<slug:what>/", dispatches.steer, name="steer"),
    path("mailrooms/<int:number>/give-up/", dispatches.give_up, name="give_up"),
    path("lanes/<slug:lane>/<slug:what>/", dispatches.steer_lane, name="steer_lane"),
    path("readers/", readers.readers, name="readers"),
    path("readers/suppressed/", readers.suppressed, name="suppressed"),
    path("readers/erase/", readers.erase, name="erase"),
    path("returns/", returns.returns, name="returns"),
    path("mail-check/", mail_check.mail_check, name="mail_check"),
    path("mailbox/", mailbox.mails, name="mailbox"),
    path("mailbox/<slug:name>/", mailbox.mail, name="mail"),
    path("mailbox/<slug:name>/html/", mailbox.html, name="mail_html"),
    path("mailbox/<slug:name>/raw/", mailbox.raw, name="mail_raw"),
    path("sign-in/", signing.sign_in, name="sign_in"),
    path("sign-out/", signing.sign_out, name="sign_out"),
    path("style-<str:digest>.css", styling.style, name="style"),
    path("icon.svg", styling.icon, name="icon"),
]

urlpatterns = [path("", include((pages, "office")))]

handler400 = "stet.office.views.failing.bad_request"
handler403 = "stet.office.views.failing.not_allowed"
handler404 = "stet.office.views.failing.not_found"
handler500 = "stet.office.views.failing.broken"
