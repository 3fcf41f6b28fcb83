"""What an affiliate may write about what it offers to travellers."""

from typing import Any

from django import forms
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from capx import marks
from grandtour.forms.money import AmountField, read_amount
from grandtour.models import Edition, Host
from grandtour.planning.support import EURO
from volunteers.forms import PlaceField, SkillsField
from volunteers.forms.codes import CodesField
from volunteers.forms.money import units
from volunteers.models import Affiliate, Person

MOST_RENT = 10_000_000  # cents
# What nobody can read about a host without.
MUST = ("place", "languages", "programme", "venue")


def area(rows: int) -> forms.Textarea:
    """Make a field of several lines that reads in its own direction."""
    return forms.Textarea({"rows": rows, "dir": "auto"})


class ChooseForm(forms.Form):
    """For which of one's affiliates one offers to host."""

    affiliate = forms.ModelChoiceField(
        Affiliate.objects.none(), label=_("Which affiliate will host?"), empty_label=None
    )

    def __init__(self, data: Any, *, person: Person, edition: Edition) -> None:
        """Offer those that do not host in this edition yet."""
        super().__init__(data)
        ours = Affiliate.objects.spoken_for_by(person)
        field: Any = self.fields["affiliate"]
        field.queryset = ours.exclude(pk__in=edition.hosts.values("affiliate")).order_by("name")


class MarkedForm(forms.Form):
    """A form that knows what it was filled in from, as several of an affiliate write."""

    revision = forms.CharField(max_length=22, widget=forms.HiddenInput)
    based_on = forms.CharField(
        max_length=marks.LONGEST, widget=forms.HiddenInput, required=False
    )

    def based_on_what_stands(self, host: Host) -> None:
        """Let it write the next time it is sent, over what has just been shown beside it."""
        sent: Any = self.data
        changed = sent.copy()
        changed["based_on"] = marks.mark_of(host)
        self.data = changed


def marked(host: Host) -> dict[str, str]:
    """Give a new form its own mark, and that of what it is filled in from."""
    return {"revision": get_random_string(22), "based_on": marks.mark_of(host)}


class HostForm(MarkedForm, forms.ModelForm[Host]):
    """What a host offers; a draft may have gaps."""

    place = PlaceField(label=_("City"), required=False)
    languages = CodesField(
        kind="languages",
        label=_("Languages in which you can welcome people"),
        required=False,
    )
    shares = SkillsField(label=_("Skills you share"), required=False)
    wants = SkillsField(label=_("Skills you would like to learn"), required=False)
    venue = forms.ChoiceField(
        label=_("Where do you meet?"),
        choices=Host.Venue,
        required=False,
        widget=forms.RadioSelect({"group": "choices--cards choices--three"}),
    )

    rent = AmountField(
        label=_("Rent of the venue, in euros"),
        required=False,
        help_text=_(
            "Only for a venue to be rented: about how much for all days of a group together. "
            "Journeys are planned in euros, so write it in euros whatever you pay in."
        ),
    )

    class Meta:
        model = Host
        fields = [
            *("place", "programme", "shares", "wants", "languages"),
            *("most_guests", "groups"),
            *("venue", "venue_words", "step_free", "access", "bears"),
        ]
        widgets = {
            "programme": area(7),
            "access": area(3),
            "venue_words": forms.TextInput({"dir": "auto"}),
            "bears": forms.TextInput({"dir": "auto"}),
        }
        help_texts = {
            "programme": _(
                "What could people see, do and learn in three to five days? "
                "Name those who would meet them, if they agree."
            ),
            "most_guests": _(
                "Four at most. Many hosts take two. All who stay with you in a night count, "
                "whichever edition sends them."
            ),
            "bears": _("For example: lunch on working days, tickets for the tram."),
            "access": _("Steps, lifts, hearing loops, quiet rooms: say what there is."),
        }

    def __init__(self, data: Any = None, *, instance: Host, complete: bool = True) -> None:
        """Ask for everything that others need to read, unless it stays a draft."""
        first = marked(instance) | _rent(instance)
        super().__init__(data, instance=instance, initial=first)
        self.needed = MUST
        if complete:
            for name in MUST:
                self.fields[name].required = True

    def clean(self) -> dict[str, Any]:
        """Read the rent, which only a venue has that is to be rented."""
        cleaned = super().clean() or self.cleaned_data
        self.instance.revision = cleaned.get("revision", "")
        rented = cleaned.get("venue") == Host.Venue.RENTED
        if not rented and cleaned.get("rent"):
            self.add_error("rent", _("Only a venue to be rented costs something."))
            return cleaned
        read_amount(self, "rent", EURO, most=MOST_RENT)
        rent = self.cleaned_data.get("rent")
        self.instance.venue_cost = rent or None
        self.instance.venue_currency = EURO if rent else ""
        return cleaned


class DaysForm(MarkedForm):
    """The days of a host, and nothing else: what is sent once nobody applies any more."""

    def __init__(self, data: Any = None, *, host: Host) -> None:
        """Begin from what stands there."""
        super().__init__(data, initial=marked(host))


def differing(typed: HostForm, host: Host) -> list[tuple[str, str]]:
    """Say what stands in a host by now, field by field, where somebody has typed otherwise."""
    stands = HostForm(instance=host)
    pairs = [(field, typed[field.name]) for field in stands if not field.is_hidden]
    return [
        (str(field.label), _read(field)) for field, mine in pairs if _read(field) != _read(mine)
    ]


def _read(field: forms.BoundField) -> str:
    """Write what stands in a field as one reads it."""
    value = field.value()
    if isinstance(field.field, forms.ChoiceField):
        return str(dict(Host.Venue.choices).get(value, ""))
    if isinstance(field.field, forms.BooleanField):
        return str(_("Yes") if value else _("No"))
    return "\n".join(str(value or "").split("\r\n")).strip()


def _rent(host: Host) -> dict[str, str]:
    """Say what stands in the field of the rent, which the row holds in cents."""
    return {"rent": units(host.venue_cost, EURO)} if host.venue_cost else {}
