"""The desk's own pages of photos: the brush, and those that look alike."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.images.models import SourceImageIOError
from wagtail.log_actions import log
from wagtail.permissions import policy_registry

from stet.newsroom.errors import PhotoRefusedError
from stet.newsroom.models import Photo
from stet.newsroom.photos.blur_form import BlurForm
from stet.newsroom.photos.replacing import blur

ALIKE_ON_A_PAGE = 20


def may_change_any(user: Any) -> bool:
    """Whether somebody may change photos."""
    return bool(policy_registry.get_by_type(Photo).user_has_any_permission(user, ["change"]))


def photo_of(request: HttpRequest, photo_id: int) -> Photo:
    """A photo that this editor may change."""
    photo = get_object_or_404(Photo, pk=photo_id)
    if not policy_registry.get_by_type(Photo).user_has_permission_for_instance(request.user, "change", photo):
        raise PermissionDenied
    return photo


# --- The brush ---


@require_http_methods(["GET", "POST"])
def blur_photo(request: HttpRequest, photo_id: int) -> HttpResponse:
    """Mark faces, and have them made unknowable for good."""
    photo = photo_of(request, photo_id)
    form = BlurForm(request.POST or None, photo=photo)
    if request.method == "POST" and form.is_valid():
        try:
            blur(photo, form.found, form.cleaned_data["how"])
        except (SourceImageIOError, OSError):
            messages.error(request, _("The photo's file is missing or damaged. Upload it again."))
            return redirect("wagtailimages:edit", photo_id)
        except PhotoRefusedError as error:
            messages.error(request, str(error))
            return redirect("newsroom_photos_blur", photo_id)
        log(instance=photo, action="newsroom.photo.blur", user=request.user)
        messages.success(request, _("Done. What was marked is gone from the photo, here and in the paper."))
        return redirect("wagtailimages:edit", photo_id)
    context = {"photo": photo, "form": form, **_head(_("Blur"), _crumbs(photo), subtitle=photo.title)}
    return render(request, "newsroom/photos/blur.html", context, status=400 if form.is_bound else 200)


# --- Photos that look alike ---


@require_safe
def alike(request: HttpRequest) -> HttpResponse:
    """Photos that look like an older one, the newest first."""
    if not may_change_any(request.user):
        raise PermissionDenied
    policy = policy_registry.get_by_type(Photo)
    own = policy.instances_user_has_any_permission_for(request.user, ["change"]).filter(similar_to__isnull=False)
    page = Paginator(own.order_by("-pk").prefetch_renditions("max-165x165"), ALIKE_ON_A_PAGE).get_page(
        request.GET.get("p")
    )
    others = Photo.objects.filter(pk__in={photo.similar_to_id for photo in page}).prefetch_renditions("max-165x165")
    by_number = {photo.pk: photo for photo in others}
    pairs = [(photo, by_number[photo.similar_to_id]) for photo in page if photo.similar_to_id in by_number]
    crumbs = [{"url": reverse("wagtailimages:index"), "label": _("Photos")}]
    context = {"pairs": pairs, "page": page, **_head(_("Photos that look alike"), crumbs)}
    return render(request, "newsroom/photos/alike.html", context)


@require_POST
def not_alike(request: HttpRequest, photo_id: int) -> HttpResponse:
    """An editor says that a photo and the older one that it looks like are two."""
    photo = photo_of(request, photo_id)
    Photo.objects.filter(pk=photo.pk).update(similar_to=None)
    messages.success(request, _("Noted: “%(title)s” is a photo of its own.") % {"title": photo.title})
    return redirect(reverse("newsroom_photos_alike"))


def _crumbs(photo: Photo) -> list[dict[str, str]]:
    return [
        {"url": reverse("wagtailimages:index"), "label": _("Photos")},
        {"url": reverse("wagtailimages:edit", args=[photo.pk]), "label": photo.title},
    ]


def _head(title: str, crumbs: list[dict[str, str]], *, subtitle: str = "") -> dict[str, Any]:
    """What Wagtail's pages show above their content."""
    return {
        "page_title": title,
        "page_subtitle": subtitle,
        "header_title": title,
        "header_icon": "image",
        "breadcrumbs_items": [*crumbs, {"url": "", "label": title}],
    }
