"""What people say about something that should not stand here."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exchange.actions.reports import Concern
from exchange.models import Report

MOST = 2000


class ReportForm(forms.ModelForm[Report]):
    """Why something should not stand here."""

    class Meta:
        model = Report
        fields = ["reason", "words"]
        widgets = {
            "reason": forms.RadioSelect,
            "words": forms.Textarea(
                {"rows": 5, "dir": "auto", "maxlength": MOST, "data-count": ""}
            ),
        }
        help_texts = {
            "words": _("Where exactly it is, what happened, what you would wish for."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer reasons, and no row of dashes among them."""
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = Report.Reason.choices  # type: ignore[attr-defined]  # a field of choices

    def clean(self) -> None:
        """Ask for a word where the choice alone says nothing."""
        super().clean()
        said = self.cleaned_data
        if said.get("reason") == Report.Reason.OTHER and not said.get("words", "x"):
            self.add_error("words", _("Please say in a sentence what it is."))

    def concern(self) -> Concern:
        """Give what was said."""
        return Concern(self.cleaned_data["reason"], self.cleaned_data["words"])


class AppealForm(forms.Form):
    """Why something of one's own should be seen again."""

    words = forms.CharField(
        label=_("What we should know"),
        help_text=_("What you have changed, or why it was a misunderstanding."),
        max_length=MOST,
        widget=forms.Textarea({"rows": 5, "dir": "auto", "data-count": ""}),
    )

    def concern(self) -> Concern:
        """Give what was said."""
        return Concern(Report.Reason.OTHER, self.cleaned_data["words"])
