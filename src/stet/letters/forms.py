"""The desk's forms of a letter."""

from typing import Any

from django import forms
from django.core.validators import EmailValidator
from django.utils.formats import time_format
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm

from stet.kit.clock import SystemClock
from stet.letters.addresses import is_days_slug

ASKS_FOR_READERS = ("action-publish", "action-submit", "action-restart-workflow")
"""Buttons after which a letter goes out, or is read by somebody who lets it."""
LONGEST_ADDRESS = 254
"""Characters: RFC 5321, 4.5.3.1.3, without the angle brackets."""


class LetterForm(WagtailAdminPageForm):
    """A letter; one in which preflight finds something broken is saved, but neither published nor scheduled."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._followed: list[tuple[str, str]] = []
        if self.instance.pk is None and self.parent_page is not None and not self.initial.get("due_date"):
            from stet.letters.rows import next_day  # not before all models are there
            from stet.letters.writing import slug_of_day

            page = self.parent_page.specific
            day = next_day(page, now=SystemClock().now())
            self.initial |= {"due_date": day, "slug": slug_of_day(page, day)}
        page = self.list_page()
        if page is not None and "due_time" in self.fields:
            words = {"hour": time_format(page.hour, "H:i")}
            self.fields["due_time"].help_text = _("The list's own time if empty: %(hour)s.") % words

    def list_page(self) -> Any:
        """The list that the letter belongs to, or will; None for a form that stands nowhere."""
        parent = self.parent_page or (self.instance.get_parent() if self.instance.pk else None)
        return parent.specific if parent is not None else None

    def clean(self) -> dict[str, Any]:
        """Have subject and address follow the day, while both are what they were made of it."""
        cleaned: dict[str, Any] = super().clean()
        before, day, page = self.initial.get("due_date"), cleaned.get("due_date"), self.list_page()
        if page is not None and before and day and day != before and self.instance.first_published_at is None:
            from stet.letters.rows import given_subject  # not before all models are there
            from stet.letters.writing import slug_of_day

            if cleaned.get("slug") == self.initial.get("slug") and is_days_slug(cleaned["slug"], before):
                self._follow("slug", slug_of_day(page, day, letter=self.instance))
            if cleaned.get("title") == given_subject(page, before):
                self._follow("title", given_subject(page, day))
        return cleaned

    def _follow(self, field: str, value: str) -> None:
        self.cleaned_data[field] = value
        self._followed.append((field, value))

    def get_field_updates_for_resave(self) -> list[tuple[str, str]]:
        """What a form that stays open is told after it was saved in the background."""
        updates: list[tuple[str, str]] = super().get_field_updates_for_resave()
        return updates + self._followed

    def _post_clean(self) -> None:
        """Look the letter over when it is to go out; Django has filled the page from the form by then."""
        super()._post_clean()
        if not self.errors and self._goes_out():
            from stet.letters.preflight import blocking  # not before all models are there
            from stet.letters.writing import findings_of

            page = self.list_page()
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
