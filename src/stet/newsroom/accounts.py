"""An editor's own account: what Wagtail insists on there is left to the editor.

Wagtail's form for one's account takes no change, not even of the desk's language, without first name, last name and
e-mail address. A newsroom under attack keeps none of them where it need not.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.account import NameEmailForm
from wagtail.admin.views.account import NameEmailSettingsPanel


class AccountNameForm(NameEmailForm):
    """Name and e-mail address of an account, each optional."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = False
        self.fields["first_name"].help_text = _("Colleagues at the desk see it. It may stay empty.")


def ask_no_names() -> None:
    """Have Wagtail's page of one's own account use this form; it has no setting for that."""
    NameEmailSettingsPanel.form_class = AccountNameForm
