"""The facets of the catalogue: what an address may say, and how the index is asked for it."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import django_filters as df
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from capx.names import country_codes, country_name, language_codes, language_name
from exchange.models import Doubt, Listing, SearchDocument
from exchange.models.finding import FIRST, LAST_PAGE, Wish, sees
from exchange.models.rooms import ASKED, NAMED, Room
from exchange.search import LONGEST_TEXT, either, facet, quote
from volunteers import gate
from volunteers.models import Person

MOST_VALUES = 20
LONGEST_NUMBER = 6
YES = "yes"
EVERYWHERE = "*"
SLUG = re.compile(r"[-\w]{1,50}")
KEY = re.compile(r"(-?\d{1,19})\.(-?\d{1,19})\.(-?\d{1,19})\.(-?\d{1,19})\.(-?\d{1,19})")


class ValuesField(forms.Field):
    """Several values of a facet; what cannot be one is left out, not complained about."""

    widget = forms.SelectMultiple

    def clean(self, value: Any) -> list[str]:
        """Keep what may stand in the address."""
        wanted = dict.fromkeys(value or ())
        return [one for one in wanted if self.possible(one)][:MOST_VALUES]

    def possible(self, _value: str) -> bool:
        """Say whether this is a value at all."""
        return False


class ChoicesField(ValuesField):
    """Values of a short list."""

    def __init__(self, *, choices: Iterable[tuple[str, Any]], **kwargs: Any) -> None:
        """Take the list."""
        super().__init__(**kwargs)
        self.choices = dict(choices)

    def possible(self, value: str) -> bool:
        """Say whether the list has it."""
        return value in self.choices


class CountriesField(ValuesField):
    """Codes of countries."""

    def possible(self, value: str) -> bool:
        """Say whether a country has this code."""
        return value in country_codes()


class LanguagesField(ValuesField):
    """Codes of languages."""

    def possible(self, value: str) -> bool:
        """Say whether a language has this code, perhaps with a script behind it."""
        return bool(SLUG.fullmatch(value)) and value.partition("-")[0] in language_codes()


class SkillsField(ValuesField):
    """Slugs of skills."""

    def possible(self, value: str) -> bool:
        """Say whether a skill may be called so in an address."""
        return bool(SLUG.fullmatch(value))


class Facet(df.Filter):
    """What one may narrow the catalogue by; several values of one facet widen it."""

    field_class: type[ValuesField] = ValuesField

    def condition(self, values: Iterable[str]) -> str:
        """Say it to the index."""
        return either(quote(facet(self.field_name, value)) for value in values)

    def values(self) -> list[str]:
        """List all values there are, in their order, where they are few."""
        return list(dict(self.extra.get("choices") or []))

    def name(self, value: str) -> str:
        """Name a value in the reader's language."""
        choices: dict[str, Promise] = dict(self.extra.get("choices") or [])
        return str(choices.get(value, value))


class Choice(Facet):
    """A facet with a short list of values."""

    field_class = ChoicesField


class Country(Facet):
    """Where it serves people or takes place; no country means everywhere."""

    field_class = CountriesField

    def condition(self, values: Iterable[str]) -> str:
        """Count what is for everywhere in."""
        return super().condition([*values, EVERYWHERE])

    def name(self, value: str) -> str:
        """Name a country."""
        return country_name(value)


class Language(Facet):
    """The language of the text."""

    field_class = LanguagesField

    def name(self, value: str) -> str:
        """Name a language."""
        return language_name(value)


class SkillFacet(Facet):
    """A skill or one below it; `find` makes the condition, which needs the tree."""

    field_class = SkillsField


def room_for(viewer: Person | AnonymousUser, now: datetime) -> Room:
    """Say whose room is another one than was noted, for a viewer and at this moment.

    So lists say what pages say. As many statements are sent whatever closes whom. Where more
    are in doubt than can be asked about, the others count as having none until that is noted.
    """
    if not isinstance(viewer, Person):
        return Room(everybody=True)
    doubted = Doubt.objects.authors(now)
    outlooks = gate.outlooks(doubted[:ASKED], now=now)
    closed = [person for person, one in outlooks.items() if one.closed]
    return Room(
        shut=[*gate.shut_to(viewer, now=now), *closed, *doubted[ASKED:]],
        doubted=list(outlooks),
        nobody=viewer.hidden_at is not None or len(doubted) > NAMED,
    )


