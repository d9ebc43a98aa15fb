"""What may be done to an article, said without asking the database for pages below it: there are none.

Wagtail asks for them whenever a list offers to move or delete a page, several times for each row.
"""

from typing import Any

from wagtail.models import PagePermissionTester


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
