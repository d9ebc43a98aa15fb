"""The desk's addresses: Wagtail's admin stands at the root, files that editors took in below it."""

from django.urls import include, path
from wagtail.admin import urls as admin_urls
from wagtail.documents import urls as document_urls

from stet.newsroom.sharing import outside
from stet.project import views

urlpatterns = [
    path("media/<path:name>", views.media, name="desk_media"),
    path("shared/<str:token>/", outside.shared, name="newsroom_shared"),
    path("documents/", include(document_urls)),
    path("", include(admin_urls)),
]

handler400 = "stet.newsroom.desk_errors.bad_request"
handler403 = "stet.newsroom.desk_errors.not_allowed"
handler404 = "stet.newsroom.desk_errors.not_found"
handler500 = "stet.newsroom.desk_errors.broken"
