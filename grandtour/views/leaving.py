"""What an application ends, said before it is begun: organising an edition, and reading."""

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from capx.names import listed
from grandtour.actions.apart import others_than
from grandtour.models import Edition, Reviewer
from grandtour.models.organising import MAY
from volunteers.models import Person

READS = (Reviewer.State.ASKED, Reviewer.State.READING)


def what_ends(person: Person | AnonymousUser, edition: Edition) -> list[str]:
    """Say what somebody leaves to others once they apply, and to whom."""
    if not isinstance(person, Person):
        return []
    said = []
    if person.has_perm(MAY):
        said.append(_others_organise(person, edition))
    if person.reviewing.filter(edition=edition, state__in=READS).exists():
        said.append(
            _(
                "You were asked to read for this edition. While you write an application, you "
                "read no others. Once yours is sent, you read no more, and what you gave does "
                "not count."
            )
        )
    return said


def _others_organise(person: Person, edition: Edition) -> str:
    """Say who organises an edition once somebody of them has applied."""
    if others := others_than(person, edition):
        said = _(
            "You organise here. From the first word of your application on, others organise "
            "this edition, your own application included: %(people)s."
        )
        return said % {"people": listed([str(one) for one in others])}
    return _(
        "Nobody but you organises this edition so far. From the first word of your "
        "application on, you cannot: ask whoever runs this site to make somebody an organiser "
        "first."
    )
