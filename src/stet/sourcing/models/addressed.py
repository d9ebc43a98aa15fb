"""What texts with a page of their own have in common: an address that is made from their words."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from stet.newsroom.addresses import is_reserved
from stet.newsroom.paper import current_paper
from stet.sourcing.slugs import free_slug, save_with_slug


class AddressedMixin:
    """For a text in one language with `locale` and `slug`."""

    WORDS = ""
    """The field that the address is made from."""
    FALLBACK = ""
    """Stands in where the words hold neither letter nor digit."""

    locale_id: Any
    pk: Any
    slug: Any

    @property
    def has_page(self) -> bool:
        """Whether readers find it under an address."""
        return True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save it, under an address that nobody else has in its language."""
        if self.slug or not self.has_page:
            super().save(*args, **kwargs)  # type: ignore[misc]  # of Django's model
        else:
            save_with_slug(self._free_slug, lambda slug: self._save_as(slug, *args, **kwargs))

    def _save_as(self, slug: str, *args: Any, **kwargs: Any) -> None:
        self.slug = slug
        super().save(*args, **kwargs)  # type: ignore[misc]  # of Django's model

    def _free_slug(self) -> str:
        return free_slug(
            getattr(self, self.WORDS),
            fallback=self.FALLBACK,
            is_taken=lambda slug: self._others(slug).exists(),
            languages=current_paper().languages,
        )

    def _others(self, slug: str) -> Any:
        rows: Any = type(self)._default_manager  # type: ignore[attr-defined]
        return rows.filter(locale_id=self.locale_id, slug=slug).exclude(pk=self.pk)

    def clean(self) -> None:
        """Refuse an address that another one has, or that the press keeps for itself."""
        super().clean()  # type: ignore[misc]  # of Django's model
        if self.slug and (is_reserved(self.slug, current_paper().languages) or self._others(self.slug).exists()):
            raise ValidationError({"slug": _("This address is taken. Choose another, or leave it empty.")})
