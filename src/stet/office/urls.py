"""The office's addresses."""

from django.urls import include, path

from stet.office.views import (
    dispatches,
    giving,
    giving_acts,
    giving_bank,
    giving_find,
    giving_inbox,
    home,
    mail_check,
    mailbox,
    readers,
    returns,
    signing,
    styling,
)

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
    # Whatever begins so is for those who keep the books (`stet.office.middleware`).
    path("giving/", giving.giving, name="giving"),
    path("giving/plans/", giving.plans, name="giving_plans"),
    path("giving/appeals/", giving.appeals, name="giving_appeals"),
    path("giving/find/", giving_find.find, name="giving_find"),
    path("giving/contributions/<uuid:uid>/", giving_find.contribution, name="giving_contribution"),
    path("giving/plans/<uuid:uid>/", giving_find.plan, name="giving_plan"),
    path("giving/plans/<uuid:uid>/end/", giving_acts.end, name="giving_end"),
    path("giving/payments/<int:number>/refund/", giving_acts.refund, name="giving_refund"),
    path("giving/deliveries/", giving_inbox.inbox, name="giving_inbox"),
    path("giving/deliveries/<int:number>/retry/", giving_inbox.retry, name="giving_retry"),
    path("giving/comparisons/", giving_inbox.comparisons, name="giving_comparisons"),
    path("giving/differences/<int:number>/settle/", giving_inbox.settle, name="giving_settle"),
    path("giving/bank/", giving_bank.bank, name="giving_bank"),
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
