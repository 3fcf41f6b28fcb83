"""What people wish to hear of by mail."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from volunteers.models.notices import NoticeKind

KINDS = [choice for choice in NoticeKind.choices if choice[0] != NoticeKind.ACCOUNT]


class PreferencesForm(forms.Form):
    """The kinds of notice that come by mail as well."""

    unmarked = True

    by_mail = forms.MultipleChoiceField(
        label=_("Send me by mail"),
        choices=KINDS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def muted(self) -> set[Any]:
        """Name the kinds that are not wanted by mail."""
        return {kind for kind, _label in KINDS} - set(self.cleaned_data["by_mail"])
