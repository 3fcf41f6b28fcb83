"""Whether a host has agreed with somebody who says so."""

from typing import Any

from django import forms

from grandtour.models import Application, Host


class PartnerForm(forms.Form):
    """One application that names a host, and the host's yes or no."""

    application = forms.ModelChoiceField(Application.objects.none())
    agrees = forms.TypedChoiceField(
        choices=[("yes", ""), ("no", "")], coerce=lambda said: said == "yes"
    )

    def __init__(self, data: Any, *, host: Host) -> None:
        """Know those that name this host."""
        super().__init__(data)
        field: Any = self.fields["application"]
        field.queryset = Application.objects.naming(host)
