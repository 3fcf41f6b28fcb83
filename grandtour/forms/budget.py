"""What organisers write about money: sources, lines, and what they go to."""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any

from django import forms
from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from capx.names import country_name, listed
from capx.templatetags.wording import money
from grandtour.forms.money import AmountField, read_amount
from grandtour.models import BudgetLine, Cost, Edition, Fund, Journey, Seat
from grandtour.planning.support import EURO, GROUPS
from volunteers.forms.money import currency_choices, units
from volunteers.models import Affiliate

MOST_A_DAY = 100_000  # cents
NOTHING: Mapping[str, str] = MappingProxyType({})


def day(**kwargs: Any) -> forms.DateField:
    """Make a field for a day."""
    return forms.DateField(widget=forms.DateInput({"type": "date"}), **kwargs)


def words(*, label: Any, help_text: Any, required: bool) -> forms.CharField:
    """Make a field for a few sentences that the traveller reads."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=500,
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
    )


class FundForm(forms.ModelForm[Fund]):
    """A source of money; its currency stands once it has lines."""

    amount = AmountField()
    currency = forms.ChoiceField(label=_("Currency"), choices=currency_choices)
    spend_until = day(label=_("To be spent until"), required=False)
    report_due = day(label=_("Report due"), required=False)

    class Meta:
        model = Fund
        fields = [
            *("name", "kind", "affiliate", "amount", "currency"),
            *("spend_until", "report_due"),
        ]

    def __init__(self, data: Any = None, *, instance: Fund) -> None:
        """Write the sum as people do."""
        typed = {"amount": units(instance.amount, instance.currency)} if instance.pk else {}
        super().__init__(data, instance=instance, initial=typed)
        affiliates = Affiliate.objects.order_by("name", "pk")
        self.fields["affiliate"].queryset = affiliates  # type: ignore[attr-defined]  # a ModelChoiceField

    def clean(self) -> dict[str, Any]:
        """Read the sum in its currency."""
        cleaned = super().clean() or self.cleaned_data
        if "currency" in cleaned:
            read_amount(self, "amount", cleaned["currency"])
        else:
            cleaned.pop("amount", None)
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        """Look at the edition, too, where a name is given once; at no sum without currency."""
        excluded: set[str]
        excluded = super()._get_validation_exclusions() - {"edition"}  # type: ignore[misc]  # Django's own, untyped
        return excluded | ({"amount"} if "currency" in self.errors else set())


class BudgetLineForm(forms.ModelForm[BudgetLine]):
    """What a part of a source is for, in the currency of the source."""

    requested = AmountField(label=_("Requested"))
    granted = AmountField(
        label=_("Granted"), help_text=_("0 until somebody has decided."), initial="0"
    )
    stipend = AmountField(
        label=_("Promised to each traveller"),
        help_text=_(
            "0 where it is no stipend. Else a journey is confirmed once this is set aside for "
            "everybody in it."
        ),
        initial="0",
    )

    class Meta:
        model = BudgetLine
        fields = ["what_for", "requested", "granted", "stipend"]

    def __init__(
        self, data: Any = None, *, instance: BudgetLine, given: Mapping[str, str] = NOTHING
    ) -> None:
        """Write the sums as people do; begin with what is `given`."""
        code = instance.fund.currency
        sums = ("requested", "granted", "stipend") if instance.pk else ()
        typed = {name: units(getattr(instance, name), code) for name in sums}
        super().__init__(data, instance=instance, initial=typed | {**given})

    def clean(self) -> dict[str, Any]:
        """Read the sums in the currency of the source."""
        cleaned = super().clean() or self.cleaned_data
        read_amount(self, "requested", self.instance.fund.currency)
        for name in ("granted", "stipend"):
            read_amount(self, name, self.instance.fund.currency, least=0)
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        """Look at the source, too: a line is there once."""
        return super()._get_validation_exclusions() - {"fund"}  # type: ignore[misc,no-any-return]  # Django's own, untyped


class RatesForm(forms.Form):
    """What the national agency pays for a day of staff, for each group of countries."""

    def __init__(self, data: Any = None, *, edition: Edition) -> None:
        """Ask for each group, with the countries in it."""
        super().__init__(data)
        rates = edition.day_rates
        for group in sorted(set(GROUPS.values())):
            within = [country_name(code) for code, its in GROUPS.items() if its == group]
            self.fields[f"group_{group}"] = AmountField(
                label=_("Group %(number)s, in euros a day") % {"number": group},
                help_text=listed(sorted(within)),
                required=False,
                initial=units(rates[group], EURO) if group in rates else "",
            )

    def clean(self) -> dict[str, Any]:
        """Read the sums; nothing is nought."""
        cleaned = super().clean() or self.cleaned_data
        for name in self.fields:
            read_amount(self, name, EURO, least=0, most=MOST_A_DAY)
        return cleaned

    def rates(self) -> dict[int, int]:
        """Give what was written, in cents by group."""
        return {int(name[-1]): cents or 0 for name, cents in self.cleaned_data.items()}


class LineField(forms.ModelChoiceField[BudgetLine]):
    """A line, with what is left of it."""

    def label_from_instance(self, obj: BudgetLine) -> str:
        """Name a line with what is left of it."""
        left = money(obj.left, obj.fund.currency)
        return str(_("%(line)s – %(left)s left") % {"line": obj, "left": left})  # noqa: RUF001 -- a dash


class GrantForm(forms.Form):
    """How much of which line."""

    least = 1
    line = LineField(label=_("Budget line"), queryset=BudgetLine.objects.none())
    amount = AmountField(help_text=_("In the currency of the line."))

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        """Offer the lines of an edition."""
        super().__init__(*args, **kwargs)
        rows = BudgetLine.objects.filter(fund__edition=edition).with_sums().in_order()
        self.fields["line"].queryset = rows  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Read the sum in the currency of the line."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("line"):
            read_amount(self, "amount", cleaned["line"].fund.currency, least=self.least)
        return cleaned


class ApproveForm(GrantForm):
    """What a claim is given, and why that is not what was asked for."""

    words = words(
        label=_("In a few words"),
        help_text=_("The traveller reads this: say why where it is less than they asked for."),
        required=False,
    )

    def __init__(self, *args: Any, cost: Cost, **kwargs: Any) -> None:
        """Begin with what was asked for, where no line is in another currency."""
        others = Fund.objects.filter(edition=cost.edition).exclude(currency=cost.currency)
        typed = {} if others.exists() else {"amount": units(cost.amount, cost.currency)}
        super().__init__(*args, edition=cost.edition, initial=typed, **kwargs)
        self.cost = cost

    def clean(self) -> dict[str, Any]:
        """Give nobody more than they asked for."""
        cleaned = super().clean()
        line, amount = cleaned.get("line"), cleaned.get("amount")
        same = line and line.fund.currency == self.cost.currency
        if same and isinstance(amount, int) and amount > self.cost.amount:
            self.add_error("amount", _("That is more than was asked for."))
        return cleaned


class RefuseCostForm(forms.Form):
    """Why there is no money for it."""

    words = words(
        label=_("Why"), help_text=_("The traveller reads this. Kind and clear."), required=True
    )


class CostsField(forms.ModelMultipleChoiceField[Cost]):
    """Costs, each with its sum and whose it is."""

    def label_from_instance(self, obj: Cost) -> str:
        """Name a cost by its sum, its words and its traveller."""
        who = [str(obj.seat.person)] if obj.seat else []
        return " · ".join([money(obj.amount, obj.currency), obj.what, *who])


class PaidForm(forms.Form):
    """What was paid, of everything that is approved."""

    costs = CostsField(
        label=_("What is paid"),
        queryset=Cost.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, *args: Any, edition: Edition, left: Collection[int] = (), **kwargs: Any
    ) -> None:
        """Offer what is approved and not paid yet, the oldest first, but for others' `left`."""
        super().__init__(*args, **kwargs)
        rows = Cost.objects.filter(edition=edition, state=Cost.State.COMMITTED)
        rows = rows.exclude(seat__application__in=left)
        field: Any = self.fields["costs"]
        field.queryset = rows.select_related("seat__person", "edition").order_by("pk")


