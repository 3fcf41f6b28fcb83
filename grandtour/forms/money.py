"""Sums that travellers ask for, with the file that proves them."""

import re
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grandtour.models.receipts import MOST_BYTES, media_type_of
from volunteers.forms.money import LARGEST, currency_choices, smallest_units

LONGEST_NAME = 200
OLDEST = timedelta(days=730)


class AmountField(forms.CharField):
    """A sum as people type it; the form reads it in its currency."""

    def __init__(self, **kwargs: Any) -> None:
        """Bring up the keyboard for numbers."""
        typed = forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})
        kwargs.setdefault("label", gettext_lazy("Amount"))
        super().__init__(max_length=20, widget=typed, **kwargs)


def read_amount(
    form: forms.BaseForm, name: str, currency: str, least: int = 1, most: int = LARGEST
) -> None:
    """Read a sum in its currency into the form's cleaned data, or say what is wrong with it."""
    typed = form.cleaned_data.get(name)
    if not typed or not currency:
        return
    try:
        amount = smallest_units(typed, currency)
    except ValidationError as unread:
        form.add_error(name, unread)
        return
    if amount < least:
        form.add_error(name, _("Write a sum above 0."))
        return
    if amount > most:
        form.add_error(name, _("That is more than can be written here."))
        return
    form.cleaned_data[name] = amount


class ClaimForm(forms.Form):
    """What somebody paid on a journey."""

    what = forms.CharField(
        label=gettext_lazy("What you paid for"),
        help_text=gettext_lazy("For example: train from Kraków to Brno."),
        max_length=200,
        widget=forms.TextInput({"dir": "auto"}),
    )
    day = forms.DateField(
        label=gettext_lazy("Day on the receipt"),
        widget=forms.DateInput({"type": "date"}),
    )
    amount = AmountField()
    currency = forms.ChoiceField(
        label=gettext_lazy("Currency"),
        choices=currency_choices,
        help_text=gettext_lazy("As on the receipt; organisers work out the rest."),
    )
    receipt = forms.FileField(
        label=gettext_lazy("Receipt"),
        help_text=gettext_lazy(
            "A PDF, or a photo as JPEG or PNG, of at most 5 MB. Only organisers and you can "
            "open it."
        ),
        widget=forms.FileInput({"accept": ".pdf,.jpg,.jpeg,.png"}),
        error_messages={
            "required": gettext_lazy("Choose the file of your receipt."),
            "empty": gettext_lazy("There is nothing in this file."),
        },
    )

    def clean_day(self) -> Any:
        """Keep it between two years ago and today, wherever today is."""
        day, today = self.cleaned_data["day"], timezone.localdate()
        if not today - OLDEST <= day <= today + timedelta(days=1):
            raise ValidationError(_("Choose a day of the last two years."))
        return day

    def clean_receipt(self) -> tuple[bytes, str, str]:
        """Read the file, and tell by its content what it is: bytes, kind, name."""
        file: UploadedFile[bytes] = self.cleaned_data["receipt"]
        if (file.size or 0) > MOST_BYTES:
            raise ValidationError(
                _("This file has more than 5 MB. Take the photo smaller, or print to a PDF.")
            )
        content = file.read(MOST_BYTES + 1)
        kind = media_type_of(content)
        if not kind:
            raise ValidationError(
                _("This is no whole PDF, JPEG or PNG, whatever its name says. Try another.")
            )
        name = re.sub(r"[\x00-\x1f\x7f]", "", file.name or "")[-LONGEST_NAME:]
        return content, kind, name or "receipt"

    def clean(self) -> dict[str, Any]:
        """Read the sum in its currency."""
        cleaned = super().clean() or self.cleaned_data
        read_amount(self, "amount", cleaned.get("currency", ""))
        return cleaned
