"""The pages of what traveller and host expect of a stop: reading, writing, saying yes."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from capx.celery import nudge
from capx.states import IllegalMove
from capx.terms import Changed
from grandtour.actions import expectations as actions
from grandtour.actions.weeks import wished_for
from grandtour.forms.expectations import ExpectationForm, ReadForm
from grandtour.models import Expectation, Journey, Seat, Side, Stop, organises
from grandtour.views import understanding
from grandtour.views.filled import filled
from volunteers.http import Request
from volunteers.models import Affiliate
from volunteers.tasks import send_notices


@dataclass(frozen=True, slots=True)
class Meeting:
    """A traveller and a stop, and for whom the reader speaks; an organiser only reads."""

    seat: Seat
    stop: Stop
    side: Side | None

    @property
    def last(self) -> Expectation | None:
        """Give what lies on the table."""
        rows = self.versions()
        return rows[0] if rows else None

    def versions(self) -> list[Expectation]:
        """List all versions, the latest first."""
        rows = Expectation.objects.filter(seat=self.seat, stop=self.stop)
        return list(
            rows.select_related("proposed_by", "stop", "seat")
            .prefetch_related("consents__person")
            .order_by("-version")
        )

    @property
    def here(self) -> str:
        """Give the address of the page on which they meet."""
        return self.seat.expectation_url(self.stop.number)

    @property
    def open(self) -> bool:
        """Say whether the reader can still write here."""
        return self.side is not None and self.seat.state in actions.OPEN


@require_safe
def expectation(request: Request, pk: int, stop: int) -> HttpResponse:
    """Show what is on the table, who has said yes, and what it was before."""
    met = _met(request, pk, stop)
    context = {"met": met, **understanding.page(met.versions(), met.seat, met.stop, met.side)}
    if context["mine_missing"] and met.open:
        context |= _weighed(met, context["last"])
    return render(request, "grandtour/expectation.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: Request, pk: int, stop: int) -> HttpResponse:
    """Write it down, or change a word: the other side is asked."""
    met = _met(request, pk, stop)
    if not met.open:
        return _stale(request, met)
    last = met.last
    data = request.POST if request.method == "POST" else None
    form = ExpectationForm(data, initial=_start(met, last), stop=met.stop)
    back = met.here
    context: dict[str, Any] = {"met": met, "form": form, "back": back}
    if form.is_valid():
        answer = _propose(request, met, form)
        if isinstance(answer, HttpResponse):
            return answer
        context |= answer
    return render(request, "grandtour/write_expectation.html", context)


def _start(met: Meeting, last: Expectation | None) -> dict[str, Any]:
    """Fill the form from what is on the table, else from the application and the offer."""
    if last:
        fields = ("goals", "programme", "questions", "afterwards", "arrive", "leave")
        return {name: getattr(last, name) for name in fields} | {"read": last.version}
    return {
        "read": 0,
        "goals": met.seat.application.goals[:2000],
        "programme": met.stop.host.programme[:4000],
    }


def _propose(
    request: Request, met: Meeting, form: ExpectationForm
) -> HttpResponse | dict[str, Any]:
    """Put the words on the table: give the page that follows, or what stands in the way."""
    words = form.instance
    words.seat, words.stop = met.seat, met.stop
    by = actions.Speaker(request.user, met.side or Side.HOST)
    try:
        said = form.cleaned_data
        now = timezone.now()
        actions.propose(words, by, read=said["read"], at=now, weeks=said["weeks"])
    except Changed:
        return {"news": met.last}
    except actions.Fuller:
        return _weighed(met, words)
    except actions.TooMany:
        form.add_error(None, _("Those were many changes in an hour. Try again later."))
        return {}
    except IllegalMove:
        return _stale(request, met)
    nudge(send_notices)
    messages.success(request, _("Written down. The other side is asked to confirm."))
    return redirect(met.here)


def _weighed(met: Meeting, words: Expectation) -> dict[str, Any]:
    """Show whoever travels what other days do to their weeks, before they say yes."""
    if met.side != Side.TRAVELLER or not words.moves:
        return {}
    found = filled(met.seat, wished_for(words), timezone.now())
    return {"what_if": found.what_if, "weeks": found.mark}


@require_POST
def confirm(request: Request, pk: int, stop: int) -> HttpResponse:
    """Say yes to just what was read."""
    met, form = _met(request, pk, stop), ReadForm(request.POST)
    last = met.last
    if met.side is None or last is None or not form.is_valid():
        return _stale(request, met)
    if last.version != form.cleaned_data["version"]:
        return _stale(request, met)
    by, weeks = actions.Speaker(request.user, met.side), form.cleaned_data["weeks"]
    try:
        actions.confirm(last, by, at=timezone.now(), weeks=weeks)
    except actions.Fuller:
        messages.warning(
            request,
            _("Your weeks have changed meanwhile: this is what a yes does to them now."),
        )
    except (Changed, IllegalMove):
        return _stale(request, met)
    except actions.Incomplete:
        messages.warning(request, _("Something is still empty: fill it in, then both agree."))
    else:
        nudge(send_notices)
        both = Expectation.objects.agreed().filter(pk=last.pk).exists()
        agreed, asked = _("You agree on this. Look forward to it!"), _("Your yes is noted.")
        messages.success(request, agreed if both else asked)
    return redirect(met.here)


def _stale(request: Request, met: Meeting) -> HttpResponse:
    """Go back to the words as they are now."""
    messages.warning(request, _("It has changed meanwhile. This is how it stands now."))
    return redirect(met.here)


def _met(request: Request, pk: int, number: int) -> Meeting:
    """Find a traveller's stop: the reader's own, one of their affiliate, or any to organise."""
    seen = Journey.objects.seen_by(request.user)
    rows = Seat.objects.live().exclude(state=Seat.State.PROPOSED).filter(journey__in=seen)
    seat = get_object_or_404(
        rows.select_related("journey", "edition", "person", "application"), pk=pk
    )
    stops = seat.journey.stops.select_related(
        "host__affiliate", "host__place", "journey__edition"
    )
    stop = get_object_or_404(stops, number=number)
    if seat.person_id == request.user.pk:
        return Meeting(seat, stop, Side.TRAVELLER)
    ours = Affiliate.objects.spoken_for_by(request.user)
    if ours.filter(pk=stop.host.affiliate_id).exists():
        return Meeting(seat, stop, Side.HOST)
    if organises(request.user, seat.edition_id):
        return Meeting(seat, stop, None)
    raise Http404
