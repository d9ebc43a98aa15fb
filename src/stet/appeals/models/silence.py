"""The switch that silences all asking, and what is never asked about. One row for the whole paper."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

SILENCED, LET_ASK, CHANGED = "appeals.silence", "appeals.let_ask", "appeals.settings"
"""What stands in the audit log."""
QUIET_WEEKS = 4
ONLY = 1
"""The one row's number."""


class Silence(models.Model):
    """Whether anything may be asked of readers."""

    is_silent = models.BooleanField(_("nothing asks"), default=False)
    locales: Any = models.ManyToManyField(
        "wagtailcore.Locale",
        blank=True,
        related_name="+",
        verbose_name=_("languages in which nothing asks"),
    )
    tags: Any = models.ManyToManyField(
        "taggit.Tag",
        blank=True,
        related_name="+",
        verbose_name=_("tags of sensitive articles"),
        help_text=_("Articles with one of these tags never ask. So do articles, sections and topics marked sensitive."),
    )
    quiet_weeks = models.PositiveSmallIntegerField(
        _("weeks of quiet"),
        default=QUIET_WEEKS,
        validators=[MinValueValidator(1), MaxValueValidator(26)],
        help_text=_(
            "For so long a reader who closed an appeal, gave, or asked to be reminded is not asked again. It is one "
            "number for all, so that a phone cannot tell who gave."
        ),
    )

    class Meta:
        verbose_name = _("silence")
        verbose_name_plural = _("silence")

    def __str__(self) -> str:
        return str(_("Nothing asks") if self.is_silent else _("Appeals may ask"))


def current_silence() -> Silence:
    """The one row; a new one where nobody changed anything yet."""
    return Silence.objects.filter(pk=ONLY).first() or Silence(pk=ONLY)


def set_silence(is_silent: bool, *, user: Any) -> None:  # noqa: FBT001 - it is what is set
    """Stop all asking, or let it go on. The press sees it at once: the row leaves a key in the outbox."""
    with transaction.atomic():
        silence, _is_new = Silence.objects.get_or_create(pk=ONLY)
        if silence.is_silent != is_silent:
            silence.is_silent = is_silent
            silence.save(update_fields=["is_silent"])
            log(silence, SILENCED if is_silent else LET_ASK, user=user)
