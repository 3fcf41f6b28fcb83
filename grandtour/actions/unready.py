"""Why a journey cannot be confirmed yet, each with whom it waits for."""

from grandtour.models import Training
from volunteers.models import Affiliate, Person


class Unsettled(Exception):
    """Some travellers have not agreed on everything with their hosts, or on other days."""

    def __init__(self, people: list[Person], elsewhen: list[Person]) -> None:
        """Remember who has not agreed, and who has on days that a stop does not have."""
        super().__init__(people, elsewhen)
        self.people, self.elsewhen = people, elsewhen


class Unfunded(Exception):
    """What some travellers are promised is not set aside yet."""

    def __init__(self, people: list[Person]) -> None:
        """Remember who."""
        super().__init__(people)
        self.people = people


class Untrained(Exception):
    """Some travellers have not passed a training that the edition asks of them."""

    def __init__(self, people: list[tuple[Person, list[Training]]]) -> None:
        """Remember who, and which."""
        super().__init__(people)
        self.people = people


class Unwelcome(Exception):
    """Some hosts have not said yes, or have taken it back."""

    def __init__(self, hosts: list[Affiliate]) -> None:
        """Remember which."""
        super().__init__(hosts)
        self.hosts = hosts


class TooLong(Exception):
    """An offer would still be open on the day on which its journey begins."""


class TooFew(Exception):
    """Fewer places are agreed than the smallest group has."""
