"""Files that the desk hands out: a photo or document goes to who may choose or change it, and to nobody else."""

from pathlib import PurePosixPath
from typing import Any

from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.permissions import policy_registry

from stet.newsroom.models import PhotoRendition

ACTIONS = ("choose", "change", "delete")


def may_see_files(user: Any, word: str) -> bool:
    """Whether somebody works with photos, or with documents, at all."""
    model = get_image_model() if word == "photos" else get_document_model()
    return bool(policy_registry.get_by_type(model).user_has_any_permission(user, {"add", *ACTIONS}))


def may_see_file(user: Any, name: str) -> bool:
    """Whether somebody at the desk may have the file of this name below `media/`.

    A photo of a printed page is named by its digest, which who sees the page has got.
    """
    if not user.has_perm("wagtailadmin.access_admin"):
        return False
    if user.is_superuser or PurePosixPath(name).name == name:
        return True
    row = _photo_of(name) or get_document_model().objects.filter(file=name).first()
    return row is not None and may_see(user, row)


def may_see(user: Any, row: Any) -> bool:
    """Whether somebody may have a photo or a document."""
    policy = policy_registry.get_by_type(type(row))
    return bool(policy.user_has_any_permission_for_instance(user, ACTIONS, row))


def _photo_of(name: str) -> Any:
    photo = get_image_model().objects.filter(file=name).first()
    if photo is None:
        rendition = PhotoRendition.objects.filter(file=name).select_related("image").first()
        photo = rendition.image if rendition else None
    return photo
