"""What people may write to each other, agree on, and say afterwards."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exchange.actions.agreements import Draft
from exchange.actions.exchanges import Words
from exchange.models import Agreement, AgreementLine, Exchange, FollowUp
from volunteers.forms.money import currency_choices, currency_of, smallest_units, units
from volunteers.load import most_weekly, weekly
from volunteers.models import Affiliate, Person

BACK = timedelta(days=366)
AHEAD = timedelta(days=3 * 366)


def sensible(day: date) -> None:
    """Refuse a day so far away that it must be a slip."""
    today = timezone.localdate()
    if not today - BACK <= day <= today + AHEAD:
        raise ValidationError(_("This day is too far away: is the year right?"))


def text(rows: int, **attrs: str) -> forms.Textarea:
    """Make a field of several lines in any script."""
    return forms.Textarea({"rows": rows, "dir": "auto", **attrs})


class DayInput(forms.DateInput):
    """The browser's own field for a day."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        """Write days as browsers want them, whatever the language."""
        super().__init__(attrs, format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day that lies within a few years of today."""

    widget = DayInput
    default_validators = [sensible]


def offer_affiliates(form: forms.BaseForm, person: Person) -> None:
    """Let somebody write for the affiliates that let them, if any; read once."""
    mine = Affiliate.objects.spoken_for_by(person).order_by("name", "pk")
    choices = [(affiliate.pk, affiliate.name) for affiliate in mine]
    field = form.fields["affiliate"]
    if choices and isinstance(field, forms.ModelChoiceField):
        field.queryset = mine
        field.choices = [("", _("Myself")), *choices]
    else:
        del form.fields["affiliate"]


class AskForm(forms.Form):
    """What somebody says when they answer a listing; `why` only where there is little room."""

    why = forms.CharField(
        label=_("Why this person?"),
        help_text=_("One sentence. They have little room: tell them why it should be them."),
        max_length=500,
        widget=forms.TextInput({"dir": "auto"}),
    )
    message = forms.CharField(
        label=_("Your message"),
        help_text=_("Say who you are, what you need, and by when. A few sentences are enough."),
        max_length=8000,
        widget=text(6),
    )
    first_day = DayField(label=_("From"), required=False)
    last_day = DayField(label=_("Until"), required=False)
    hours = forms.DecimalField(
        label=_("Hours it may take them, about"),
        required=False,
        min_value=Decimal("0.5"),
        max_value=999,
        decimal_places=1,
        widget=forms.NumberInput({"step": "0.5", "inputmode": "decimal"}),
    )
    affiliate = forms.ModelChoiceField(
        label=_("On behalf of"), queryset=Affiliate.objects.none(), required=False
    )

    def __init__(self, data: Any = None, *, person: Person, tight: bool, **kwargs: Any) -> None:
        """Ask for what is needed here, and no more."""
        super().__init__(data, **kwargs)
        offer_affiliates(self, person)
        if not tight:
            del self.fields["why"]

    def clean(self) -> dict[str, Any]:
        """Hold the two days against each other."""
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and first > last:
            self.add_error("last_day", _("The last day must not be before the first."))
        elif last and last < timezone.localdate():
            self.add_error("last_day", _("This day is over."))
        return cleaned

    def words(self) -> Words:
        """Give what was written, for the action."""
        return Words(**self.cleaned_data)


class OfferHelpForm(AskForm):
    """What somebody says who can help with a request."""

    def __init__(self, data: Any = None, *, person: Person, **kwargs: Any) -> None:
        """Say 'you' where the other form says 'they'."""
        super().__init__(data, person=person, tight=False, **kwargs)
        self.fields["message"].help_text = _(
            "Say how you could help and when. You agree on the details together."
        )
        self.fields["hours"].label = _("Hours you could give, about")


class WaitForm(forms.Form):
    """For which days and hours somebody waits, as they asked for them."""

    first_day = DayField(required=False)
    last_day = DayField(required=False)
    hours = forms.DecimalField(
        required=False, min_value=Decimal("0.5"), max_value=999, decimal_places=1
    )

    def words(self) -> Words:
        """Give it as an ask would."""
        return Words("", **self.cleaned_data)


class SeatForm(forms.Form):
    """What somebody may say when they take a seat."""

    message = forms.CharField(
        label=_("A word to whoever teaches"), max_length=8000, required=False, widget=text(3)
    )
    affiliate = forms.ModelChoiceField(
        label=_("On behalf of"), queryset=Affiliate.objects.none(), required=False
    )

    def __init__(self, data: Any = None, *, person: Person, **kwargs: Any) -> None:
        """Offer the affiliates for which this person may speak."""
        super().__init__(data, **kwargs)
        offer_affiliates(self, person)

    def words(self) -> Words:
        """Give what was written, for the action."""
        return Words(**self.cleaned_data)


class MessageForm(forms.Form):
    """One message."""

    body = forms.CharField(label=_("Your message"), max_length=8000, widget=text(4))


class KindWordForm(forms.Form):
    """A kind word when somebody lets go; it may stay empty."""

    words = forms.CharField(
        label=_("A kind word"),
        help_text=_("Change it as you like, or leave it empty."),
        max_length=2000,
        required=False,
        widget=text(4),
    )


class AgreementForm(forms.ModelForm[Agreement]):
    """What both agree on, without the money."""

    read = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=100_000)
    knowingly = forms.BooleanField(label=_("I know, and I still want to do it"), required=False)
    past = forms.BooleanField(
        label=_("These days are over already: yes, it has happened"), required=False
    )

    class Meta:
        model = Agreement
        fields = ["what", "first_day", "last_day", "hours", "where", "outcome"]
        field_classes = {"first_day": DayField, "last_day": DayField}
        widgets = {
            "what": text(5),
            "where": forms.TextInput({"dir": "auto"}),
            "hours": forms.NumberInput({"step": "0.5", "inputmode": "decimal"}),
            "outcome": text(3),
        }
        help_texts = {
            "what": _("In plain words, so that both read the same in it."),
            "hours": _("All together. They go into the calendar of whoever helps; 0 for none."),
            "where": _("A place, or the address of a call."),
        }

    def __init__(self, *args: Any, overfull: bool = False, **kwargs: Any) -> None:
        """Show the box for 'I know' only to who has to tick it."""
        super().__init__(*args, **kwargs)
        if not overfull:
            self.fields["knowingly"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        """Refuse more hours than a week can hold."""
        cleaned = super().clean() or self.cleaned_data
        hours, first, last = (
            cleaned.get("hours"),
            cleaned.get("first_day"),
            cleaned.get("last_day"),
        )
        if last and last < timezone.localdate() and not cleaned.get("past"):
            self.add_error("past", _("Is the year right? Then tick this, and send it again."))
        if not (hours and first and last and first <= last):
            return cleaned
        if weekly(hours, first, last) > most_weekly(first, last):
            words = _("That is more than 80 hours a week, or 24 a day: add days.")
            self.add_error("hours", words)
        return cleaned

    def draft(self, sums: Any) -> Draft:
        """Give what was written, for the action."""
        lines = [AgreementLine(**line) for line in sums.sums()]
        return Draft(
            self.instance, lines, self.cleaned_data["read"], self.cleaned_data["knowingly"]
        )


class ConfirmForm(forms.Form):
    """Which version of the agreement somebody says yes to."""

    version = forms.IntegerField(min_value=1, max_value=100_000)
    knowingly = forms.BooleanField(required=False)


class FollowUpForm(forms.ModelForm[FollowUp]):
    """Whether it happened, and how."""

    happened = forms.TypedChoiceField(
        label=_("Did it happen?"),
        choices=[("yes", _("Yes, it happened")), ("no", _("No, it did not happen"))],
        coerce=lambda word: word == "yes",
        widget=forms.RadioSelect({"group": "choices--cards"}),
    )
    amount = forms.CharField(
        label=_("What was paid in the end, all together"),
        help_text=_("Only the two of you see it."),
        max_length=20,
        required=False,
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=currency_choices, required=False)

    class Meta:
        model = FollowUp
        fields = ["happened", "worked", "did_not"]
        widgets = {"worked": text(3), "did_not": text(3)}

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        """Start from what this side said before."""
        super().__init__(*args, **kwargs)
        said = self.instance
        if said.pk:
            self.initial["happened"] = "yes" if said.happened else "no"
        if said.paid is not None:
            self.initial["amount"] = units(said.paid, said.currency)
        self.initial["currency"] = said.currency or currency_of(person.country)

    def clean(self) -> dict[str, Any]:
        """Read the sum in its currency."""
        cleaned = super().clean() or self.cleaned_data
        self.instance.paid, self.instance.currency = None, ""
        if cleaned.get("amount") and cleaned.get("currency"):
            try:
                paid = smallest_units(cleaned["amount"], cleaned["currency"])
            except ValidationError as unread:
                self.add_error("amount", unread)
            else:
                self.instance.paid, self.instance.currency = paid, cleaned["currency"]
        return cleaned


class ThanksForm(forms.Form):
    """One thank-you."""

    words = forms.CharField(label=_("Your thanks"), max_length=2000, widget=text(4))
    shows = forms.BooleanField(
        label=_("They may show it on their page"),
        help_text=_("It appears there only if they wish so, too."),
        required=False,
    )


def lines_of(exchange: Exchange, agreement: Agreement | None) -> list[Any]:
    """Give the sums from which a new version starts: the last one's, else the listing's."""
    kept = agreement.lines if agreement else exchange.listing.budget
    return list(kept.order_by("pk"))
