"""What people may write about an offer or a request."""

from collections.abc import Iterable
from copy import copy
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError
from django.utils.crypto import get_random_string
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from capx import marks
from capx.names import language_choices, language_name
from exchange.actions.listings import CANNOT_SPEAK, Written
from exchange.forms.fields import CountriesField
from exchange.forms.money import (
    MOST_LINES,
    LineFormSet,
    Lines,
    lines_as_typed,
    typed_lines,
)
from exchange.forms.needs import FOLDED, MODE, OPTIONAL, PARTS, What, has_budget, must, needs
from exchange.forms.wording import words_for
from exchange.models import Listing
from volunteers.forms import PlaceField, SkillsField
from volunteers.forms.money import currency_choices, currency_of, smallest_units, units
from volunteers.models import Affiliate, Person

# Which field a refusal stands beside.
BESIDE = {"days_in_order": "last_day", "at_most_500_seats": "seats"}
REFUSALS = {
    "listing_author_speaks_for_affiliate": ("affiliate", CANNOT_SPEAK),
    "listing_seats_not_below_taken": (
        "seats",
        gettext_lazy("More people than that have a seat already."),
    ),
}
DRAFTED = {"currency": ("amount",)}
TOGETHER = DRAFTED | {"last_day": ("first_day",), "first_day": ("last_day",)}


EMPTY = Listing()
FARTHEST = timedelta(days=3660)


class ChoiceForm(forms.Form):
    """Offer or request, and of what: what the rest of the form depends on."""

    unmarked = True

    kind = forms.ChoiceField(label=gettext_lazy("Offer or request"), choices=Listing.Kind)
    of = forms.ChoiceField(label=gettext_lazy("What is it?"), choices=What)

    def __init__(self, data: Any) -> None:
        """Read a choice from an address or a form; `of=resource&resource=venue` is a venue."""
        given = {name: data.get(name, "") for name in ("kind", "of", "resource")}
        if given["of"] == "resource":
            given["of"] = given["resource"]
        super().__init__(given)

    @classmethod
    def of_listing(cls, listing: Listing) -> "ChoiceForm":
        """Give the choice that was made for a listing."""
        return cls({"kind": listing.kind, "of": listing.resource or listing.of})

    def choose(self, listing: Listing) -> None:
        """Set what a listing is."""
        what = What(self.cleaned_data["of"])
        listing.kind, listing.of, listing.resource = (
            self.cleaned_data["kind"],
            what.of,
            what.resource,
        )


