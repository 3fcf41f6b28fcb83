"""The request our signed-in views receive."""

from capx.htmx import HtmxRequest
from volunteers.models import Person


class Request(HtmxRequest):
    """A request of somebody who is signed in."""

    user: Person
