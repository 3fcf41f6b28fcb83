"""Who has which number in an affiliate's CRM, as CSV; what is written can be read in again."""

from collections.abc import Iterator

from volunteers.exports.hours import AT_ONCE, line
from volunteers.models import Affiliate, ImportMatch, Person

HEADER = ["Contact ID", "Display Name", "Username"]


def of_affiliate(affiliate: Affiliate, viewer: Person) -> Iterator[bytes]:
    """Write the contacts that a steward's files can be about now, by name."""
    known = ImportMatch.objects.of_affiliate(affiliate, viewer).select_related("person")
    yield line(HEADER)
    for row in known.order_by("person__folded", "pk").iterator(AT_ONCE):
        yield line([row.contact, row.person, row.person.username])
