"""Affiliates and their people, as organisers keep them."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from capx.desk import Choosing, Finding, ReadingInline, Titled, ask, found
from capx.names import country_codes, language_codes
from volunteers.actions import affiliates as actions
from volunteers.models import Affiliate, Membership, Person

CONFIRMED = [*Membership.Role.choices, ("remove", _("Does not belong to it any more"))]
WAITING = [
    ("confirm", _("Confirm that they belong to it")),
    ("decline", _("Nobody knows them")),
]


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
        label=_("Countries"),
        required=False,
        help_text=_("Codes with commas between them: AT, DE"),
    )
    languages = SimpleArrayField(
        forms.CharField(
            max_length=8,
            validators=[among(language_codes(), _("%(code)s is not the code of a language."))],
        ),
        label=_("Languages"),
        required=False,
        help_text=_("Codes with commas between them: de, en"),
    )

    class Meta:
        model = Affiliate
        fields = [
            *("name", "slug", "kind", "about", "website"),
            *("countries", "languages", "place", "has_office"),
        ]


class MembershipForm(forms.Form):
    """What becomes of one person's membership."""

    verb = forms.ChoiceField(label=_("What they may do"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        """Offer only what can become of it now."""
        super().__init__(*args, **kwargs)
        field = self.fields["verb"]
        if isinstance(field, forms.ChoiceField):
            field.choices = CONFIRMED if membership.confirmed_at else WAITING
        self.initial["verb"] = membership.role if membership.confirmed_at else "confirm"


class NewMemberForm(forms.Form):
    """Somebody who belongs to an affiliate, and what they may do for it."""

    person = forms.ModelChoiceField(
        Person.objects.here(),
        label=_("Person"),
        widget=Choosing(Membership._meta.get_field("person"), admin.site),
    )
    role = forms.ChoiceField(label=_("Role"), choices=Membership.Role)


class MembershipInline(ReadingInline):
    """The people of an affiliate, and what they may do for it."""

    model = Membership
    readonly_fields = ["person", "role", "confirmed_at", "change_it"]
    fields = [*readonly_fields]
    ordering = ["person__folded", "pk"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Membership]:
        """Read the people in the same query."""
        return super().get_queryset(request).select_related("person")

    @admin.display(description=_("what they may do"))
    def change_it(self, membership: Membership) -> SafeString:
        """Lead to the page where it is changed, if there is one: a forged row has none."""
        if not membership.pk:
            return SafeString()
        keys = [membership.affiliate_id, membership.pk]
        page = reverse("admin:volunteers_affiliate_membership", args=keys)
        words = _("Change…") if membership.confirmed_at else _("Confirm…")
        return format_html('<a href="{}">{}</a>', page, words)


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
class AffiliateAdmin(Finding, Titled[Affiliate]):
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
    change_form_template = "admin/volunteers/affiliate/change_form.html"

    def get_search_results(
        self, _request: HttpRequest, queryset: models.QuerySet[Affiliate], search_term: str
    ) -> tuple[models.QuerySet[Affiliate], bool]:
        """Search the names."""
        return queryset.filter(found(search_term, ["name__icontains"])), False

    def get_urls(self) -> list[URLPattern]:
        """Give adding somebody, and each membership, a page of its own."""
        view = self.admin_site.admin_view
        here = "<int:pk>/people/"
        one, add = self.membership, self.add_person
        return [
            path(f"{here}add/", view(add), name="volunteers_affiliate_add_person"),
            path(f"{here}<int:key>/", view(one), name="volunteers_affiliate_membership"),
            *super().get_urls(),
        ]

    def membership(self, request: HttpRequest, pk: int, key: int) -> HttpResponse:
        """Confirm a membership, change its role, or end it."""
        self._may_change(request, pk, key)
        rows = Membership.objects.select_related("person", "affiliate")
        found = get_object_or_404(rows, pk=key, affiliate=pk)
        form = MembershipForm(request.POST or None, membership=found)
        verb = form.cleaned_data["verb"] if form.is_valid() else ""
        if verb and self._take(form, partial(become, found, verb)):
            return self._done(request, found, verb)
        names = {"person": found.person, "affiliate": found.affiliate}
        title = gettext("%(person)s in %(affiliate)s") % names
        return ask(request, self, self._question(form, title, pk))

    def add_person(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say that somebody belongs to an affiliate, and what they may do for it."""
        self._may_change(request, pk)
        affiliate = get_object_or_404(Affiliate, pk=pk)
        form = NewMemberForm(request.POST or None)
        if form.is_valid():
            said = form.cleaned_data
            add = partial(actions.add, said["person"], affiliate, said["role"])
            if self._take(form, add):
                found = affiliate.memberships.get(person=said["person"])
                return self._done(request, found, said["role"])
        title = gettext("Add somebody to %(affiliate)s") % {"affiliate": affiliate}
        return ask(request, self, self._question(form, title, pk))

    def _may_change(self, request: HttpRequest, *keys: int) -> None:
        """Answer as if there were nothing to whoever may not, or asks for what cannot be."""
        if not self.has_change_permission(request) or any(key >= 2**63 for key in keys):
            raise Http404

    def _take(self, form: forms.Form, act: Callable[..., None]) -> bool:
        """Take an action; or say beside the form why it cannot be."""
        try:
            act(at=timezone.now())
        except actions.LastSteward:
            words = _("Nobody else looks after its people. Make somebody else a steward first.")
            form.add_error(None, words)
            return False
        return True

    def _done(self, request: HttpRequest, done: Membership, verb: str) -> HttpResponse:
        """Keep in the history what was done, and lead back."""
        self.log_change(request, done.affiliate, f"{verb}: {done.person.username}")
        messages.success(request, _("Done. They have been told."))
        return redirect("admin:volunteers_affiliate_change", done.affiliate_id)

    def _question(self, form: forms.Form, title: str, pk: int) -> dict[str, Any]:
        """Say what the page asks, and where it leads back to."""
        back = reverse("admin:volunteers_affiliate_change", args=[pk])
        advice = _("They get a mail about it.")
        return {
            "form": form,
            "title": title,
            "press": _("Save"),
            "advice": advice,
            "back": back,
        }


def become(membership: Membership, verb: str, *, at: datetime) -> None:
    """Take the action that was chosen for a membership."""
    if verb == "confirm":
        actions.confirm(membership, at=at)
    elif verb == "decline":
        actions.decline(membership)
    elif verb == "remove":
        actions.remove(membership, at=at)
    else:
        actions.set_role(membership, verb, at=at)
