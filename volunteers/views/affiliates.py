"""Affiliates: the list, who belongs to one, and what its stewards do."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from capx.htmx import HtmxRequest, render_part
from volunteers.actions import affiliates as actions
from volunteers.filters import AffiliateFilter
from volunteers.forms.affiliates import AffiliateForm, RoleForm
from volunteers.http import Request
from volunteers.models import Affiliate, Membership, Person

PAGE = 30


@require_safe
@login_not_required
def affiliates(request: HtmxRequest) -> HttpResponse:
    """Find affiliates by name, city, kind and country."""
    facets = AffiliateFilter(request.GET, queryset=Affiliate.objects.all())
    found = facets.qs.select_related("place").order_by("name", "pk")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {"facets": facets, "page": page, "narrowed": any(request.GET.values())}
    return render_part(request, "volunteers/affiliates.html", "results", context)


@require_POST
def join(request: Request, slug: str) -> HttpResponse:
    """Say that one belongs to an affiliate."""
    affiliate = get_object_or_404(Affiliate, slug=slug)
    actions.join(request.user, affiliate, at=timezone.now())
    messages.success(request, _("Thank you. Somebody who knows the affiliate will confirm it."))
    return redirect(affiliate)


@require_POST
def leave(request: Request, slug: str) -> HttpResponse:
    """Belong to an affiliate no more."""
    mine = request.user.memberships.select_related("affiliate")
    membership = get_object_or_404(mine, affiliate__slug=slug)
    try:
        actions.leave(membership, at=timezone.now())
    except actions.LastSteward:
        messages.error(request, _last_steward())
        return redirect("volunteers:affiliate_people", slug)
    messages.success(request, _("You have left. What you wrote stays."))
    if membership.confirmed_at:  # to what is open in its name, if anything is
        return redirect(reverse("exchange:hand_over", query={"affiliate": slug, "left": "yes"}))
    return redirect(membership.affiliate)


def _last_steward() -> str:
    return _("Nobody else looks after its people. Make somebody else a steward first.")


@require_safe
def people(request: Request, slug: str) -> HttpResponse:
    """Show a steward who belongs to the affiliate, and who says so."""
    affiliate = get_object_or_404(Affiliate.objects.cared_for_by(request.user), slug=slug)
    members = affiliate.memberships.of(Person.objects.visible_to(request.user)).by_name()
    unseen = Person.objects.wishing_to_be_hidden().exclude(pk=request.user.pk)
    context = {
        "affiliate": affiliate,
        "waiting": members.waiting(),
        "members": Paginator(members.confirmed(), 100).get_page(request.GET.get("page")),
        "unseen": affiliate.memberships.confirmed().of(unseen).count(),
        "roles": Membership.Role.choices,
    }
    return render(request, "volunteers/affiliate_people.html", context)


@require_POST
def confirm(request: Request, slug: str, pk: int) -> HttpResponse:
    """Confirm that somebody belongs to the affiliate."""
    membership = _membership(request, slug, pk)
    actions.confirm(membership, at=timezone.now())
    messages.success(request, _("Confirmed. They have been told."))
    return redirect("volunteers:affiliate_people", slug)


@require_POST
def decline(request: Request, slug: str, pk: int) -> HttpResponse:
    """Let a request go."""
    actions.decline(_membership(request, slug, pk))
    messages.success(request, _("Let go. They have been told, kindly."))
    return redirect("volunteers:affiliate_people", slug)


@require_POST
def set_role(request: Request, slug: str, pk: int) -> HttpResponse:
    """Let somebody do more, or less, for the affiliate."""
    membership = _membership(request, slug, pk)
    form = RoleForm(request.POST)
    if form.is_valid():
        try:
            actions.set_role(membership, form.cleaned_data["role"], at=timezone.now())
        except actions.LastSteward:
            messages.error(request, _last_steward())
        else:
            messages.success(request, _("Saved."))
    else:
        messages.error(request, _("Choose a role."))
    return redirect("volunteers:affiliate_people", slug)


def _membership(request: Request, slug: str, pk: int) -> Membership:
    """Find a membership of an affiliate that one looks after, of somebody one sees."""
    cared_for = Affiliate.objects.cared_for_by(request.user).filter(slug=slug)
    seen = Membership.objects.of(Person.objects.visible_to(request.user))
    mine = seen.select_related("affiliate", "person")
    return get_object_or_404(mine.filter(affiliate__in=cared_for), pk=pk)


def edit(request: Request, slug: str) -> HttpResponse:
    """Change what an affiliate says about itself."""
    cared_for = Affiliate.objects.cared_for_by(request.user).select_related("place")
    affiliate = get_object_or_404(cared_for, slug=slug)
    form = AffiliateForm(request.POST or None, instance=affiliate)
    if form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect(affiliate)
    return render(
        request, "volunteers/affiliate_edit.html", {"form": form, "affiliate": affiliate}
    )
