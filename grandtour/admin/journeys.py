"""Journeys at the desk: offer places, confirm, take somebody out, call a journey off."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from capx.celery import nudge
from capx.desk import ask
from capx.names import country_name, listed
from capx.states import IllegalMove
from capx.templatetags import dates
from capx.zones import last_moment
from grandtour.actions import journeys as actions
from grandtour.actions import unready
from grandtour.actions.apart import Apart, apart, must_be_free
from grandtour.actions.moving import MOVABLE
from grandtour.admin.journey_desk import organiser, words_of_refusal, words_of_unsettled
from grandtour.admin.moving import Moving, with_days
from grandtour.admin.own import explained, words, words_of_locks
from grandtour.models import Application, Edition, Journey, Seat, applied_to
from grandtour.plans import succession
from grandtour.plans.room import WAIT
from grandtour.plans.sentences import passed_over
from grandtour.plans.shown import passed_over_for
from grandtour.reports.needs import needed
from grandtour.tasks import follow_up_offers
from volunteers.models import Person

READS_NEEDS = "grandtour.view_needs"
SOON = timedelta(days=14)
LONGEST = timedelta(days=90)
BEFORE_IT_BEGINS = timedelta(days=2)


class OfferForm(forms.Form):
    """By when an offer is to be answered."""

    reply_by = forms.DateField(
        label=gettext_lazy("Answer by"),
        widget=forms.DateInput({"type": "date"}),
        help_text=gettext_lazy("On the day after, the place goes to the next in line."),
    )

    def __init__(self, data: Any, *, journey: Journey, **more: Any) -> None:
        """Propose two weeks, or the last day that is over before the journey begins."""
        super().__init__(data, **more)
        begins = journey.period.lower if journey.period else date.max
        self.last = begins - BEFORE_IT_BEGINS
        self.fields["reply_by"].initial = min(timezone.localdate() + SOON, self.last)

    def clean_reply_by(self) -> datetime:
        """Keep it between tomorrow and three months from now; the whole day counts, anywhere.

        When the journey begins everybody has answered.
        """
        day, today = self.cleaned_data["reply_by"], timezone.localdate()
        if not today < day <= today + LONGEST:
            raise forms.ValidationError(_("Choose a day within the next three months."))
        if day > self.last:
            words = _(
                "Choose a day that is over everywhere on earth before the journey begins: "
                "%(day)s or earlier."
            )
            raise forms.ValidationError(words % {"day": dates.period(self.last, self.last)})
        return last_moment(day)


class ReasonForm(forms.Form):
    """Why a place is taken back, or a journey called off; travellers read the reason."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=[
            choice
            for choice in Seat.Reason.choices
            if choice[0] in {"host", "organisers", "papers", "force_majeure", "other"}
        ],
        help_text=gettext_lazy("Whoever it concerns reads this."),
    )
    words = forms.CharField(
        label=gettext_lazy("In a few words"),
        max_length=500,
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
    )


class People(forms.ModelChoiceField[Application]):
    """One of those who have no place, by name and country."""

    def label_from_instance(self, obj: Application) -> str:
        """Call somebody by name and country."""
        return f"{obj.person} ({country_name(obj.country)})"


class PlaceForm(forms.Form):
    """Whom an organiser would like to have in a journey."""

    who = People(label=gettext_lazy("Who"), queryset=Application.objects.none())
    because = forms.CharField(
        label=gettext_lazy("Why the rule of countries is put aside"),
        help_text=gettext_lazy(
            "Only where two of one country would travel together, or to a host at home. It is "
            "kept with the place."
        ),
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 2, "dir": "auto"}),
    )

    def __init__(
        self, *args: Any, edition: Edition, left: Collection[int], **kwargs: Any
    ) -> None:
        """Offer those of the edition who have no place and are not left to others."""
        super().__init__(*args, **kwargs)
        rows = edition.applications.filter(state__in=WAIT).exclude(pk__in=left)
        rows = rows.exclude(seats__number__isnull=False).select_related("person")
        field: Any = self.fields["who"]
        field.queryset = rows.order_by("country", "pk")


