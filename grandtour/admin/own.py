"""What organisers leave to others: the plans and journeys of an edition they applied to."""

from typing import Any

from django.core.exceptions import PermissionDenied

from grandtour.models import Application, Edition

State = Application.State


def must_not_be_ones_own(edition: Edition, person: Any) -> None:
    """Stop whoever wishes to travel in this edition: nobody chooses for themselves.

    Raises PermissionDenied.
    """
    mine = Application.objects.filter(edition=edition, person=person)
    if mine.exclude(state__in=[State.DRAFT, State.WITHDRAWN, State.DECLINED]).exists():
        raise PermissionDenied
