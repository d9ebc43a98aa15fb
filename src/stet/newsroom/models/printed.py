"""What every page that gets printed has: its address in the edition, and a preview set like the sheet itself."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from stet.newsroom.paper import current_paper
from stet.newsroom.roles.leaves import BranchPermissions
from stet.newsroom.roles.remembered import page_at
from stet.newsroom.roles.seeing import may_see_draft, viewer

if TYPE_CHECKING:
    from wagtail.models import Page as _Base
else:
    _Base = object

PREVIEW = "stet.press.preview.preview_page"
"""Sets a draft as the press would. Named here, not imported: the press stands above the newsroom."""

DARK_MODE = "dark"


class PrintedPageMixin(_Base):
    """A Wagtail page with an address in the edition. Classes give `printed_path`."""

    @property
    def path_prefix(self) -> str:
        """What this page's language puts before its paths."""
        return current_paper().prefix(self.locale.language_code)

    def get_parent(self, update: bool = False) -> Any:  # noqa: FBT001, FBT002 - treebeard's signature
        """The page above; for a page of the desk that shows many, the one it has asked for already."""
        if not update and not hasattr(self, "_cached_parent_obj"):
            above = page_at(self.path[: -self.steplen])
            if above is not None:
                self._cached_parent_obj = above
        return super().get_parent(update=update)

    def permissions_for_user(self, user: Any) -> BranchPermissions:
        """What somebody may do with it."""
        return BranchPermissions(user, self)

    def printed_path(self) -> str | None:
        """Where the sheet of this page stands; None while it has no address."""
        raise NotImplementedError

    def get_admin_display_title(self) -> str:
        """What lists of the desk call the page: of somebody else's draft no more than readers know."""
        who = viewer()
        if who is not None and self.live and not may_see_draft(who, self):
            return str(self.title)
        return str(super().get_admin_display_title())

    def get_url_parts(
        self,
        request: HttpRequest | None = None,  # noqa: ARG002 - Wagtail's signature
    ) -> tuple[int, str, str] | None:
        """Wagtail's address of the page: the printed one, on the reader's site."""
        path = self.printed_path()
        return None if path is None else (0, current_paper().base_url, path)

    def get_url(self, request: HttpRequest | None = None, current_site: object = None) -> str | None:  # noqa: ARG002 - Wagtail's signature
        """The printed address in full: a path alone, as Wagtail would have it, leads to the desk's own host."""
        parts = self.get_url_parts(request)
        return None if parts is None else parts[1] + parts[2]

    url = property(get_url)

    @property
    def preview_modes(self) -> list[tuple[str, str | Promise]]:
        """As it would be printed; by day, as the reader's device has it, or in the dark."""
        return [("", _("As printed")), (DARK_MODE, _("As printed, in the dark"))]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:  # noqa: ARG002 - Wagtail's signature
        """The page as it would be printed."""
        return HttpResponse(import_string(PREVIEW)(self, mode_name), content_type="text/html; charset=utf-8")

    def serve(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:  # noqa: ARG002 - Wagtail's signature
        """The desk serves no readers: what is asked for here is set as a preview."""
        return self.serve_preview(request, "")
