"""What each page of a journey at the desk stands on: to find it, to ask, to say it is done."""

from typing import cast

from django import forms
from django.contrib import messages
from django.db import IntegrityError, models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from capx.desk import Reading, ask
from capx.names import listed
from grandtour.actions import journeys as actions
from grandtour.actions.apart import must_be_free, must_not_be_ones_own
from grandtour.actions.unready import Unsettled
from grandtour.models import Journey, applied_to
from volunteers.models import Person

# By the names of what PostgreSQL keeps, and what nothing was known to stand against before.
REFUSALS = {
    "seat_confirmed_with_its_expectations": gettext_lazy(
        "Nothing was done: somebody has not agreed with a host on all that is expected, or on "
        "the days of the stop."
    ),
    "seat_confirmed_with_its_money": gettext_lazy(
        "Nothing was done: no money is set aside for somebody to whom it is promised."
    ),
    "seat_confirmed_with_its_trainings": gettext_lazy(
        "Nothing was done: somebody has a training still open, or one that ends before the "
        "journey does."
    ),
    "journey_confirmed_by_its_hosts": gettext_lazy(
        "Nothing was done: a host has not said yes, or has taken it back."
    ),
    "journey_confirmed_with_enough": gettext_lazy(
        "Too few have agreed yet: see the smallest group of the edition."
    ),
}


def words_of_refusal(refusal: IntegrityError) -> str:
    """Say which rule PostgreSQL has kept; of one that no page knows, that something changed."""
    rule, *_about = str(refusal).splitlines() or [""]
    found = (str(words) for name, words in REFUSALS.items() if name in rule)
    return next(found, _("It has changed meanwhile: nothing was done."))


def words_of_unsettled(journey: Journey, missing: Unsettled) -> SafeString:
    """Say with whom something is open, and who has agreed on other days; lead to these."""
    still = _("Not confirmed: what is expected is still open with %(people)s.")
    other = _("Not confirmed: agreed on other days than those of the journey: %(people)s.")
    cases = ((still, missing.people), (other, missing.elsewhen))
    said = " ".join(words % {"people": listed(people)} for words, people in cases if people)
    if not missing.elsewhen:
        return format_html("{}", said)
    move = reverse("admin:grandtour_journey_move", args=[journey.pk])
    return format_html('{} <a href="{}">{}</a>', said, move, _("Other days…"))


class JourneyDesk(Reading[Journey]):
    """Find a journey for whoever may act about it."""

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Journey]:
        """Leave out those of editions in which whoever looks wishes to travel."""
        rows = super().get_queryset(request)
        return rows.exclude(edition__in=applied_to(organiser(request)))

    def _done(self, request: HttpRequest, journey: Journey, what: str) -> None:
        """Say that it is done, and note it at the desk."""
        self.log_change(request, journey, what)
        messages.success(request, _("Done. Whoever it concerns has been told."))

    def _ask(
        self, request: HttpRequest, journey: Journey, form: forms.Form, title: str, advice: str
    ) -> HttpResponse:
        """Ask before it is done."""
        back = reverse("admin:grandtour_journey_show", args=[journey.pk])
        question = {"form": form, "title": title, "advice": advice, "back": back}
        return ask(request, self, question | {"about": f"{journey} · {journey.edition}"})

    def _may(self, request: HttpRequest, pk: int) -> None:
        """Act as if there were nothing for whoever may not."""
        if not self.may_act(request) or pk >= 2**63:
            raise Http404

    def _theirs(self, request: HttpRequest, pk: int) -> Journey:
        """Find a journey; whoever has a conflict with a traveller or a host leaves it."""
        journey = self._found(request, pk)
        must_be_free(organiser(request), journey.edition, *actions.about(journey))
        return journey

    def _found(self, request: HttpRequest, pk: int) -> Journey:
        """Find a journey; as if there were none for whoever may not."""
        self._may(request, pk)
        rows: models.QuerySet[Journey] = Journey.objects.select_related("edition", "plan")
        journey = get_object_or_404(rows, pk=pk)
        must_not_be_ones_own(journey.edition, organiser(request))
        return journey


def organiser(request: HttpRequest) -> Person:
    """Give who sits at the desk: nobody else comes this far."""
    return cast("Person", request.user)
