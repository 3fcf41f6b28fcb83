"""Writing down what traveller and host expect of each other."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from capx.templatetags.dates import period
from grandtour.forms.lines import LinesField
from grandtour.models import Expectation, Stop
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
    weeks = forms.CharField(widget=forms.HiddenInput, max_length=2000, required=False)
    questions = Questions(
        label=LABELS["questions"],
        help_text=_(
            "One in each line, ten to fifteen if you like: what each of you would like to know "
            "before you meet. Answer them by mail or in a call."
        ),
        required=False,
    )

    def __init__(self, *args: Any, stop: Stop, **more: Any) -> None:
        """Keep to the rules of the stop's edition."""
        super().__init__(*args, **more)
        self.stop = stop

    def clean(self) -> dict[str, Any]:
        """Keep other days within the edition's days of travel and number of nights."""
        cleaned = super().clean() or self.cleaned_data
        arrive, leave = cleaned.get("arrive"), cleaned.get("leave")
        if not (arrive and leave and arrive < leave):
            return cleaned
        if (arrive, leave) == (self.stop.arrive, self.stop.leave):
            return cleaned
        edition = self.stop.journey.edition
        if arrive < edition.travel_first_day or leave > edition.travel_last_day:
            words = gettext("People travel in this edition on these days: %(days)s.")
            within = period(edition.travel_first_day, edition.travel_last_day)
            self.add_error("arrive", words % {"days": within})
        if not edition.fewest_nights <= (leave - arrive).days <= edition.most_nights:
            words = gettext(
                "One stays %(fewest)s to %(most)s nights with a host in this edition."
            )
            said = {"fewest": edition.fewest_nights, "most": edition.most_nights}
            self.add_error("leave", words % said)
        return cleaned

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
    # What other days do to the weeks of whoever travels, as the page has shown it.
    weeks = forms.CharField(max_length=2000, required=False)
