"""What was done about the carbon of an edition, written down on its page at the desk."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from grandtour.models import Compensation, Edition, Journey


class CompensationInline(admin.TabularInline[Compensation, Edition]):
    """What was done about the carbon of a journey, or of all; nothing is also an answer."""

    model = Compensation
    extra = 0
    ordering = ["day", "pk"]
    fields = [
        *("journey", "kind", "amount", "kilograms", "done_by", "link", "day", "words"),
    ]

    def get_formset(
        self, request: HttpRequest, obj: Edition | None = None, **kwargs: Any
    ) -> Any:
        """Offer the journeys of this edition, and a field for a day."""
        formset: Any = super().get_formset(request, obj, **kwargs)
        fields = formset.form.base_fields
        if "journey" in fields:
            rows = Journey.objects.filter(edition=obj).order_by("number", "pk")
            fields["journey"].queryset = rows
            fields["day"].widget = forms.DateInput({"type": "date"})
        return formset

    def has_add_permission(self, request: HttpRequest, obj: Edition | None = None) -> bool:
        """Wait with it until an edition is announced."""
        announced = obj is not None and obj.state != Edition.State.PLANNED
        return announced and super().has_add_permission(request, obj)
