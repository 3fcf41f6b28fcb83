"""Writing down what traveller and host expect of each other."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grandtour.forms.lines import LinesField
from grandtour.models import Expectation
from grandtour.models.expectations import LABELS, MOST_QUESTIONS

LONGEST = 300


def text(rows: int) -> forms.Textarea:
    """Give a field for prose in any direction."""
    return forms.Textarea({"rows": rows, "dir": "auto"})


def day() -> forms.DateInput:
    """Give a field for a day."""
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class Questions(LinesField):
    """Questions, one in each line."""

    def validate(self, value: Any) -> None:
        """Refuse too many of them, and one that is no question but a page."""
        super().validate(value)
        if len(value) > MOST_QUESTIONS:
            raise forms.ValidationError(_("At most 15 questions."))
        if any(len(line) > LONGEST for line in value):
            raise forms.ValidationError(_("A question has at most 300 characters."))


class ExpectationForm(forms.ModelForm[Expectation]):
    """What both expect of a stop."""

    read = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=100_000)
    questions = Questions(
        label=LABELS["questions"],
        help_text=_(
            "One in each line, ten to fifteen if you like: what each of you would like to know "
            "before you meet. Answer them by mail or in a call."
        ),
        required=False,
    )

    class Meta:
        model = Expectation
        fields = ["goals", "programme", "questions", "afterwards", "arrive", "leave"]
        labels = {
            **LABELS,
            "arrive": _("Other days? Arrive on"),
            "leave": _("Leave on"),
        }
        widgets = {
            "goals": text(4),
            "programme": text(6),
            "afterwards": text(2),
            "arrive": day(),
            "leave": day(),
        }
        help_texts = {
            "goals": _("What should be different when the days are over?"),
            "programme": _(
                "Day by day, in a few words. Leave it empty if you do not know yet."
            ),
            "afterwards": _(
                "Something small that is really done within half a year: a workshop, a page, "
                "a try."
            ),
            "arrive": _(
                "Only if you would both rather have other days than those above. Once you "
                "agree, organisers look whether they can be, and move the stay."
            ),
        }


class ReadForm(forms.Form):
    """Which version somebody says yes to."""

    version = forms.IntegerField(min_value=1, max_value=100_000)
