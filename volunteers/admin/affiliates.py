"""Affiliates and their people, as organisers keep them."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from capx.desk import Finding, found
from capx.names import country_codes, language_codes
from volunteers.models import Affiliate, Membership


def among(codes: frozenset[str], message: Any) -> Any:
    """Make a check that refuses any code that is not among these."""

    def check(code: str) -> None:
        if code not in codes:
            # In a list, Django puts what is said into the message twice.
            raise ValidationError(message, params={"code": code.replace("%", "%%")})

    return check


class AffiliateForm(forms.ModelForm[Affiliate]):
    """An affiliate, with its countries and languages as codes."""

    countries = SimpleArrayField(
        forms.CharField(
            max_length=2,
            validators=[among(country_codes(), _("%(code)s is not the code of a country."))],
        ),
        label=_("countries"),
        required=False,
        help_text=_("Codes with commas between them: AT, DE"),
    )
    languages = SimpleArrayField(
        forms.CharField(
            max_length=8,
            validators=[among(language_codes(), _("%(code)s is not the code of a language."))],
        ),
        label=_("languages"),
        required=False,
        help_text=_("Codes with commas between them: de, en"),
    )

    class Meta:
        model = Affiliate
        fields = [
            *("name", "slug", "kind", "about", "website"),
            *("countries", "languages", "place", "has_office"),
        ]


class MembershipForm(forms.ModelForm[Membership]):
    """One person of an affiliate, confirmed or not."""

    confirmed = forms.BooleanField(label=_("confirmed"), required=False)

    class Meta:
        model = Membership
        fields = ["person", "role"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Show whether somebody has confirmed it; what an organiser adds is confirmed."""
        super().__init__(*args, **kwargs)
        self.fields["confirmed"].initial = bool(
            self.instance.confirmed_at or not self.instance.pk
        )

    def _get_validation_exclusions(self) -> set[str]:
        """Check the rules that need the moment of the tick, too."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # as below
        return excluded - {"confirmed_at"}

    def _post_clean(self) -> None:
        """Write the tick into the row, before the row's own rules are checked."""
        if not self.cleaned_data.get("confirmed"):
            self.instance.confirmed_at = None
        elif self.instance.confirmed_at is None:
            self.instance.confirmed_at = timezone.now()
        super()._post_clean()  # type: ignore[misc]  # Django's own hook, in no stub


class Memberships(BaseInlineFormSet[Membership, Affiliate, MembershipForm]):
    """The people of one affiliate."""


class MembershipInline(Finding, admin.TabularInline[Membership, Affiliate]):
    """The people of an affiliate, and what they may do for it."""

    model = Membership
    form = MembershipForm
    formset = Memberships  # type: ignore[assignment]  # the stubs want the class itself
    fields = ["person", "role", "confirmed"]
    autocomplete_fields = ["person"]
    extra = 0


class Waiting(admin.SimpleListFilter):
    """Whether somebody waits to be confirmed."""

    title = _("people")
    parameter_name = "people"

    def lookups(
        self, _request: HttpRequest, _model_admin: admin.ModelAdmin[Affiliate]
    ) -> list[tuple[str, Any]]:
        """Offer the one question."""
        return [("wait", _("Somebody waits to be confirmed"))]

    def queryset(
        self, _request: HttpRequest, queryset: models.QuerySet[Affiliate]
    ) -> models.QuerySet[Affiliate]:
        """Keep the affiliates in which somebody waits."""
        if self.value() != "wait":
            return queryset
        waiting = Membership.objects.waiting()
        return queryset.filter(pk__in=waiting.values("affiliate"))


@admin.register(Affiliate)
class AffiliateAdmin(Finding, admin.ModelAdmin[Affiliate]):
    """Keep an affiliate: what it is called, where it is, who speaks for it."""

    form = AffiliateForm
    list_display = ["name", "kind", "place", "website"]
    list_filter = [Waiting, "kind"]
    list_select_related = ["place"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["name"]
    ordering = ["name", "pk"]
    prepopulated_fields = {"slug": ["name"]}
    autocomplete_fields = ["place"]
    inlines = [MembershipInline]
    actions = None

    def get_search_results(
        self, _request: HttpRequest, queryset: models.QuerySet[Affiliate], search_term: str
    ) -> tuple[models.QuerySet[Affiliate], bool]:
        """Search the names."""
        return queryset.filter(found(search_term, ["name__icontains"])), False
