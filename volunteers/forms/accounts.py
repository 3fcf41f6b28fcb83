"""The forms of signing in, with our words on them."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _

from capx.zones import zone_or_utc

WORDS = {
    "login": _("E-mail or username"),
    "email": _("E-mail"),
    "username": _("Username"),
    "password": _("Password"),
    "password1": _("Password"),
    "password2": _("The same once more"),
    "oldpassword": _("The password you have now"),
    "code": _("Code"),
    "passwordless": _("Open my account with it alone"),
}
HELP = {
    "passwordless": _("Otherwise it is a second step after your password."),
    "username": _("Others see it. If you have one on the wikis, take the same."),
    "password1": _("At least eight characters, neither common nor digits alone."),
}


class Worded:
    """A form of allauth whose fields are called as they are elsewhere here."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Put our words on the fields."""
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = WORDS.get(name, field.label)
            if name in HELP:
                field.help_text = HELP[name]


class LoginForm(Worded, account.LoginForm):
    """Sign in by password."""


class Zoned:
    """A form that brings the time zone of the browser along, where a script can tell it."""

    fields: dict[str, Any]
    cleaned_data: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Add the field; nobody has to see it."""
        super().__init__(*args, **kwargs)
        hidden = forms.HiddenInput(attrs={"data-zone": ""})
        self.fields["time_zone"] = forms.Field(required=False, widget=hidden)

    def clean_time_zone(self) -> str:
        """Take what is a time zone; anything else is no reason to keep somebody out."""
        return zone_or_utc(self.cleaned_data["time_zone"] or "")


class SignupForm(Zoned, Worded, account.SignupForm):
    """Make an account."""


class RequestLoginCodeForm(Worded, account.RequestLoginCodeForm):
    """Ask for a code."""


class ConfirmLoginCodeForm(Worded, account.ConfirmLoginCodeForm):
    """Sign in by code."""


class ConfirmEmailVerificationCodeForm(Worded, account.ConfirmEmailVerificationCodeForm):
    """Show that an address is one's own."""


class ConfirmPasswordResetCodeForm(Worded, account.ConfirmPasswordResetCodeForm):
    """Show it before choosing a new password."""


class ResetPasswordForm(Worded, account.ResetPasswordForm):
    """Ask for a new password."""


class ChangePasswordForm(Worded, account.ChangePasswordForm):
    """Choose another password."""


class SetPasswordForm(Worded, account.SetPasswordForm):
    """Choose a first password."""


class ResetPasswordKeyForm(Worded, account.ResetPasswordKeyForm):
    """Choose a new password."""


class ChangeEmailForm(Worded, account.ChangeEmailForm):
    """Have the code sent to another address."""


class AddEmailForm(Worded, account.AddEmailForm):
    """Have mail sent to another address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say which address is meant."""
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("New address")


class ReauthenticateForm(Worded, account.ReauthenticateForm):
    """Show once more that it is oneself."""


class AddPasskeyForm(Worded, AddWebAuthnForm):
    """Add a passkey, which is more use than a second step."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Tick what most people mean."""
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].initial = True
