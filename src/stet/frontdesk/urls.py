"""The frontdesk's addresses. Those with a token stand in mails: they are never changed."""

from django.urls import path

from stet.frontdesk import giving, hooks, own_page, plans, receipts, reminders, views

app_name = "frontdesk"

handler400 = "stet.frontdesk.answers.bad_request"
handler403 = "stet.frontdesk.answers.forbidden"
handler404 = "stet.frontdesk.answers.not_found"
handler500 = "stet.frontdesk.answers.failed"

urlpatterns = [
    path("", views.front, name="front"),
    path("confirm/<str:token>", views.confirm, name="confirm"),
    path("unsubscribe/<str:token>", views.unsubscribe, name="unsubscribe"),
    path("change/<str:token>", own_page.change, name="change"),
    path("manage/<str:token>", own_page.manage, name="manage"),
    path("manage/<str:token>/download", own_page.download, name="download"),
    path("manage/<str:token>/erase", own_page.erase, name="erase"),
    path("hooks/<str:provider>", hooks.hook, name="hook"),
    path("my-gift/<str:token>", plans.my_gift, name="my_gift"),
    path("receipt/<str:token>", receipts.receipt, name="receipt"),
    path("remind/<str:token>", reminders.confirm, name="remind_confirm"),
    path("remind/<str:token>/give", reminders.give, name="remind_give"),
    path("remind/<str:token>/forget", reminders.forget, name="remind_forget"),
    path("<str:language>/remind", reminders.remind, name="remind"),
    path("<str:language>/remind.ics", reminders.calendar, name="remind_calendar"),
    path("<str:language>/join", views.join, name="join"),
    path("<str:language>/manage-link", views.manage_link, name="manage_link"),
    path("<str:language>/give", giving.give, name="give"),
    path("<str:language>/thanks", giving.thanks, name="thanks"),
    path("<str:language>/my-gift", plans.ask_link, name="ask_gift_link"),
]