class StipendForm(GrantForm):
    """The same sum for everybody in a journey, or what one of them gets; 0 is none."""

    least = 0
    whom = forms.ChoiceField(label=_("For whom"))
    what = forms.CharField(
        label=_("What for"), max_length=200, widget=forms.TextInput({"dir": "auto", "size": 50})
    )
    words = words(
        label=_("In a few words"),
        help_text=_("Travellers read this: say why where it is less than promised, or none."),
        required=False,
    )
    field_order = ["whom", "line", "amount", "what", "words"]

    def __init__(
        self, *args: Any, edition: Edition, left: Collection[int] = (), **kwargs: Any
    ) -> None:
        """Offer journeys that take place, and those in them who are not `left` to others."""
        promised = list(BudgetLine.objects.promised_in(edition).select_related("fund")[:2])
        typed = begun(promised[0]) if len(promised) == 1 else {}
        super().__init__(*args, edition=edition, initial=typed, **kwargs)
        self.journeys = journeys_with_places(edition)
        groups = [(str(journey), _places(journey, left)) for journey in self.journeys]
        self.fields["whom"].choices = groups  # type: ignore[attr-defined]
        self.fields["amount"].label = _("For each")
        self.fields["amount"].help_text = _("In the currency of the line. 0 is no stipend.")

    def clean(self) -> dict[str, Any]:
        """Tell nobody without words that there is nothing; find who is meant."""
        cleaned = super().clean()
        if cleaned.get("amount") == 0:
            if not cleaned.get("words"):
                self.add_error("words", _("Say why there is no stipend."))
            if "line" in cleaned and not cleaned["line"].stipend:
                self.add_error("line", _("This line promises no stipend to anybody."))
        journey, _dash, seat = cleaned.get("whom", "").partition("-")
        for one in self.journeys:
            if str(one.pk) == journey:
                cleaned["journey"] = one
                cleaned["only"] = next((s for s in one.seats.all() if str(s.pk) == seat), None)
        return cleaned