class ListingForm(forms.ModelForm[Listing]):
    """A listing as its author writes it: only the fields that its kind needs."""

    title = forms.CharField(
        max_length=120, required=False, widget=forms.TextInput({"dir": "auto"})
    )
    skills = SkillsField(required=False)
    place = PlaceField(required=False)
    countries = CountriesField(required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language of this text"), required=False)
    hours = forms.DecimalField(min_value=0, max_digits=5, decimal_places=1, required=False)
    preparation_hours = forms.DecimalField(
        min_value=0, max_digits=5, decimal_places=1, required=False
    )
    amount = forms.CharField(
        max_length=20, required=False, widget=forms.TextInput({"inputmode": "decimal"})
    )
    currency = forms.ChoiceField(
        label=gettext_lazy("Currency"), choices=currency_choices, required=False
    )
    revision = forms.CharField(max_length=22, widget=forms.HiddenInput)
    based_on = forms.CharField(
        max_length=marks.LONGEST, required=False, widget=forms.HiddenInput
    )

    class Meta:
        model = Listing
        fields = [
            *("title", "body", "takeaway", "skills", "mode", "place", "countries"),
            *("first_day", "last_day", "times", "seats"),
            *("hours", "preparation_hours", "wants_help_to_share"),
            *("amount", "currency", "covers", "decided_by", "language", "affiliate"),
        ]
        widgets = {
            "body": forms.Textarea({"rows": 6, "dir": "auto"}),
            "takeaway": forms.TextInput({"dir": "auto"}),
            "times": forms.TextInput({"dir": "auto"}),
            "covers": forms.TextInput({"dir": "auto"}),
            "decided_by": forms.TextInput({"dir": "auto"}),
            "mode": forms.RadioSelect({"group": "choices--cards choices--three"}),
            "first_day": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            "last_day": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(
        self,
        data: Any = None,
        *,
        instance: Listing,
        person: Person,
        given: dict[str, Any] | None = None,
        complete: bool = True,
    ) -> None:
        """Ask what this kind of listing needs; `complete` means before others see it."""
        self.person, self.complete = person, complete
        self.before = copy(instance)
        self.what = instance.resource or instance.of
        super().__init__(
            data, instance=instance, initial=self._first_words(instance) | (given or {})
        )
        self.wanted = needs(instance.kind, self.what)
        for name in OPTIONAL - set(self.wanted):
            del self.fields[name]
        self._choices()
        for name, (label, help_text) in words_for(instance.kind, self.what).items():
            if name in self.fields:
                self.fields[name].label, self.fields[name].help_text = label, help_text
        for name in must(instance.kind, self.what) if complete else ():
            self.fields[name].required = True

    def _first_words(self, listing: Listing) -> dict[str, Any]:
        """Say what stands in the fields before anything is typed."""
        first: dict[str, Any] = {
            "revision": get_random_string(22),
            "based_on": marks.mark_of(listing),
        }
        if listing.amount is not None:
            first["amount"] = units(listing.amount, listing.currency)
        if listing.pk is None:
            first |= {
                "language": (get_language() or "en").split("-")[0],
                "place": self.person.place_id,
                "currency": currency_of(self.person.country),
            }
        return first

    def _choices(self) -> None:
        """Offer languages, theirs first, and the affiliates for which they may post."""
        self.fields["language"].choices = _languages(self.person)  # type: ignore[attr-defined]  # a ChoiceField
        may = Affiliate.objects.spoken_for_by(self.person).order_by("name", "pk")
        mine = self.before.pk is None or self.before.author_id == self.person.pk
        if not mine or not (may or self.before.affiliate_id):
            del self.fields["affiliate"]
            return
        field = self.fields["affiliate"]
        field.queryset = may  # type: ignore[attr-defined]  # a ModelChoiceField
        field.empty_label = str(self.person)  # type: ignore[attr-defined]

    def parts(self) -> list[dict[str, Any]]:
        """Give the fields in the groups and rows in which a page shows them."""
        parts = []
        for name, title, fields in PARTS:
            rows = [[self[f] for f in row if f in self.fields] for row in fields]
            said = any(f.errors or f.value() for row in rows for f in row)
            part = {"name": name, "title": title, "rows": [row for row in rows if row]}
            if part["rows"]:
                parts.append(part | {"folded": name in FOLDED, "open": said})
        return parts

    def clean(self) -> dict[str, Any]:
        """Read the sum in its currency, and look at what does not fit together."""
        cleaned = super().clean() or self.cleaned_data
        if "amount" in cleaned:
            cleaned["amount"] = self._amount(cleaned)
        return cleaned

    def _amount(self, cleaned: dict[str, Any]) -> int | None:
        if not (cleaned["amount"] and cleaned.get("currency")):
            return None
        try:
            amount = smallest_units(cleaned["amount"], cleaned["currency"])
        except ValidationError as unread:
            self.add_error("amount", unread)
            return None
        if not amount:
            self.add_error("amount", _("Write a sum above 0."))
        return amount or None

    def look_ahead(self, day: date) -> None:
        """Refuse what would be over before anybody saw it, and years that must be a slip."""
        for name in ("first_day", "last_day"):
            if (far := self.cleaned_data.get(name)) and far > day + FARTHEST:
                self.add_error(name, _("This day is too far away: is the year right?"))
        last = self.cleaned_data.get("last_day")
        if self.complete and last and last < day:
            self.add_error("last_day", _("This day is over."))

    def add_error(self, field: str | None, error: Any) -> None:
        """Put what the model refuses beside the field that it is about."""
        if field is not None or not hasattr(error, "error_dict"):
            super().add_error(field, error)
            return
        for name, errors in error.error_dict.items():
            for one in errors:
                beside = BESIDE.get(one.code, name)
                known = beside != NON_FIELD_ERRORS and beside in self.fields
                super().add_error(beside if known else None, one)

    def refuse(self, refusal: IntegrityError) -> None:
        """Say beside a field what the database refused; anything unknown is raised again."""
        for name, (field, words) in REFUSALS.items():
            if name in str(refusal):
                self.add_error(field if field in self.fields else None, words)
                return
        raise refusal

    def written(self, lines: Lines | None) -> Written:
        """Give what can be kept: all that is right, and what was there where it is not."""
        listing, right = self.instance, set(self.fields) - {"skills", "based_on", "revision"}
        draft = listing.state == Listing.State.DRAFT
        together = DRAFTED if draft else TOGETHER
        wrong = set(self.errors) | {n for e in self.errors for n in together.get(e, ())}
        for name in right & wrong:
            setattr(listing, name, getattr(self.before, name))
        if draft:
            self._keep_right(wrong)
        for name in OPTIONAL - set(self.wanted):
            setattr(listing, name, getattr(EMPTY, name))
        if "mode" not in self.wanted:
            listing.mode = MODE[What(self.what)]
        listing.revision = self.cleaned_data.get("revision") or get_random_string(22)
        return Written(
            listing=listing,
            skills=self.cleaned_data.get("skills", self._right("skills") if draft else None),
            lines=(lines.begun() if draft else lines.sums()) if lines is not None else [],
            based_on=self.cleaned_data.get("based_on", ""),
        )

    def _keep_right(self, wrong: set[str]) -> None:
        """Take what is right of a field that is wrong, and let one of two days go."""
        listing = self.instance
        if "countries" in wrong:
            listing.countries = self._right("countries")
        first, last = listing.first_day, listing.last_day
        if first and last and first > last:
            setattr(listing, "first_day" if "first_day" in wrong else "last_day", None)

    def _right(self, name: str) -> Any:
        """Give what is right of a field that takes several things."""
        field: Any = self.fields[name]
        return field.right(self[name].data)


def budget_of(listing: Listing, data: Any, person: Person) -> Lines | None:
    """Make the lines of a listing's budget; None where it has no room for them."""
    if not has_budget(listing.resource or listing.of):
        return None
    fresh = {"side": _helped_by(listing), "currency": currency_of(person.country)}
    if data is not None:
        return _lines(fresh, data=data)
    rows = lines_as_typed(listing.budget.order_by("pk")) if listing.pk else []
    return _lines(fresh, initial=[*rows, fresh])


def typed_budget(listing: Listing, data: Any, person: Person) -> Lines | None:
    """Lay the lines out as they were typed, with one more where that was asked for."""
    if not has_budget(listing.resource or listing.of):
        return None
    rows = typed_lines(data, "line")
    fresh = {"side": _helped_by(listing), "currency": currency_of(person.country)}
    if rows:
        fresh["currency"] = rows[-1]["currency"]
    if data.get("step") == "row" or not rows:
        rows.append(fresh)
    return _lines(fresh, initial=rows[:MOST_LINES])


def _lines(fresh: dict[str, Any], **given: Any) -> Lines:
    """Make the form set; `fresh` stands in a line that is added."""
    lines: Lines = LineFormSet(prefix="line", **given)  # type: ignore[assignment]  # made by a factory
    lines.fresh = fresh
    return lines


def _helped_by(listing: Listing) -> str:
    """Say whom a sum is most likely for."""
    return "provider" if listing.is_offer else "receiver"


def _languages(person: Person) -> list[tuple[Any, Any]]:
    """List languages, first those of the reader."""
    here = (get_language() or "en").split("-")[0]
    spoken: Iterable[str] = person.languages.order_by("-level", "pk").values_list(
        "language", flat=True
    )
    own = list(dict.fromkeys([here, *spoken]))
    return [
        (_("Yours"), [(code, language_name(code)) for code in own]),
        (_("All"), [pair for pair in language_choices() if pair[0] not in own]),
    ]


class RenewForm(forms.ModelForm[Listing]):
    """New days for what has expired."""

    class Meta:
        model = Listing
        fields = ["first_day", "last_day"]
        widgets = {
            "first_day": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            "last_day": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, data: Any = None, *, instance: Listing, day: date) -> None:
        """Ask for both days where it is a training."""
        super().__init__(data, instance=instance, initial={"last_day": None})
        self.day = day
        if instance.of == Listing.Of.TRAINING and instance.is_offer:
            for field in self.fields.values():
                field.required = True

    def clean_last_day(self) -> date | None:
        """Refuse a day that is over."""
        last: date | None = self.cleaned_data["last_day"]
        if last and last < self.day:
            raise ValidationError(_("This day is over."))
        return last
