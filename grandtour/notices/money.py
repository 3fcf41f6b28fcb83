"""What travellers hear of their costs: approved, refused, paid; never that a claim came in."""

from grandtour.models import Cost
from volunteers import mailbox
from volunteers.models.notices import NoticeKind


def approved(cost: Cost) -> None:
    """Tell a traveller that there is money for it, also for a stipend they did not ask for."""
    _tell(cost, "approved")


def refused(cost: Cost) -> None:
    """Tell a traveller that there is no money for it, and why."""
    _tell(cost, "refused")


def paid(cost: Cost) -> None:
    """Tell a traveller that the money is on its way."""
    _tell(cost, "paid")


def _tell(cost: Cost, what: str) -> None:
    """Write to the traveller; each of these happens to a cost once."""
    if cost.seat is None:
        return
    mailbox.post(
        cost.seat.person,
        key=f"cost-{what}:{cost.pk}",
        kind=NoticeKind.TOUR,
        template=f"grandtour/mail/cost_{what}.txt",
        link=cost.get_absolute_url(),
        cost=cost,
        edition=cost.edition,
    )
