"""What each page of a journey at the desk stands on: to find it, to ask, to say it is done."""

from typing import cast

from django import forms
from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from capx.desk import Reading, ask
from grandtour.actions import journeys as actions
from grandtour.actions.apart import must_be_free, must_not_be_ones_own
from grandtour.models import Journey
from volunteers.models import Person


class JourneyDesk(Reading[Journey]):
    """Find a journey for whoever may act about it."""

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
