"""What stands around every page: where one can go, the languages, the sample's bar."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import get_language, get_language_bidi, get_language_info
from django.utils.translation import gettext_lazy as _

from capx.sample.accounts import ACCOUNTS, PASSWORD, Account

# Addresses, not view names: the frame of a page knows no app.
PLACES: list[tuple[Promise, str]] = [
    (_("Catalogue"), "/catalogue/"),
    (_("Practices"), "/practices/"),
    (_("Grand Tour"), "/grand-tour/"),
    (_("People"), "/people/"),
    (_("Affiliates"), "/affiliates/"),
]
MINE: list[tuple[Promise, str]] = [(_("My exchanges"), "/exchanges/")]


@dataclass(frozen=True)
class Door:
    """A link of the main navigation."""

    label: str
    address: str
    current: str

    @classmethod
    def to(cls, label: Promise, address: str, path: str) -> "Door":
        """Make the door that leads to `address`, seen from `path`."""
        here = "page" if path == address else "true" if path.startswith(address) else ""
        return cls(str(label), address, here)


@dataclass(frozen=True)
class Tongue:
    """A language one may read the site in."""

    code: str
    name: str
    direction: str
    current: bool


@dataclass(frozen=True)
class Chrome:
    """The frame of one page; only `unread` asks the database, and only where it is shown."""

    path: str
    user: Any = None

    @property
    def origin(self) -> str:
        """Give the site's own address; what a request calls it may be wrong, or forged."""
        return str(settings.SITE_URL)

    @cached_property
    def unread(self) -> bool:
        """Say whether the inbox of the person who is signed in holds something new."""
        return bool(self.user.notices.unread().exists())

    @cached_property
    def places(self) -> list[Door]:
        """Name what everybody may visit."""
        return [Door.to(label, address, self.path) for label, address in PLACES]

    @cached_property
    def mine(self) -> list[Door]:
        """Name what belongs to the person who is signed in."""
        return [Door.to(label, address, self.path) for label, address in MINE]

    @property
    def language(self) -> str:
        """Name the language of the page."""
        return get_language() or settings.LANGUAGE_CODE

    @property
    def direction(self) -> str:
        """Say which way the page reads."""
        return "rtl" if get_language_bidi() else "ltr"

    @cached_property
    def languages(self) -> list[Tongue]:
        """Name each language in itself."""
        infos = [get_language_info(code) for code, _name in settings.LANGUAGES]
        return [
            Tongue(
                code=info["code"],
                name=info["name_local"],
                direction="rtl" if info["bidi"] else "ltr",
                current=info["code"] == self.language,
            )
            for info in infos
        ]

    @property
    def sample(self) -> bool:
        """Say whether this site shows the sample."""
        return bool(settings.SAMPLE)

    @property
    def source(self) -> str:
        """Say where the source code of this site can be read."""
        return str(getattr(settings, "SOURCE_URL", ""))

    @property
    def accounts(self) -> tuple[Account, ...]:
        """Name the sample's accounts and what each is for."""
        return ACCOUNTS

    @property
    def password(self) -> str:
        """Name the password that all accounts of the sample share."""
        return PASSWORD


def chrome(request: HttpRequest) -> dict[str, Chrome]:
    """Give templates the frame of the page; what is refused at the door has nobody's."""
    return {"chrome": Chrome(request.path, getattr(request, "user", AnonymousUser()))}
