"""Who organises an edition: whoever may look after editions and has not applied to it."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from grandtour.models.applications import Application
from grandtour.models.editions import Edition
from volunteers.models import Person

MAY = "grandtour.change_edition"


def wishes_to_travel(person: Person | AnonymousUser, edition: Edition | int) -> bool:
    """Say whether somebody asks for a place in an edition, or has or had one."""
    return Application.objects.pursued().filter(person=person.pk, edition=edition).exists()


def applied_to(person: Person | AnonymousUser) -> QuerySet[Application, int]:
    """Give the editions in which somebody asks for a place: there they are no organiser."""
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
