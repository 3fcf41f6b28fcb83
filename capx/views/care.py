"""The steward's desk: how those who share are doing, what would help, and whom to thank."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from capx.views.shown import accesses_for, shown, together_in, with_costs
from exchange.actions.thanks import whom_to_thank
from volunteers.actions import care as actions
from volunteers.forms.care import SuggestionForm, WhomForm
from volunteers.http import Request
from volunteers.models import Affiliate, BottleneckSnapshot, Person
from volunteers.models.bandwidth import found_by, today
from volunteers.models.people import PersonQuerySet
from volunteers.reports.risks import Risk, risks
from volunteers.views.scopes import of_affiliate

PAGE = 30
FEW = 3
AT_RISK = [BottleneckSnapshot.Level.RED, BottleneckSnapshot.Level.AMBER]


@require_safe
@never_cache
def desk(request: Request, slug: str) -> HttpResponse:
    """Show what people share with this affiliate, what would help each, and whom to thank.

    Who is shown here reads that they were looked at: it is noted before the page is.
    """
    steward, now = request.user, timezone.now()
    affiliate = _cared_for(request, slug)
    accesses = accesses_for(steward, affiliate, now)
    people, calendars = shown(accesses, affiliate, now)
    # GET writes this one thing, once a day: a look that is not noted must not be possible.
    seen = [one.person for one in people]
    actions.note_looks(seen, affiliate, by=steward, day=now.date())
    page = _page(request, "page", people)
    page.object_list = with_costs(list(page), affiliate, now.date())
    context = {
        "affiliate": affiliate,
        "needy": _page(request, "needs", [one for one in people if one.needs]),
        "page": page,
        "together": together_in(calendars, today(steward, now)),
        "risks": _at_risk(affiliate),
        "thank": _page(request, "thank", whom_to_thank(affiliate, steward, now)),
        "address": request.build_absolute_uri(),
    }
    return render(request, "care/desk.html", context)


def _page(request: Request, name: str, rows: Sequence[Any] | PersonQuerySet) -> Page[Any]:
    """Give the page of a list whose number the address has under this name."""
    return Paginator(rows, PAGE).get_page(request.GET.get(name))


def _at_risk(affiliate: Affiliate) -> list[Risk]:
    """Name the few skills here that are most at risk, as the page of bottlenecks has them."""
    rows = BottleneckSnapshot.objects
    known = rows.of(of_affiliate(affiliate).key, rows.last_day())
    return risks(known.filter(level__in=AT_RISK).worst_first()[:FEW], affiliate)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def invite(request: Request, slug: str) -> HttpResponse:
    """List members who share nothing, and ask one of them, kindly, whether they would."""
    affiliate, now = _cared_for(request, slug), timezone.now()
    people = _not_sharing(request.user, affiliate, now.date())
    if request.method == "POST":
        form = WhomForm(request.POST, people=people)
        if form.is_valid():
            whom = form.cleaned_data["person"]
            actions.invite_to_share(affiliate, whom, by=request.user, at=now)
        messages.success(request, _invited())
        return redirect("care_ask", slug)
    page = _page(request, "page", people.order_by("folded", "pk"))
    return render(request, "care/ask.html", {"affiliate": affiliate, "page": page})


def _invited() -> str:
    return _(
        "Thank you. If nobody has asked them lately, they get a kind note. "
        "Whether they answer is theirs."
    )


@require_POST
def suggest(request: Request, slug: str) -> HttpResponse:
    """Suggest a rest, or passing something on, to somebody who shows their weeks."""
    affiliate, now = _cared_for(request, slug), timezone.now()
    accesses = accesses_for(request.user, affiliate, now)
    people = Person.objects.filter(pk__in=[one.person_id for one in accesses])
    form = SuggestionForm(request.POST, people=people)
    if form.is_valid():
        whom, what = form.cleaned_data["person"], form.cleaned_data["what"]
        actions.suggest(affiliate, whom, what, by=request.user, at=now)
        messages.success(request, _("They get a kind note, once a month at most."))
    else:
        messages.error(request, _("They share nothing with this affiliate any more."))
    return redirect("care", slug)


def _cared_for(request: Request, slug: str) -> Affiliate:
    """Find an affiliate whose people one looks after."""
    return get_object_or_404(Affiliate.objects.cared_for_by(request.user), slug=slug)


def _not_sharing(steward: Person, affiliate: Affiliate, day: date) -> PersonQuerySet:
    """Keep the members whom a steward finds in lists and who share nothing with it."""
    seen = found_by(steward).exclude(pk=steward.pk)
    members = affiliate.memberships.confirmed().values("person")
    given: Any = affiliate.steward_access.given().not_over(day).values("person")
    return seen.filter(pk__in=members).exclude(pk__in=given)
