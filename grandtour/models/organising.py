"""Who organises an edition: whoever may look after it and does not wish to travel in it."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, QuerySet

from grandtour.models.applications import Application
from grandtour.models.editions import Edition
from volunteers.models import Person

MAY = "grandtour.change_edition"


def wishes_to_travel(person: Person | AnonymousUser, edition: Edition | int) -> bool:
    """Say whether somebody writes or has sent an application, or has or had a place."""
    return Application.objects.pursued().filter(person=person.pk, edition=edition).exists()


def applied_to(person: Person | AnonymousUser) -> QuerySet[Application, int]:
    """Give the editions in which somebody wishes to travel: there they are no organiser."""
    mine = Application.objects.pursued().filter(person=person.pk)
    return mine.values_list("edition", flat=True)


def organises(person: Person | AnonymousUser, edition: Edition | int) -> bool:
    """Say whether somebody organises an edition; nobody does who wishes to travel in it."""
    return person.has_perm(MAY) and not wishes_to_travel(person, edition)


def organisers_of(edition: Edition | int) -> QuerySet[Person]:
    """Keep the organisers who do not wish to travel in an edition themselves."""
    travel = Application.objects.pursued().filter(edition=edition)
    people: QuerySet[Person] = Person.objects.organisers()
    return people.exclude(pk__in=travel.values("person"))


def unorganised() -> QuerySet[Edition]:
    """Keep the editions that are not over, and that everybody who could organise travels in."""
    travel = Application.objects.pursued().filter(edition=OuterRef(OuterRef("pk")))
    free = Person.objects.organisers().exclude(pk__in=travel.values("person"))
    rows = Edition.objects.exclude(state=Edition.State.CLOSED)
    return rows.exclude(Exists(free))