class ShareForm(GrantForm):
    """What the edition pays for all together."""

    what = forms.CharField(
        label=_("What for"), max_length=200, widget=forms.TextInput({"dir": "auto", "size": 50})
    )
    day = day(label=_("Day"))
    field_order = ["what", "day", "line", "amount"]


def begun(line: BudgetLine) -> dict[str, Any]:
    """Begin with what a line promises to each traveller."""
    amount = units(line.stipend, line.fund.currency)
    return {"line": line.pk, "amount": amount, "what": line.what_for}


def journeys_with_places(edition: Edition) -> list[Journey]:
    """Give the journeys that take place, with those who are in them."""
    seats = Seat.objects.live().exclude(state=Seat.State.PROPOSED).select_related("person")
    rows = edition.journeys.live().exclude(state=Journey.State.PROPOSED).order_by("number")
    return list(rows.prefetch_related(Prefetch("seats", seats.order_by("number"))))


def _places(journey: Journey, left: Collection[int]) -> list[tuple[str, str]]:
    """Name everybody in a journey together, and each by name and country.

    Together only where nobody of them is left to others.
    """
    all_of = _("%(journey)s: everybody who has none yet") % {"journey": journey}
    each = [
        (f"{journey.pk}-{seat.pk}", f"{seat.person} ({country_name(seat.country)})")
        for seat in journey.seats.all()
        if seat.application_id not in left
    ]
    return each if len(each) < len(journey.seats.all()) else [(str(journey.pk), all_of), *each]
