"""Announcing an event at a stop, and calling it off."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from capx.zones import is_zone, zone_choices
from grandtour.forms.expectations import text
from grandtour.models import StopEvent
from volunteers.forms.codes import CodesField


class EventForm(forms.ModelForm[StopEvent]):
    """What happens, when and where; its hours are those of the place."""

    day = forms.DateField(
        label=gettext_lazy("Day"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    begins = forms.TimeField(
        label=gettext_lazy("Begins at"),
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
    )
    ends = forms.TimeField(
        label=gettext_lazy("Ends at"),
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
    )
    zone = forms.ChoiceField(label=gettext_lazy("On the clock of"))
    languages = CodesField(kind="languages", label=gettext_lazy("Languages"))

    class Meta:
        model = StopEvent
        fields = ["title", "words", "where", "online", "seats", "languages", "open_to"]
        labels = {
            "title": gettext_lazy("What is it called?"),
            "words": gettext_lazy("What happens?"),
            "where": gettext_lazy("Where?"),
            "online": gettext_lazy("Address online"),
            "open_to": gettext_lazy("Who may come?"),
        }
        widgets = {
            "title": forms.TextInput({"dir": "auto"}),
            "words": text(5),
            "where": forms.TextInput({"dir": "auto"}),
            "open_to": forms.RadioSelect,
        }
        help_texts = {
            "where": gettext_lazy("Street, house, floor; and whether there are steps."),
            "online": gettext_lazy("Only those who have a seat see it."),
            "seats": gettext_lazy("When all are taken, people can wait for one."),
        }

    field_order = [
        *("title", "words", "day", "begins", "ends", "zone", "where", "online"),
        *("languages", "seats", "open_to"),
    ]

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        """Fill in the day and the hours; `zone` is the clock of who announces it."""
        super().__init__(*args, **kwargs)
        event = self.instance
        zone = event.zone or (zone if is_zone(zone) else "UTC")
        clock: Any = self.fields["zone"]
        clock.choices = zone_choices(zone)
        self.initial.update(zone=zone, day=event.stop.arrive)
        if event.pk:
            begins, ends = event.local(event.begins_at), event.local(event.ends_at)
            self.initial.update(day=begins.date(), begins=begins.time(), ends=ends.time())

    def clean_day(self) -> Any:
        """Keep it within the days of the stop."""
        day, stop = self.cleaned_data["day"], self.instance.stop
        if not stop.arrive <= day <= stop.leave:
            raise forms.ValidationError(_("Choose a day on which your guests are there."))
        return day

    def clean_seats(self) -> int:
        """Keep the seats that are taken."""
        seats: int = self.cleaned_data["seats"]
        event = self.instance
        if event.pk and event.sign_ups.filter(place__gt=seats).exists():
            raise forms.ValidationError(_("More people have signed up already."))
        return seats

    def clean(self) -> dict[str, Any]:
        """Make moments of day, hours and clock."""
        cleaned = super().clean() or self.cleaned_data
        if {"day", "begins", "ends", "zone"} <= set(cleaned):
            clock = ZoneInfo(cleaned["zone"])
            begins, ends = (
                datetime.combine(cleaned["day"], cleaned[name], clock)
                for name in ("begins", "ends")
            )
            self.instance.zone = cleaned["zone"]
            self.instance.begins_at, self.instance.ends_at = begins, ends
            if ends <= begins:
                self.add_error("ends", _("It ends after it begins."))
        if not (self.errors or cleaned.get("where") or cleaned.get("online")):
            self.add_error("where", _("Say where it is, or give an address online."))
        return cleaned


class CallOffForm(forms.Form):
    """Why an event does not take place; everybody who signed up reads it."""

    because = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("Whoever signed up reads this."),
        max_length=500,
        widget=text(3),
    )
