"""Other days for the stops of a journey, at the desk: what would change, then the change."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from capx.celery import nudge
from capx.desk import ask
from capx.names import listed
from capx.states import IllegalMove
from capx.templatetags import dates, wording
from grandtour.actions import moving
from grandtour.actions.expectations import TooMany
from grandtour.admin.journey_desk import JourneyDesk, organiser
from grandtour.admin.own import explained
from grandtour.models import Expectation, Journey, JourneyEvent, Seat, Stop
from grandtour.planning.support import EURO
from grandtour.plans import moving as within
from volunteers.models import Affiliate, Person
from volunteers.tasks import send_notices

SOMEBODY_AWAY = gettext_lazy(
    "Somebody in it cannot be away on all these days, or has not said that they could."
)
RULES = {
    "nights": gettext_lazy("The edition allows another number of nights: %(who)s."),
    "season": gettext_lazy("These days lie outside of the days of travel of the edition."),
    "chain": gettext_lazy("One stop has to end on the day on which the next begins: %(who)s."),
    "past": gettext_lazy(
        "That day is over. Who has arrived already can only leave on another day, from "
        "tomorrow on: %(who)s."
    ),
    "open": gettext_lazy("This host takes nobody on %(day)s: %(who)s."),
    "room": gettext_lazy(
        "In the night of %(day)s this host's beds are taken or asked for: %(who)s."
    ),
    "elsewhere": gettext_lazy("Is in another journey on these days: %(who)s."),
    "window": gettext_lazy(
        "Cannot be away on all these days, or has not said that they could: %(who)s."
    ),
    "away": SOMEBODY_AWAY,
    "agreed": gettext_lazy(
        "Have said yes to the old days, and not to these. Both can name them in what they "
        "expect of each other: %(who)s."
    ),
    "event": gettext_lazy("An event on %(day)s would lie outside; move it first: %(who)s."),
    "reply": gettext_lazy(
        "Can answer until %(day)s is over everywhere on earth, when the journey would have "
        "begun: %(who)s."
    ),
    "training": gettext_lazy("A training ends before these days do: %(who)s."),
}

NOT_AGREED = gettext_lazy("Somebody has said yes to the old days meanwhile, and not to these.")
# By the names of what PostgreSQL keeps: it names neither people nor other editions.
REFUSALS = {
    "seat_one_journey_at_a_time": SOMEBODY_AWAY,
    "host_limit_of_each_day": gettext_lazy(
        "In one of these nights a host's beds are taken or asked for."
    ),
    "stop_moved_to_days_its_host_offers": gettext_lazy(
        "A host takes nobody on one of these days."
    ),
    "stop_nights_within_the_edition": gettext_lazy(
        "The edition allows another number of nights."
    ),
    "stop_within_the_days_of_travel": RULES["season"],
    "stop_in_the_order_of_its_days": gettext_lazy(
        "One stop has to end on the day on which the next begins."
    ),
    "stop_moved_as_agreed": NOT_AGREED,
    "stop_stands_while_agreed": NOT_AGREED,
}
MEANWHILE = gettext_lazy(
    "Something has changed meanwhile that stands against these days: nothing was done."
)


def words_of(one: moving.Collision) -> str:
    """Say which rule stands against some days, about whom."""
    who = listed([str(each) for each in one.who])
    day = dates.period(one.day, one.day) if one.day else ""
    return str(RULES[one.rule]) % {"who": who, "day": day}


def words_of_refusal(refusal: IntegrityError) -> str:
    """Say which rule PostgreSQL has kept that nothing was known to stand against before."""
    said = str(refusal)
    found = (words for name, words in REFUSALS.items() if name in said)
    return str(next(found, MEANWHILE))


REFUSED = (moving.Unchanged, moving.Collides, within.TooDear, IntegrityError)


def _why(refusal: Exception) -> list[str]:
    """Say all that stands against some days."""
    match refusal:
        case moving.Collides():
            return [words_of(one) for one in refusal.found]
        case within.TooDear():
            return [_words_of_money(refusal)]
        case IntegrityError():
            return [words_of_refusal(refusal)]
        case _:
            return [_("These are the days it has.")]


def _waits_for_a_yes(refusal: Exception) -> bool:
    """Say whether days could be had if all who have said yes agreed on them."""
    if not isinstance(refusal, moving.Collides):
        return False
    return {one.rule for one in refusal.found} == {"agreed"}


def _words_of_money(refusal: within.TooDear) -> str:
    """Say what nights would be reckoned at, and what is left."""
    said = _(
        "There is not enough money: nights are reckoned at %(more)s more, and %(left)s is left "
        "of what was granted, when all journeys are reckoned as they stand."
    )
    return said % {
        "more": wording.money(refusal.more, EURO),
        "left": wording.money(refusal.left, EURO),
    }


def with_days(rows: Iterable[JourneyEvent], stops: Iterable[Stop]) -> list[JourneyEvent]:
    """Let each move say which stops it gave which days; events in their order."""
    events = list(rows)
    hosts = {stop.number: stop.host.affiliate for stop in stops}
    now = {stop.number: (stop.arrive, stop.leave) for stop in stops}
    for event in reversed(events):
        event.days = []
        for number, *days in event.before:
            arrive, leave = map(date.fromisoformat, days)
            event.days.append(_instead(hosts[number], now[number], (arrive, leave)))
            now[number] = arrive, leave
    return events


def _instead(host: Affiliate, now: moving.Days, before: moving.Days) -> str:
    """Say which days a stop has instead of which."""
    number = (now[1] - now[0]).days
    return _("%(host)s: %(now)s (%(nights)s) instead of %(before)s.") % {
        "host": host,
        "now": dates.period(*now),
        "nights": ngettext("%(n)s night", "%(n)s nights", number) % {"n": number},
        "before": dates.period(*before),
    }


class MoveForm(forms.Form):
    """The days of each stop; `seen` are those it had when the page was drawn."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=500)
    # What the page has said would change.
    sure = forms.CharField(widget=forms.HiddenInput, max_length=500, required=False)

    # Whether nothing stands against these days but that somebody has not agreed on them.
    can_propose = False
    # What they would change, where nothing stands against them.
    found: within.Reckoned | None = None

    def __init__(self, data: Any, stops: list[Stop], agreed: Mapping[int, moving.Days]) -> None:
        """Ask for two days of each stop, and propose those on which all have agreed."""
        super().__init__(data)
        self.stops = stops
        self.fields["seen"].initial = _mark((stop.arrive, stop.leave) for stop in stops)
        for stop in stops:
            arrive, leave = agreed.get(stop.pk, (stop.arrive, stop.leave))
            host = {"host": stop.host.affiliate}
            self.fields[f"arrive_{stop.pk}"] = _day(_("%(host)s: arrive on") % host, arrive)
            self.fields[f"leave_{stop.pk}"] = _day(_("%(host)s: leave on") % host, leave)

    def clean(self) -> dict[str, Any]:
        """Put the two days of each stop in order."""
        cleaned = super().clean() or self.cleaned_data
        for stop in self.stops:
            arrive, leave = (cleaned.get(f"{name}_{stop.pk}") for name in ("arrive", "leave"))
            if arrive and leave and leave <= arrive:
                self.add_error(f"leave_{stop.pk}", _("One leaves after one arrives."))
        return cleaned

    def wishes(self) -> dict[int, moving.Wish]:
        """Give the days each stop shall have."""
        said = self.cleaned_data
        return {
            stop.pk: moving.Wish(
                (stop.arrive, stop.leave), (said[f"arrive_{stop.pk}"], said[f"leave_{stop.pk}"])
            )
            for stop in self.stops
        }

    def is_fresh(self) -> bool:
        """Say whether the stops still have the days that the page has shown."""
        seen = self.fields["seen"].initial
        return bool(self.cleaned_data["seen"] == seen)

    def mark(self) -> str:
        """Name the days that are wished for."""
        return _mark(wish.now for wish in self.wishes().values())


