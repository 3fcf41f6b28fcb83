"""What stands in a letter of thanks, and in which language."""

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from capx.templatetags.dates import period
from exchange.forms.exchanges import text
from exchange.models import Exchange


class ExchangesField(forms.ModelMultipleChoiceField[Exchange]):
    """Exchanges by their title and their days."""

    def label_from_instance(self, obj: Any) -> str:
        """Name an exchange as the letter would."""
        return f"{obj.listing.title} ({when(obj)})"


def when(exchange: Exchange) -> str:
    """Write the days of an exchange in the language of the moment."""
    if exchange.starts_day is None or exchange.ends_day is None:
        return ""
    return period(exchange.starts_day, exchange.ends_day)


class LetterForm(forms.Form):
    """Which exchanges a letter names, and its language."""

    unmarked = True

    exchanges = ExchangesField(
        queryset=Exchange.objects.none(),
        label=_("What was done"),
        help_text=_("Only what is ticked is named, with its title and its days."),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"group": "choices"}),
    )
    language = forms.ChoiceField(label=_("Language of the letter"), choices=settings.LANGUAGES)

    def __init__(
        self, *args: Any, nameable: QuerySet[Exchange], named: list[int], **kwargs: Any
    ) -> None:
        """Offer what may be named; what was ticked before is ticked."""
        super().__init__(*args, **kwargs)
        field = self.fields["exchanges"]
        field.queryset = nameable  # type: ignore[attr-defined]  # an ExchangesField
        self.initial["exchanges"], self.initial["language"] = named, get_language()
        if not nameable.exists():
            del self.fields["exchanges"]


class ReferenceForm(LetterForm):
    """A letter in a steward's own words."""

    words = forms.CharField(label=_("Your words"), max_length=4000, widget=text(8))

    field_order = ["words", "exchanges", "language"]
