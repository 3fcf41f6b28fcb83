"""Plans at the desk: begin one, watch it, read why, hold two side by side, accept."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.db import IntegrityError, models
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from capx.celery import nudge
from capx.desk import Reading, ask
from capx.htmx import render_part
from capx.states import IllegalMove
from grandtour.actions.apart import apart, must_be_free, must_not_be_ones_own
from grandtour.admin.locks import WishForm, as_before, find
from grandtour.admin.own import explained, words, words_of_locks
from grandtour.models import Edition, Plan, Seat, Stop, applied_to, barred_to
from grandtour.planning import problem as asked
from grandtour.planning.written import read
from grandtour.plans import accepting, broken, budget, compared, explaining, running
from grandtour.plans import reading as made_of
from grandtour.plans.shown import (
    changes_shown,
    locks_shown,
    loose_shown,
    rules_that_collide,
    shown,
)
from grandtour.reports.needs import counted
from grandtour.tasks import run_plans
from volunteers.models import Person
from volunteers.models.bandwidth import today

# Not before reading is over: whoever reads blind would see here whose applications they are.
PLANNED_IN = {Edition.State.MATCHING, Edition.State.DECIDED, Edition.State.TRAVELLING}
EACH = 30
READS_NEEDS = "grandtour.view_needs"


@admin.register(Plan)
class PlanAdmin(Reading[Plan]):
    """Find a plan; each has a page that says all about it."""

    list_display = ["named", "edition", "state", "travellers", "groups", "gap", "asked_at"]
    list_display_links = None
    list_filter = ["state", "edition"]
    list_select_related = ["edition"]
    ordering = ["-pk"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Plan]:
        """Leave out what is large, and editions in which whoever looks wishes to travel."""
        rows = super().get_queryset(request).defer("problem", "result", "reasons")
        return rows.exclude(edition__in=applied_to(cast("Person", request.user)))

    @admin.display(description=gettext_lazy("plan"))
    def named(self, plan: Plan) -> SafeString:
        """Lead to the page of a plan."""
        return format_html('<a href="{}">{}</a>', plan.get_absolute_url(), plan)

    @admin.display(description=gettext_lazy("gap"))
    def gap(self, plan: Plan) -> str:
        """Say how far it can be from the best."""
        return "" if plan.gap is None else f"{number_format(100 * plan.gap, 2)} %"

    def waiting(self, request: HttpRequest) -> list[dict[str, str]]:
        """Say which places wait to be offered."""
        rows = Edition.objects.filter(journeys__seats__state="proposed").distinct()
        rows = rows.exclude(pk__in=applied_to(cast("Person", request.user)))
        return [
            {
                "words": _("Places wait to be offered: %(edition)s") % {"edition": edition},
                "href": reverse("admin:grandtour_plan_of", args=[edition.pk]),
            }
            for edition in rows.order_by("pk")
        ]

    def get_urls(self) -> list[URLPattern]:
        """Give plans pages of their own."""
        view = self.admin_site.admin_view
        return [
            path("of/<int:pk>/", view(self.of), name="grandtour_plan_of"),
            path("of/<int:pk>/compare/", view(self.compare), name="grandtour_plan_compare"),
            path("<int:pk>/show/", view(self.show), name="grandtour_plan_show"),
            path(
                "<int:pk>/stop/",
                view(require_POST(self.stop)),
                name="grandtour_plan_stop",
            ),
            path("<int:pk>/reasons/", view(self.reasons), name="grandtour_plan_reasons"),
            path("<int:pk>/accept/", view(self.accept), name="grandtour_plan_accept"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, *_args: Any, **_kwargs: Any
    ) -> HttpResponse:
        """Lead to the page of a plan."""
        if not self.has_view_permission(request) or not object_id.isdecimal():
            raise Http404
        return redirect("admin:grandtour_plan_show", object_id[:18])

    @explained()
    def of(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the plans of an edition, and begin one."""
        edition = self._edition(request, pk)
        key = _number(request.GET.get("from"))
        before = edition.plans.light().filter(pk=key).first() if key else None
        left = running.left_in(edition, cast("Person", request.user))
        if "find" in request.GET:
            if edition.state not in PLANNED_IN:
                raise Http404
            return find(edition, left.left, left.own, request.GET)
        form = WishForm(
            request.POST or None,
            edition=edition,
            left=left.left,
            own=left.own,
            initial=as_before(before) if before else {},
        )
        if form.is_valid():
            return self._begin(request, edition, form, before)
        context = {
            "template": "admin/grandtour/plan/of.html",
            "title": _("Plans of %(edition)s") % {"edition": edition},
            "edition": edition,
            "form": form,
            "left": words_of_locks(left),
            "locked": before is not None or form.is_bound,
            "plans": edition.plans.light().select_related("asked_by").newest()[:EACH],
            "made_of": made_of.shown(edition, timezone.localdate()),
            "may_plan": edition.state in PLANNED_IN,
            "journeys": _journeys(edition),
            "needs": counted(edition) if request.user.has_perm(READS_NEEDS) else [],
            "carbon": budget.carbon(edition),
            "money": budget.money(edition),
        }
        return ask(request, self, context)

    def _begin(
        self, request: HttpRequest, edition: Edition, form: WishForm, before: Plan | None
    ) -> HttpResponse:
        """Put a plan into the queue; or say that one is at work."""
        by: Any = request.user
        if edition.state not in PLANNED_IN:
            messages.warning(request, _("Journeys are not planned in this state."))
            return redirect("admin:grandtour_plan_of", edition.pk)
        try:
            plan = running.ask(edition, by, form.wish(before), at=timezone.now())
        except running.AtWork:
            messages.warning(request, _("A plan is being worked out already."))
            return redirect("admin:grandtour_plan_of", edition.pk)
        nudge(run_plans)
        return redirect(plan.get_absolute_url())

    @explained()
    def show(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show how far a plan is, or all that came out and why."""
        plan, by = self._found(request, pk), cast("Person", request.user)
        closed = barred_to(by, plan.edition)
        context = {
            **self.admin_site.each_context(request),
            "opts": Plan._meta,
            "title": str(plan),
            "plan": plan,
            "edition": plan.edition,
            "locks": locks_shown(plan),
            "loose": loose_shown(plan, closed),
            "others": plan.edition.plans.light()
            .filter(state__in=Plan.SHOWN)
            .exclude(pk=plan.pk)
            .newest()[:EACH],
            "since": _seconds_since(plan),
            "faults": FAULTS.get(plan.fault, ""),
        }
        if plan.state in Plan.SHOWN:
            shows = shown(plan, closed, needs=by.has_perm(READS_NEEDS))
            context |= {"shown": shows, "baseline": compared.baseline(plan)}
            context |= _would_change(by, plan) if plan.state == Plan.State.DONE else {}
        if plan.state == Plan.State.INFEASIBLE:
            context["collide"] = rules_that_collide(plan)
        request_: Any = request
        return render_part(request_, "admin/grandtour/plan/show.html", "progress", context)

    @explained()
    def stop(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Stop a plan; what it has found by then is kept."""
        plan = self._found(request, pk)
        running.stop(plan, at=timezone.now())
        self.log_change(request, plan, "stopped")
        return redirect(plan.get_absolute_url())

    @explained()
    def reasons(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say how far the reasons of a plan are; or let them be worked out once more."""
        plan = self._found(request, pk)
        if request.method == "POST":
            if explaining.ask(plan):
                self.log_change(request, plan, "reasons")
                nudge(run_plans)
            return redirect(plan.get_absolute_url())
        if not request.headers.get("HX-Request"):
            return redirect(plan.get_absolute_url())
        return render(
            request, "admin/grandtour/plan/_reasons.html", {"plan": plan, "part": True}
        )

    @explained()
    def accept(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make journeys of a plan, after a look at what that changes."""
        plan = self._found(request, pk)
        if plan.state != Plan.State.DONE:
            messages.info(request, _("This plan is not to be accepted."))
            return redirect(plan.get_absolute_url())
        found, about = _changes(plan)
        must_be_free(cast("Person", request.user), plan.edition, *about)
        form = forms.Form(request.POST or None)
        if form.is_valid():
            self._accept(request, plan)
            return redirect("admin:grandtour_plan_of", plan.edition_id)
        question = {
            "template": "admin/grandtour/plan/accept.html",
            "form": form,
            "title": _("Accept %(plan)s") % {"plan": plan},
            "advice": _(
                "Its journeys are written down with their places; who is in a new one is told "
                "with the offer. Whoever had an offer or had been asked to host and is not "
                "part of it any more is told at once. A plan that stood before is replaced."
            ),
            "changes": changes_shown(found, plan.edition),
            "back": plan.get_absolute_url(),
        }
        return ask(request, self, question)

    def _accept(self, request: HttpRequest, plan: Plan) -> None:
        """Accept it; or say why that cannot be."""
        by: Any = request.user
        try:
            accepting.accept(plan, by, at=timezone.now())
        except accepting.Outdated:
            messages.error(
                request,
                _(
                    "Somebody has come, left or changed since this was planned, so nothing "
                    "was done. Plan again: it takes what stands into account."
                ),
            )
            self._say_what_breaks(request, plan)
        except IllegalMove:
            messages.warning(request, _("Somebody else has done so already."))
        except IntegrityError:
            messages.error(
                request,
                _("It would break a rule of what stands by now, so nothing was done."),
            )
            self._say_what_breaks(request, plan)
        else:
            self.log_change(request, plan, "accepted")
            messages.success(request, _("Accepted. Now the places can be offered."))

    def _say_what_breaks(self, request: HttpRequest, plan: Plan) -> None:
        """Name every rule that the plan would break by now, with whom and where."""
        by = cast("Person", request.user)
        day = max(filter(None, (plan.day, today(by, timezone.now()))))
        for sentence in broken.now(plan, day, by, needs=by.has_perm(READS_NEEDS)):
            messages.error(request, sentence)

    @explained()
    def compare(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Hold two plans side by side."""
        edition = self._edition(request, pk)
        if not {"one", "other"} <= {*request.GET}:
            return redirect("admin:grandtour_plan_of", pk)
        rows = edition.plans.filter(state__in=Plan.SHOWN)
        keys = [_number(request.GET.get(name)) for name in ("one", "other")]
        pair = [get_object_or_404(rows, pk=key) for key in keys]
        context = {
            "template": "admin/grandtour/plan/compare.html",
            "title": _("Two plans side by side"),
            "form": forms.Form(),
            "edition": edition,
            "pair": pair,
            **compared.side_by_side(pair),
        }
        return ask(request, self, context)

    def _edition(self, request: HttpRequest, pk: int) -> Edition:
        """Find an edition; as if there were none for whoever may not."""
        if not self.may_act(request) or pk >= 2**63:
            raise Http404
        edition = get_object_or_404(Edition, pk=pk)
        must_not_be_ones_own(edition, cast("Person", request.user))
        return edition

    def _found(self, request: HttpRequest, pk: int) -> Plan:
        """Find a plan; as if there were none for whoever may not."""
        if not self.may_act(request) or pk >= 2**63:
            raise Http404
        rows = Plan.objects.select_related("edition", "asked_by", "based_on")
        plan = get_object_or_404(rows, pk=pk)
        must_not_be_ones_own(plan.edition, cast("Person", request.user))
        return plan


FAULTS = {
    "worker": gettext_lazy(
        "Whatever worked on it was stopped twice. Begin a new one; if that happens again, "
        "ask whoever runs the site."
    ),
    "time": gettext_lazy("No plan was found in this time. Give it more seconds."),
    "error": gettext_lazy("The planner fell over. Whoever runs the site finds why in its log."),
}


def _changes(plan: Plan) -> tuple[accepting.Changes, tuple[set[int], set[int]]]:
    """Say what accepting a plan would change: which applications and hosts it is about."""
    planned = read(asked.Plan, plan.result)
    found = accepting.changes(plan.edition, planned, plan.day)
    return found, accepting.decided_about(found, planned)


def _would_change(by: Person, plan: Plan) -> dict[str, Any]:
    """Say what accepting a plan would change of what stands, and who leaves it to others."""
    found, about = _changes(plan)
    stands = found.settled or found.kept or found.ended
    left = apart(by, plan.edition, *about)
    return {
        "changes": changes_shown(found, plan.edition) if stands else [],
        "apart": left,
        "apart_words": words(left),
    }


def _seconds_since(plan: Plan) -> int:
    """Count the seconds since it began."""
    return round((timezone.now() - plan.began_at).total_seconds()) if plan.began_at else 0


def _number(text: str | None) -> int:
    """Read a key from an address; what is none finds nothing."""
    return int(text) if text and text.isdecimal() and len(text) < 19 else 0  # noqa: PLR2004 -- digits of a bigint


def _journeys(edition: Edition) -> list[dict[str, Any]]:
    """Give the journeys that stand, with how many places of each are how far."""
    rows = edition.journeys.live().prefetch_related(
        Prefetch("seats", Seat.objects.select_related("person")),
        Prefetch("stops", Stop.objects.select_related("host__affiliate")),
    )
    return [
        {
            "journey": row,
            "seats": [seat for seat in row.seats.all() if seat.number],
            "stops": sorted(row.stops.all(), key=lambda stop: stop.number),
            "proposed": sum(seat.state == "proposed" for seat in row.seats.all()),
        }
        for row in rows.order_by("number", "pk")
    ]