class CatalogueFilter(df.FilterSet):
    """What somebody may look for, and narrow the catalogue by.

    Only who is signed in learns who has room: for a visitor there is no such facet, whatever
    stands in the address.
    """

    kind = Choice(label=_("Offers and requests"), choices=Listing.Kind.choices)
    of = Choice(label=_("What it is about"), choices=Listing.Of.choices)
    resource = Choice(label=_("Kind of resource"), choices=Listing.Resource.choices)
    skill = SkillFacet(label=_("Skill"))
    country = Country(label=_("Country"))
    language = Language(label=_("Language of the text"))
    mode = Choice(
        label=_("Where"), choices=[("remote", _("Online")), ("on_site", _("On site"))]
    )
    by = Choice(
        label=_("Who posts it"),
        choices=[("person", _("A person")), ("affiliate", _("An affiliate"))],
    )
    room = Choice(label=_("Room"), choices=[(YES, _("Has room now"))])
    funded = Choice(label=_("Money"), choices=[(YES, _("With a budget"))])

    class Meta:
        model = SearchDocument
        fields: list[str] = []

    def __init__(self, data: QueryDict, viewer: Person | AnonymousUser) -> None:
        """Read an address for who looks at it."""
        super().__init__(data, queryset=SearchDocument.objects.none())
        self.given, self.viewer = data, viewer
        if not self.tells_room:
            del self.filters["room"]
        self.chosen: dict[str, list[str]] = {}
        for name, one in self.filters.items():
            try:
                values = one.field.clean(data.getlist(name))
            except ValidationError:
                continue
            if values:
                self.chosen[name] = values

    @property
    def tells_room(self) -> bool:
        """Say whether who looks at it learns who has room."""
        return self.viewer.is_authenticated

    @property
    def asks_for_room_in_vain(self) -> bool:
        """Say that the address asks for who has room, and nobody is signed in to learn it."""
        return "room" in self.given and not self.tells_room

    @property
    def text(self) -> str:
        """Give what was typed."""
        return " ".join(self.given.get("q", "").replace("\0", " ").split())[:LONGEST_TEXT]

    @property
    def newest(self) -> bool:
        """Say whether the newest shall come first."""
        return self.given.get("sort") == "newest"

    @property
    def every_skill(self) -> bool:
        """Say whether all the chosen skills are wanted at once."""
        return self.given.get("skills") == "all"

    @property
    def page(self) -> int:
        """Give the number of the page; after the fifth one reads on by `after`."""
        return min(max(self.page_wanted, 1), LAST_PAGE)

    @property
    def page_wanted(self) -> int:
        """Give the number of the page that the address asks for, be there one or not."""
        number = self.given.get("page", "")
        known = number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER
        return int(number) if known else 1

    @property
    def after(self) -> tuple[int, ...] | None:
        """Give the key of the last row of the page before."""
        found = KEY.fullmatch(self.given.get("after", ""))
        key = tuple(map(int, found.groups())) if found else None
        return key if key and all(abs(part) < -FIRST[0] for part in key) else None

    def wish(self, now: datetime) -> Wish:
        """Turn the address into what the index is asked."""
        conditions = {
            name: self.filters[name].condition(values)
            for name, values in self.chosen.items()
            if name != "skill"
        }
        return Wish(
            see=sees(self.viewer),
            room=room_for(self.viewer, now),
            day=now.date(),
            text=self.text,
            reading=get_language() or "en",
            filters=conditions,
            skills=self.chosen.get("skill", []),
            every_skill=self.every_skill,
            newest=self.newest,
            page=1 if self.after else self.page,
            after=self.after or FIRST,
        )

    def address(self, without: str = "", **changes: str) -> str:
        """Write the address of this search with some things changed; starts with `?`.

        `without` is a value of a facet, as in the index: `/kind=offer`.
        """
        query = QueryDict(mutable=True)
        if self.text:
            query["q"] = self.text
        for name, values in self.chosen.items():
            query.setlist(name, [v for v in values if facet(name, v) != without])
        for name, sign in (("skills", "all"), ("sort", "newest")):
            if self.given.get(name) == sign:
                query[name] = sign
        for name, value in changes.items():
            query.setlist(name, [value] if value else [])
        return f"?{query.urlencode()}"
