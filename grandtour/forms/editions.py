"""What organisers write of an edition."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grandtour.forms.lines import LinesField
from grandtour.forms.nights import NightForm
from grandtour.models import Edition, Journey, Stop
from volunteers.forms import SkillsField


def planned(edition: Edition | None) -> bool:
    """Say whether an edition is not announced yet."""
    return edition is None or edition.state == Edition.State.PLANNED


class EditionForm(NightForm):
    """An edition; its skills are written by name, as everywhere."""

    skills = SkillsField(
        label=gettext_lazy("Skills of the theme"),
        required=False,
        help_text=gettext_lazy("With commas between them"),
    )

    purposes = LinesField(
        label=gettext_lazy("Parts in which people travel"),
        help_text=gettext_lazy(
            "One in each line, as applicants say it of themselves. The same rules hold for all."
        ),
    )

    def clean_purposes(self) -> list[str]:
        """Take each part once."""
        return list(dict.fromkeys(self.cleaned_data["purposes"]))

    def clean(self) -> dict[str, Any]:
        """Let nobody empty the words that everybody can read."""
        cleaned = super().clean() or self.cleaned_data
        if not planned(self.instance if self.instance.pk else None):
            for name in ("about", "how_chosen", "success"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("Everybody can read this: leave some words in it."))
        self._hold_days(cleaned)
        return cleaned

    def _hold_days(self, cleaned: dict[str, Any]) -> None:
        """Let nobody take away days on which journeys are planned already."""
        stops = Stop.objects.filter(journey__edition=self.instance.pk)
        stops = stops.exclude(journey__state=Journey.State.CANCELLED)
        outside = {"travel_first_day": "arrive__lt", "travel_last_day": "leave__gt"}
        for name, lookup in outside.items():
            said = cleaned.get(name)
            if name in self.changed_data and said and stops.filter(**{lookup: said}).exists():
                self.add_error(name, _("A journey is planned outside these days."))
