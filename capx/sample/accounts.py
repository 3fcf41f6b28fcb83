"""The people of the sample as whom anybody can sign in, and what each is there to show."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PASSWORD = "capacity"  # noqa: S105 -- of invented people


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody of the sample who can sign in."""

    username: str
    name: str
    what: Promise


ACCOUNTS = (
    Account("hanna", "Hanna Brückner", _("posts for Wikimedia Deutschland; reads German")),
    Account("lucia", "Lucía Ferrer", _("looks for help; reads Spanish")),
    Account(
        "maarten", "Maarten Hoekstra", _("steward of Wikimedia Nederland; reads applications")
    ),
    Account("ines", "Inês Carvalho", _("organiser; may enter the desk of organisers")),
    Account("agata", "Agata Wrońska", _("organiser who knows nobody who applied")),
    Account("salma", "سلمى بن عمار", _("teaches and learns; reads Arabic")),
    Account("jonas", "Jonas Lindqvist", _("rests at the moment, and cannot be asked")),
)
USERNAMES = frozenset(account.username for account in ACCOUNTS)
