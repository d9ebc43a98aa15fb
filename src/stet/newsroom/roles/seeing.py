"""What somebody at the desk may see of others: drafts, and names of colleagues.

The rules:
 * What readers have, everybody at the desk may see, as readers have it.
 * A draft is seen by whoever made it, and by whoever may change, publish or lock pages where it stands. Whoever is
   asked to approve it opens it from there.
 * First and last names of colleagues are told to those who may change the whole paper or a whole front, and to nobody
   below: where a byline is withheld, the desk must not say whose it is. Others see sign-in names, and those only of
   colleagues who worked on the same page.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from os.path import commonprefix
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q
from wagtail.models import GroupPagePermission, Page
from wagtail.permission_policies.pages import PagePermissionPolicy

from stet.newsroom.roles.remembered import page_at

WHOLE = {"change_page", "publish_page", "lock_page", "unlock_page", "bulk_delete_page"}
"""Rights on a page that show all drafts below it."""
FRONT_DEPTH = 2
"""Fronts stand right below the root; who may change one of those is an editor."""
_EVERY_PAGE = Q(pk__isnull=False)


class PaperPolicy(PagePermissionPolicy):
    """Wagtail's policy of pages, without others' drafts where somebody may only write their own."""

    def explorable_instances(self, user: Any) -> Any:
        """Pages that somebody may look at in the desk's lists, and those above them."""
        root = self.explorable_root_instance(user)
        if root is None:
            return self.model._default_manager.none()
        pages = self.model._default_manager.all()
        if root.depth > 1:
            pages = pages.filter(path__startswith=root.path)
        return self.kept_to(user, pages)

    def kept_to(self, user: Any, pages: Any) -> Any:
        """Of pages below the root of what somebody sees those that they may look at."""
        if _whole_trees_or_all(user) is None:
            return pages  # A condition that all fulfil costs a look at each page.
        return pages.filter(seen_by(user) | Q(path__in=_paths_above(user, self)))

    def instances_user_has_any_permission_for(self, user: Any, actions: Any) -> Any:
        """Pages with which somebody may do one of these things, as Wagtail says; asked in one go, not once a section.

        All of them, where a right holds for the root: a condition that all fulfil costs a look at each page.
        """
        pages = self._base_queryset_for_user(user)
        if pages is not None:
            return pages
        codenames, adding = self._get_permission_codenames(actions), self._get_permission_codename("add")
        whole, own = Q(pk__in=[]), Q(pk__in=[])
        for right in self.get_cached_permissions_for_user(user):
            if right.permission.codename in codenames:
                if right.page.depth == 1:
                    return self.model._default_manager.all()
                whole |= Q(path__startswith=right.page.path)
            elif right.permission.codename == adding and "change" in actions:
                own |= Q(path__startswith=right.page.path)
        return self.model._default_manager.filter(whole | Q(owner=user) & own)

    def explorable_root_instance(self, user: Any) -> Any:
        """The page that stands above all that somebody may look at."""
        name = self._explorable_root_instance_cache_name
        if not hasattr(user, name):
            paths = [page.path for page in self.instances_with_direct_explore_permission(user)]
            shared = commonprefix(paths)  # noqa: RUF071 - paths of a tree, letter by letter, cut to whole steps below
            root = page_at(shared[: len(shared) - len(shared) % Page.steplen])
            if root is not None:
                setattr(user, name, root)
        return super().explorable_root_instance(user)


policy = PaperPolicy()


def seen_by(user: Any) -> Q:
    """Which pages somebody may see."""
    return Q(live=True) | drafts_seen_by(user) if _whole_trees_or_all(user) is not None else _EVERY_PAGE


def sees_all_pages(user: Any) -> bool:
    """Whether there is no page of the desk that somebody may not look at."""
    return _whole_trees_or_all(user) is None


def drafts_seen_by(user: Any) -> Q:
    """Of which pages somebody may see what is not published."""
    trees = _whole_trees_or_all(user)
    if trees is None:
        return _EVERY_PAGE
    seen = Q(owner_id=user.pk)
    for path in trees:
        seen |= Q(path__startswith=path)
    return seen


def _whole_trees_or_all(user: Any) -> list[str] | None:
    """Paths below which somebody may see everything; None where that is everywhere."""
    if user.is_superuser:
        return None
    trees = _whole_trees(user)
    return None if any(len(path) == Page.steplen for path in trees) else trees


def may_see_draft(user: Any, page: Any) -> bool:
    """Whether somebody may see what of a page is not published."""
    if user.is_superuser or page.owner_id == user.pk:
        return True
    return any(page.path.startswith(path) for path in _whole_trees(user))


def sees_names(user: Any) -> bool:
    """Whether somebody may see what colleagues are called: editors and above."""
    return bool(user.is_superuser or has_on_paper(user, "change_page", "publish_page"))


def may_change_others(user: Any) -> bool:
    """Whether somebody may work on what others wrote, anywhere."""
    return bool(user.is_superuser or _whole_trees(user))


def has_on_paper(user: Any, *codenames: str) -> bool:
    """Whether somebody has one of these rights on the whole paper or a whole front."""
    return any(right.permission.codename in codenames and right.page.depth <= FRONT_DEPTH for right in _rights(user))


def publishes_paper(user: Any) -> bool:
    """Whether somebody may publish the whole paper or a whole front."""
    return bool(user.is_superuser or has_on_paper(user, "publish_page"))


_looking: ContextVar[Any] = ContextVar("who looks at the desk", default=None)


@contextmanager
def looking(user: Any) -> Iterator[None]:
    """Say who looks, for as long as an answer is made; Wagtail writes its pages out after its own views have ended."""
    token = _looking.set(user)
    try:
        yield
    finally:
        _looking.reset(token)


def viewer() -> Any:
    """Who is looking at a page of the desk; None outside of it."""
    user = _looking.get()
    return user if user is not None and user.is_authenticated else None


def _rights(user: Any) -> tuple[GroupPagePermission, ...]:
    return tuple(policy.get_cached_permissions_for_user(user))


def _whole_trees(user: Any) -> list[str]:
    """Paths of pages below which somebody may see everything, without those that stand below another one."""
    paths = sorted({right.page.path for right in _rights(user) if right.permission.codename in WHOLE})
    return [path for path in paths if not any(path != other and path.startswith(other) for other in paths)]


def _paths_above(user: Any, rights: PaperPolicy) -> set[str]:
    paths = {right.page.path for right in rights.get_cached_permissions_for_user(user)}
    return {path[:end] for path in paths for end in range(Page.steplen, len(path) + 1, Page.steplen)}


# --- Names ---


def keep_names() -> None:
    """Have accounts tell their names only to whom they may; Wagtail asks `get_full_name` wherever it names somebody."""
    accounts: Any = get_user_model()
    if getattr(accounts.get_full_name, "is_kept", False):
        return
    tell = accounts.get_full_name

    def get_full_name(account: Any) -> str:
        """First and last name; to a colleague below editor, nothing, so that the sign-in name stands there."""
        who = viewer()
        is_told = who is None or who.pk == account.pk or sees_names(who)
        return str(tell(account)) if is_told else ""

    get_full_name.is_kept = True  # type: ignore[attr-defined]
    accounts.get_full_name = get_full_name
