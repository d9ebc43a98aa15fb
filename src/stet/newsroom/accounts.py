"""An editor's own account: what Wagtail insists on there is left to the editor.

Wagtail's form for one's account takes no change, not even of the desk's language, without first name, last name and
e-mail address. A newsroom under attack keeps none of them where it need not.
"""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.account import NameEmailForm, ThemePreferencesForm
from wagtail.admin.forms.auth import LoginForm
from wagtail.admin.views.account import NameEmailSettingsPanel


class SignInForm(LoginForm):
    """Wagtail's form to sign in, with a name on the password's field that is said in each language."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = AuthenticationForm.base_fields["password"].label


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


def name_no_maker() -> None:
    """Say of the desk's shortcuts that they are the desk's; an editor need not know what it is made of."""
    ThemePreferencesForm.base_fields["keyboard_shortcuts"].help_text = _("The desk's own, such as Ctrl + S to save.")
