"""What photos add to the desk: their own upload page and list in Wagtail's places, the brush, the report of doubles."""

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.images.views.chooser import viewset as chooser
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page

from stet.kit.clock import SystemClock
from stet.newsroom.models import ArticlePage
from stet.newsroom.photos import views
from stet.newsroom.photos.listing import PhotosView
from stet.newsroom.photos.rights import hold_expired
from stet.newsroom.photos.uploading import AddPhotos, DescribePhoto, UploadWhileChoosing

chooser.create_view_class = UploadWhileChoosing


class AlikeMenuItem(MenuItem):
    """Photos that look alike, for who may change photos."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whoever may change any photo."""
        return views.may_change_any(request.user)


@hooks.register("register_reports_menu_item")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _menu() -> MenuItem:
    title = gettext_lazy("Photos that look alike")
    return AlikeMenuItem(title, reverse("newsroom_photos_alike"), icon_name="image", order=900)


@hooks.register("register_admin_urls", order=-1)  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _urls() -> list[object]:
    """The first four stand where Wagtail's own do; what is registered before all others is found first."""
    return [
        path("images/", PhotosView.as_view()),
        path("images/results/", PhotosView.as_view(results_only=True)),
        path("images/multiple/add/", AddPhotos.as_view()),
        path("images/multiple/create_from_uploaded_image/<int:uploaded_file_id>/", DescribePhoto.as_view()),
        path("photos/alike/", views.alike, name="newsroom_photos_alike"),
        path("photos/<int:photo_id>/blur/", views.blur_photo, name="newsroom_photos_blur"),
        path("photos/<int:photo_id>/not-alike/", views.not_alike, name="newsroom_photos_not_alike"),
    ]


@hooks.register("before_publish_page", order=-1)  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _hold(_request: HttpRequest, page: Page) -> None:
    """A page's own form publishes past `ArticlePage.publish`; all else goes through that.

    It is asked before a story is made ready, which takes a kill's notice away for good.
    """
    if isinstance(page, ArticlePage):
        hold_expired(page, now=SystemClock().now())


@hooks.register("register_log_actions")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _actions(actions: LogActionRegistry) -> None:
    actions.register_action("newsroom.photo.blur", gettext_lazy("Blur"), gettext_lazy("Faces in the photo blurred"))


@hooks.register("insert_global_admin_css")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _styles() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("newsroom/photos/photos.css"))
