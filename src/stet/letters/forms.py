"""The desk's forms of a letter."""

from typing import Any

from django import forms
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm

from stet.kit.clock import SystemClock

ASKS_FOR_READERS = ("action-publish", "action-submit", "action-restart-workflow")
"""Buttons after which a letter goes out, or is read by somebody who lets it."""
LONGEST_ADDRESS = 254
"""Characters: RFC 5321, 4.5.3.1.3, without the angle brackets."""


class LetterForm(WagtailAdminPageForm):
    """A letter; one in which preflight finds something broken is saved, but neither published nor scheduled."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None and self.parent_page is not None and not self.initial.get("due_date"):
            from stet.letters.rows import next_day  # not before all models are there

            self.initial["due_date"] = next_day(self.parent_page.specific, now=SystemClock().now())

    def _post_clean(self) -> None:
        """Look the letter over when it is to go out; Django has filled the page from the form by then."""
        super()._post_clean()
        if not self.errors and self._goes_out():
            from stet.letters.preflight import blocking  # not before all models are there
            from stet.letters.writing import findings_of

            page = self.parent_page.specific if self.parent_page else self.instance.list_page
            is_placed = self.instance.pk is not None
            now = SystemClock().now()
            for finding in blocking(findings_of(self.instance, page, now=now, sets_mail=is_placed)):
                self.add_error(None, finding.sentence)

    def _goes_out(self) -> bool:
        is_approved = self.data.get("workflow-action-name") == "approve" and "action-workflow-action" in self.data
        return is_approved or any(name in self.data for name in ASKS_FOR_READERS)


class ProofForm(forms.Form):
    """Where a test is sent to."""

    address = forms.CharField(
        label=_("Your e-mail address"),
        max_length=LONGEST_ADDRESS,
        validators=[EmailValidator(_("This is no e-mail address. Check what you typed."))],
        help_text=_("It is used for this one mail, and neither stored nor written into any log."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
    )
