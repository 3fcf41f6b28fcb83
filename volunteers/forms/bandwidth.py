"""How much somebody can give, and what they have taken on elsewhere."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from volunteers.actions.bandwidth import last_day
from volunteers.actions.commitments import Words
from volunteers.forms.fields import SkillsField
from volunteers.forms.rest import LONGEST, DatedForm
from volunteers.load import FINEST, most_weekly
from volunteers.models import Commitment

MOST = Decimal(80)


class HoursForm(DatedForm):
    """How many hours a week somebody can give, from when, until when."""

    field_order = ("weekly_hours", "first", "last")

    weekly_hours = forms.DecimalField(
        label=_("Hours a week I can give"),
        min_value=Decimal(0),
        max_value=MOST,
        max_digits=4,
        decimal_places=1,
        required=False,
        widget=forms.NumberInput(attrs={"step": "0.5", "inputmode": "decimal"}),
        help_text=_(
            "For everything in the movement together. Empty: you would rather not say."
        ),
    )
    sure = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say what no last day means."""
        super().__init__(*args, **kwargs)
        self.fields["last"].help_text = _("Empty: for good, or until you change it.")


class SaidBeforeForm(HoursForm):
    """What somebody had said until a moment ago, a midnight at most."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Leave no hours out."""
        super().__init__(*args, **kwargs)
        self.fields["weekly_hours"].required = True

    def earliest(self) -> date:
        """Give the first day that can be given back."""
        return self.today - timedelta(days=1)


class AgainForm(forms.Form):
    """What stood before something was done or put down, and who was asked to take it on.

    `last`: until when it went on; no day: without an end.
    """

    last = forms.DateField(required=False)
    asked = forms.IntegerField(required=False)


class CommitmentForm(DatedForm):
    """Something somebody has taken on elsewhere."""

    field_order = ("what", "weekly_hours", "first", "last", "skill")

    what = forms.CharField(
        label=_("What it is"), max_length=200, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    weekly_hours = forms.DecimalField(
        label=_("Hours a week"),
        min_value=Decimal("0.1"),
        max_value=168,
        max_digits=9,
        decimal_places=6,
        # Browsers count the steps from the least: with half hours they would refuse 3.
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )
    skill = SkillsField(
        label=_("Skill"), required=False, help_text=_("If it is one that the catalogue knows.")
    )

    def __init__(self, *args: Any, said: Commitment | None = None, **kwargs: Any) -> None:
        """Fill in what was said, where it is to be changed."""
        if said:
            kwargs["initial"] = {
                "what": said.what,
                "weekly_hours": plain(said.weekly_hours),
                "first": said.period.lower,
                "last": last_day(said.period),
                "skill": [said.skill] if said.skill else [],
            }
        super().__init__(*args, **kwargs)
        self.fields["last"].help_text = _("Empty: it has no end yet.")

    def earliest(self) -> date:
        """Give the first day that can be chosen: one may note what began long ago."""
        return self.today - LONGEST

    def clean_skill(self) -> Any:
        """One commitment has one skill at most."""
        skills = list(self.cleaned_data["skill"])
        if len(skills) > 1:
            raise ValidationError(_("One skill is enough: choose the one it needs most."))
        return skills[0] if skills else None

    def clean(self) -> dict[str, Any]:
        """Refuse more hours than a day or a week can hold."""
        cleaned = super().clean()
        first, last = cleaned.get("first"), cleaned.get("last")
        most = most_weekly(first, last or date.max) if first else MOST
        if (cleaned.get("weekly_hours") or 0) > most:
            self.add_error("weekly_hours", _("A week holds 80 hours at most, a day 24."))
        return cleaned

    def words(self) -> Words:
        """Give what was written, for the action."""
        return Words(**{name: self.cleaned_data[name] for name in self.field_order})


def plain(hours: Decimal) -> Decimal:
    """Write hours as somebody would type them: 4, not 4.000000."""
    return Decimal(f"{hours.quantize(FINEST).normalize():f}")
