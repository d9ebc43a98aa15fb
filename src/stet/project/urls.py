"""The desk's addresses: Wagtail's admin stands at the root, files that editors took in below it."""

from django.urls import include, path
from wagtail.admin import urls as admin_urls
from wagtail.admin.auth import require_admin_access
from wagtail.documents import urls as document_urls

from stet.newsroom import views as newsroom_views
from stet.newsroom.audit.views import LogView
from stet.newsroom.sharing import outside
from stet.project import views

urlpatterns = [
    path("media/<path:name>", views.media, name="desk_media"),
    path("shared/<str:token>/", outside.shared, name="newsroom_shared"),
    path("documents/", include(document_urls)),
    path("", include("stet.newsroom.signing_in.urls")),  # Before Wagtail's own page to sign in at.
    path("reports/site-history/", require_admin_access(LogView.as_view()), name="desk_log"),  # in place of Wagtail's
    path(
        "reports/site-history/results/",
        require_admin_access(LogView.as_view(results_only=True)),
        name="desk_log_results",
    ),
    path("jsi18n/", newsroom_views.script_words, name="wagtailadmin_javascript_catalog"),  # in place of Wagtail's
    path("", include(admin_urls)),
]

handler400 = "stet.newsroom.desk_errors.bad_request"
handler403 = "stet.newsroom.desk_errors.not_allowed"
handler404 = "stet.newsroom.desk_errors.not_found"
handler500 = "stet.newsroom.desk_errors.broken"
