"""A host says whether it has agreed with somebody who says so."""

from datetime import datetime

from django.db import transaction

from capx.states import IllegalMove
from grandtour.models import Application, Host
from grandtour.notices import partners as notices


@transaction.atomic
def answer(host: Host, application: Application, *, agrees: bool, at: datetime) -> bool:
    """Say yes or no to having agreed; say whether that is new.

    Raises IllegalMove where the application names somebody else by now, is over, or has a
    place already.
    """
    rows = Application.objects.select_for_update(of=("self",), no_key=True)
    held = rows.select_related("person", "edition").filter(pk=application.pk).first()
    naming = Application.objects.naming(host).filter(pk=application.pk).exists()
    if held is None or not naming or held.seats.live().exists():
        raise IllegalMove(f"{application} does not name {host} any more")
    if held.partner_agrees is agrees:
        return False
    held.partner_agrees, held.partner_answered_at = agrees, at
    held.save(update_fields=["partner_agrees", "partner_answered_at"])
    notices.answered(held)
    return True