def _mark(some: Any) -> str:
    """Name the days of some stops."""
    return " ".join(f"{arrive:%Y%m%d}-{leave:%Y%m%d}" for arrive, leave in some)


def _day(label: str, initial: date) -> forms.DateField:
    """Ask for a day."""
    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, initial=initial, widget=widget)


class Moving(JourneyDesk):
    """The page on which the stops of a journey get other days."""

    @explained()
    def move(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say what other days would change, and for whom; then move the stops."""
        journey = self._theirs(request, pk)
        stops = list(journey.stops.select_related("host__affiliate").order_by("number"))
        form = MoveForm(request.POST or None, stops, _agreed(journey))
        if form.is_valid():
            if not form.is_fresh():
                return self._stale(request, pk)
            act = _propose if "propose" in request.POST else _move
            try:
                done = act(form, journey, organiser(request), timezone.now())
            except IllegalMove:
                return self._stale(request, pk)
            if done:
                nudge(send_notices)
                self._done(request, journey, done)
                return redirect("admin:grandtour_journey_show", pk)
        return ask(request, self, _page(journey, form))

    def _stale(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Go back to the page of the journey as it is now."""
        messages.warning(request, _("It has changed meanwhile: nothing was done."))
        return redirect("admin:grandtour_journey_show", pk)


def _move(form: MoveForm, journey: Journey, by: Person, at: datetime) -> str:
    """Move the stops where that was read before; else note what it would change."""
    wishes = form.wishes()
    try:
        if form.cleaned_data["sure"] == form.mark():
            within.move(journey, wishes, by, at=at)
            return "moved"
        form.found = within.foreseen(within.move, journey, wishes, by, at=at)
    except REFUSED as refusal:
        form.add_error(None, _why(refusal))
        if _waits_for_a_yes(refusal):
            form.can_propose = bool(_propose(form, journey, by, at, only_see=True))
    return ""


def _propose(
    form: MoveForm, journey: Journey, by: Person, at: datetime, *, only_see: bool = False
) -> str:
    """Put the days before all who have said yes and their hosts, or see whether that can be."""
    act = partial(within.foreseen, within.propose) if only_see else within.propose
    try:
        act(journey, form.wishes(), by, at=at)
    except TooMany:
        form.add_error(None, _("Those were many changes in an hour. Try again later."))
    except moving.Unchanged:
        form.add_error(None, _("They have these days before them already."))
    except (moving.Collides, within.TooDear) as refusal:
        form.add_error(None, _why(refusal))
    else:
        return "days proposed"
    return ""


def _agreed(journey: Journey) -> dict[int, moving.Days]:
    """Give the days of stops on which all who travel have agreed with the host."""
    rows = Expectation.objects.agreed().filter(
        seat__journey=journey, seat__number__isnull=False, arrive__isnull=False
    )
    named: dict[int, set[moving.Days]] = {}
    for row in rows:
        if row.days:
            named.setdefault(row.stop_id, set()).add(row.days)
    return {stop: days.pop() for stop, days in named.items() if len(days) == 1}


def _page(journey: Journey, form: MoveForm) -> dict[str, Any]:
    """Gather what the page shows: the days, then what they would change."""
    found = form.found
    if found:
        said: Any = form.data
        form.data = said = said.copy()
        said["sure"] = form.mark()
    return {
        "template": "admin/grandtour/journey/move.html",
        "form": form,
        "title": _("Other days"),
        "press": _("Move it") if found else _("See what that changes"),
        "advice": _(
            "Whoever has said yes to the old days has to have said yes to the new ones; "
            "nothing is changed before you have read what it changes."
        ),
        "back": reverse("admin:grandtour_journey_show", args=[journey.pk]),
        "about": f"{journey} · {journey.edition}",
        "changes": list(_changes(found)) if found else [],
    }


def _changes(cost: within.Reckoned) -> Iterator[str]:
    """Say what a move changes, and for whom."""
    found = cost.moved
    for stop, before in found.stops:
        yield _instead(stop.host.affiliate, (stop.arrive, stop.leave), before)
    for stop in found.again:
        yield _("%(host)s is asked again, as nobody there has said yes to these days.") % {
            "host": stop.host.affiliate
        }
    if found.told:
        people = listed([str(seat.person) for seat in found.told])
        yield _("A letter goes to %(people)s and to these hosts.") % {"people": people}
        yield _("Their weeks, calendar files and what is open on their lists follow.")
        asked = [str(seat.person) for seat in found.told if seat.state == Seat.State.OFFERED]
        if asked:
            yield _("Still to answer, by the day they were told: %(people)s.") % {
                "people": listed(asked)
            }
    yield _("Ways and carbon stay as they are: %(km)s km, %(kg)s kg of CO₂e.") % {
        "km": found.km,
        "kg": round(found.grams / 1000),
    }
    if cost.more:
        more = _("Nights are reckoned at %(sum)s more.")
        less = _("Nights are reckoned at %(sum)s less.")
        said = more if cost.more > 0 else less
        yield said % {"sum": wording.money(abs(cost.more), EURO)}
        if cost.left is not None:
            left = wording.money(cost.left, EURO)
            yield _(
                "Left of what was granted, when all journeys are reckoned as they stand: "
                "%(sum)s."
            ) % {"sum": left}
