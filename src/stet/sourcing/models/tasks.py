"""A step of a workflow that a story passes only with its sourcing whole."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.log_actions import log
from wagtail.models import AbstractGroupApprovalTask, TaskState

from stet.sourcing.errors import ReasonMissingError, SourcingHeldError
from stet.sourcing.story import Finding

OVERRIDE = "override"
"""The action's name, as Wagtail hands it around."""
OVERRIDDEN = "sourcing.override"
"""The entry in a page's history."""
LONGEST_REASON = 1000


class OverrideForm(forms.Form):
    """Why a story passes with gaps."""

    comment = forms.CharField(
        label=_("Reason"), max_length=LONGEST_REASON, widget=forms.Textarea({"rows": 3}),
        help_text=_("It is kept in the story's history, with your name."),
    )  # fmt: skip


class SourcingTask(AbstractGroupApprovalTask):
    """Approval by a group, refused while gaps in the sourcing are open."""

    class Refused(models.TextChoices):
        """Which gaps hold a story back."""

        BROKEN = "broken", _("what is broken")
        ANY = "any", _("every gap, also what is only to be looked at")

    refused = models.CharField(
        _("what holds a story back"), max_length=6, choices=Refused.choices, default=Refused.BROKEN
    )
    may_override = models.BooleanField(
        _("may be approved all the same"), default=False, help_text=_("With a reason, which is kept.")
    )

    admin_form_fields = [*AbstractGroupApprovalTask.admin_form_fields, "refused", "may_override"]
    admin_form_widgets = {**AbstractGroupApprovalTask.admin_form_widgets, "refused": forms.RadioSelect}

    class Meta:
        verbose_name = _("Sourcing is whole")
        verbose_name_plural = _("Sourcing is whole")

    @classmethod
    def get_description(cls) -> str:
        """Say what it does where steps are chosen."""
        return str(_("Members of the chosen groups approve; it is refused while gaps in the sourcing are open."))

    def get_actions(self, obj: Any, user: AbstractBaseUser) -> list[tuple[str, Any, bool]]:
        """Those of any approval, and approving in spite of gaps where that is allowed."""
        actions: list[tuple[str, Any, bool]] = super().get_actions(obj, user)
        if actions and self.may_override:
            actions.append((OVERRIDE, pgettext_lazy("a story with gaps", "Approve all the same…"), True))
        return actions

    def get_form_for_action(self, action: str) -> type[forms.Form]:
        """Approving all the same asks for a reason."""
        form: type[forms.Form] = OverrideForm if action == OVERRIDE else super().get_form_for_action(action)
        return form

    def on_action(self, task_state: TaskState, user: AbstractBaseUser, action_name: str, **kwargs: Any) -> Any:
        """Approve, reject, or hold back. Raises SourcingHeldError with everything that is open."""
        if action_name not in ("approve", OVERRIDE):
            return super().on_action(task_state, user, action_name, **kwargs)
        page = task_state.workflow_state.content_object
        found = self.open_now(page)
        if action_name == OVERRIDE:
            self._override(page, user, found, reason=kwargs.get("comment"))
        elif found:
            raise SourcingHeldError(
                page=page.pk, headline=page.title, sentences=tuple(finding.sentence for finding in found)
            )
        return super().on_action(task_state, user, "approve", **kwargs)

    def _override(self, page: Any, user: AbstractBaseUser, found: Iterable[Finding], *, reason: Any) -> None:
        if not self.may_override or not isinstance(reason, str) or not reason.strip():
            raise ReasonMissingError(page=page.pk)
        data = {"reason": reason[:LONGEST_REASON], "open": [finding.sentence for finding in found], "task": self.name}
        log(instance=page, action=OVERRIDDEN, user=user, data=data)

    def open_now(self, page: Any) -> tuple[Finding, ...]:
        """What holds the page back, as it would be published: in its latest revision."""
        from stet.sourcing.stories import findings_of  # not before all models are there

        return self.open_in(page, findings_of(page.get_latest_revision_as_object()))

    def open_in(self, page: Any, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """Of these findings those that hold the page back: what is mended in it, and bad enough."""
        own = (finding for finding in findings if finding.place.page == page.pk)
        return tuple(finding for finding in own if finding.is_broken or self.refused == self.Refused.ANY)