@admin.register(Journey)
class JourneyAdmin(Moving):
    """Find a journey; each has a page on which it is taken on."""

    list_display = ["named", "edition", "state", "days"]
    list_display_links = None
    list_filter = ["state", "edition"]
    list_select_related = ["edition"]
    ordering = ["-pk"]

    @admin.display(description=gettext_lazy("journey"))
    def named(self, journey: Journey) -> SafeString:
        """Lead to the page of a journey."""
        href = reverse("admin:grandtour_journey_show", args=[journey.pk])
        return format_html('<a href="{}">{}</a>', href, journey)

    @admin.display(description=gettext_lazy("days"))
    def days(self, journey: Journey) -> str:
        """Say from when to when."""
        return f"{journey.period.lower} – {journey.last_day}" if journey.period else ""  # noqa: RUF001 -- a span

    def waiting(self, request: HttpRequest) -> list[dict[str, str]]:
        """Say to which journeys enough have said yes, and of which too few are left."""
        by = cast("Person", request.user)
        rows = Journey.objects.select_related("edition").order_by("pk")
        rows = rows.exclude(edition__in=applied_to(by))
        known = (
            (_("Enough have said yes: %(journey)s of %(edition)s"), rows.to_be_confirmed()),
            (_("Too few are left: %(journey)s of %(edition)s"), rows.with_too_few()),
        )
        return [
            {
                "words": words % {"journey": journey, "edition": journey.edition},
                "href": reverse("admin:grandtour_journey_show", args=[journey.pk]),
            }
            for words, found in known
            for journey in found
        ]

    def get_urls(self) -> list[URLPattern]:
        """Give journeys pages of their own."""
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/show/", view(self.show), name="grandtour_journey_show"),
            path("<int:pk>/offer/", view(self.offer), name="grandtour_journey_offer"),
            path("<int:pk>/place/", view(self.place), name="grandtour_journey_place"),
            path("<int:pk>/confirm/", view(self.confirm), name="grandtour_journey_confirm"),
            path("<int:pk>/move/", view(self.move), name="grandtour_journey_move"),
            path("<int:pk>/call-off/", view(self.call_off), name="grandtour_journey_call_off"),
            path("seats/<int:pk>/cancel/", view(self.cancel), name="grandtour_seat_cancel"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, *_args: Any, **_kwargs: Any
    ) -> HttpResponse:
        """Lead to the page of a journey."""
        if not self.has_view_permission(request) or not object_id.isdecimal():
            raise Http404
        return redirect("admin:grandtour_journey_show", object_id[:18])

    @explained()
    def show(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show who travels, which hosts have said yes, and what happened."""
        journey = self._found(request, pk)
        rows = journey.seats.select_related("person", "application__needs")
        seats = list(rows.order_by("number", "pk"))
        for seat in seats:
            seat.needed = needed(seat) if request.user.has_perm(READS_NEEDS) else []  # type: ignore[attr-defined]
        states = {seat.state for seat in seats if seat.number}
        left, by = _apart(request, journey), cast("Person", request.user)
        hosts = journey.stops.select_related("host__affiliate", "host__place")
        stops = list(hosts.order_by("number"))
        events = journey.events.select_related("by", "seat__person")
        context = {
            "template": "admin/grandtour/journey/show.html",
            "title": str(journey),
            "form": forms.Form(),
            "journey": journey,
            "edition": journey.edition,
            "seats": [seat for seat in seats if seat.number],
            "left": left,
            "left_words": words(left),
            "too_few": Journey.objects.with_too_few().filter(pk=pk).first(),
            "gone": passed_over_for([seat for seat in seats if not seat.number], by),
            "stops": stops,
            "events": with_days(events.order_by("at", "pk"), stops),
            "can_place": not left.own
            and journey.state in actions.OFFERABLE
            and sum(bool(seat.number) for seat in seats) < journey.edition.largest_group,
            "can_offer": not left.forbids
            and "proposed" in states
            and journey.state in actions.OFFERABLE,
            "can_confirm": not left.forbids
            and "agreed" in states
            and journey.state in actions.ANSWERABLE,
            "can_move": not left.forbids and journey.state in MOVABLE,
            "can_call_off": not left.forbids
            and Journey.State.CANCELLED in Journey.MOVES[Journey.State(journey.state)],
        }
        return ask(request, self, context)

    @explained()
    def offer(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Offer the proposed places of a journey until a day."""
        journey = self._theirs(request, pk)
        form = OfferForm(request.POST or None, journey=journey)
        by: Any = request.user
        if form.is_valid():
            try:
                number = actions.offer(
                    journey, by, reply_by=form.cleaned_data["reply_by"], at=timezone.now()
                )
            except (IllegalMove, unready.TooLong):
                messages.warning(request, _("It has changed meanwhile: nothing was done."))
            else:
                self._done(request, journey, f"offered: {number}")
            return redirect("admin:grandtour_journey_show", pk)
        advice = _("Travellers and the people of each host get a mail and answer on its page.")
        return self._ask(request, journey, form, _("Offer the places"), advice)

    @explained()
    def place(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Propose a place to somebody by hand, where they fit."""
        journey = self._found(request, pk)
        by: Any = request.user
        waits = journey.edition.applications.filter(state__in=WAIT)
        must_be_free(by, journey.edition, (), actions.about(journey)[1])
        left = apart(by, journey.edition, set(waits.values_list("pk", flat=True)))
        form = PlaceForm(request.POST or None, edition=journey.edition, left=left.left)
        if form.is_valid():
            said = form.cleaned_data
            try:
                succession.by_hand(journey, said["who"], said["because"], by, at=timezone.now())
            except succession.DoesNotFit as refusal:
                form.add_error("who", _does_not_fit(said["who"], refusal.why))
            else:
                self.log_change(request, journey, f"place: {said['who'].pk}")
                messages.success(request, _("Proposed. Nobody is told before the offer."))
                return redirect("admin:grandtour_journey_show", pk)
        advice = _("All rules of the edition hold. Nobody is told before the place is offered.")
        advice = " ".join(filter(None, [advice, words_of_locks(left)]))
        return self._ask(request, journey, form, _("Choose somebody for a free place"), advice)

    @explained()
    def confirm(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Confirm a journey once enough places are agreed."""
        journey, form = self._theirs(request, pk), forms.Form(request.POST or None)
        by: Any = request.user
        if form.is_valid():
            try:
                actions.confirm(journey, by, at=timezone.now())
            except IllegalMove:
                messages.warning(request, _("It has changed meanwhile: nothing was done."))
            except unready.Unsettled as missing:
                messages.error(request, words_of_unsettled(journey, missing))
            except unready.Unfunded as missing:
                messages.error(request, self._unfunded(journey, missing.people))
            except unready.Untrained as missing:
                messages.error(request, _untrained(missing))
            except unready.Unwelcome as silent:
                words = _("Not confirmed: these hosts have not said yes: %(hosts)s.")
                hosts = listed(silent.hosts)
                messages.error(request, words % {"hosts": hosts})
            except unready.TooFew:
                messages.error(
                    request,
                    _("Too few have agreed yet: see the smallest group of the edition."),
                )
            except IntegrityError as refused:
                messages.error(request, words_of_refusal(refused))
            else:
                self._done(request, journey, "confirmed")
            return redirect("admin:grandtour_journey_show", pk)
        advice = _("From then on people book. Whoever has not answered yet is not in it.")
        return self._ask(request, journey, form, _("Confirm the journey"), advice)

    @explained()
    def cancel(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take somebody out of a journey; the next in line is looked for."""
        self._may(request, pk)
        rows = Seat.objects.live().select_related("journey__edition", "person", "application")
        seat = get_object_or_404(rows, pk=pk)
        by: Any = request.user
        must_be_free(by, seat.journey.edition, [seat.application_id])
        form = ReasonForm(request.POST or None)
        if form.is_valid():
            try:
                actions.cancel(seat, self._given(request, form), at=timezone.now())
            except IllegalMove:
                messages.warning(request, _("It has changed meanwhile: nothing was done."))
            else:
                nudge(follow_up_offers)
                self._done(request, seat.journey, f"out: {seat.pk}")
            return redirect("admin:grandtour_journey_show", seat.journey_id)
        title = _("Take %(person)s out of the journey") % {"person": seat.person}
        advice = _("They are told if they had an offer, and stay on the waiting list.")
        return self._ask(request, seat.journey, form, title, advice)

    @explained()
    def call_off(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Call a journey off: everybody in it is told why."""
        journey, form = self._theirs(request, pk), ReasonForm(request.POST or None)
        if form.is_valid():
            try:
                actions.call_off(journey, self._given(request, form), at=timezone.now())
            except IllegalMove:
                messages.warning(request, _("It has changed meanwhile: nothing was done."))
            else:
                self._done(request, journey, "called off")
            return redirect("admin:grandtour_journey_show", pk)
        advice = _("Everybody in it is told. There is no way back.")
        return self._ask(request, journey, form, _("Call the journey off"), advice)

    def _unfunded(self, journey: Journey, people: list[Person]) -> SafeString:
        """Say whose money is missing, and lead to where it is set aside."""
        return format_html(
            '{} <a href="{}">{}</a>',
            _("Not confirmed: no money is set aside yet for %(people)s.")
            % {"people": listed(people)},
            reverse("admin:grandtour_cost_stipends", args=[journey.edition_id]),
            _("Set it aside, or say why there is none."),
        )

    def _given(self, request: HttpRequest, form: ReasonForm) -> actions.Given:
        """Give the reason and who gave it."""
        by: Any = request.user
        return actions.Given(form.cleaned_data["reason"], form.cleaned_data["words"], by)


def _does_not_fit(who: Application, rule: str) -> str:
    """Say why somebody cannot have a place."""
    return (
        passed_over(rule, [str(who.person)])
        if rule
        else _(
            "This does not fit: their days, languages or how they travel, the countries, "
            "something private, or no room is left."
        )
    )


def _apart(request: HttpRequest, journey: Journey) -> Apart:
    """Say whether a journey is left to others."""
    return apart(organiser(request), journey.edition, *actions.about(journey))


def _untrained(missing: unready.Untrained) -> str:
    """Say who still has which training to do."""
    words = _("Not confirmed: a training is still open. %(people)s.")
    people = (
        f"{person}: {', '.join(str(one) for one in trainings)}"
        for person, trainings in missing.people
    )
    return words % {"people": "; ".join(people)}
