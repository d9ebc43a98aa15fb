"""What may be done to a page, said without asking the database in each row of a list for what stands below it.

Wagtail asks for it whenever a list offers to move or delete a page, several times for each row. Below an article there
is nothing; what readers have below fronts and sections is asked once a page of the desk.
"""

from typing import Any

from wagtail.models import PagePermissionTester

from stet.newsroom.roles.remembered import has_live_below


class LeafPermissions(PagePermissionTester):
    """Wagtail's rules for a page without pages below it."""

    def can_delete(self, ignore_bulk: bool = False) -> bool:  # noqa: FBT001, FBT002 - Wagtail's signature
        """Delete, and so move: what is live by who may publish it, what one wrote oneself by whoever may add."""
        page: Any = self.page
        if not page.is_leaf() or self.user.is_superuser or not self.user.is_active:
            return bool(super().can_delete(ignore_bulk))
        may_publish = "publish" in self.permissions
        if "change" in self.permissions:
            return may_publish or not page.live
        return "add" in self.permissions and page.owner_id == self.user.pk and (may_publish or not page.live)


class BranchPermissions(LeafPermissions):
    """Wagtail's rules for a front, a section, or what else stands above or beside those."""

    def can_delete(self, ignore_bulk: bool = False) -> bool:  # noqa: FBT001, FBT002 - Wagtail's signature
        """As Wagtail says, without a look at each page below where it is not needed."""
        page: Any = self.page
        if page.is_leaf() or self.user.is_superuser or not self.user.is_active or "publish" in self.permissions:
            return super().can_delete(ignore_bulk)
        if "change" in self.permissions:
            is_live = page.live or has_live_below(page)
            if is_live is not None:
                return not is_live and (ignore_bulk or "bulk_delete" in self.permissions)
        elif page.live or page.owner_id != self.user.pk:
            return False
        return super().can_delete(ignore_bulk)
