"""The catalogue: search, facets, and the words for how it is ordered."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from capx.htmx import HtmxRequest, render_part
from exchange.filters import CatalogueFilter
from exchange.models import Practice
from exchange.models.cards import Label, give_labels, read_labels
from exchange.models.finding import LAST_PAGE, PAGE, Found, TookTooLong, find, sees
from exchange.models.suggesting import suggest
from exchange.views.drawn import row
from exchange.views.facets import Chip, Group, chips, groups

PRACTICES = 3
MOST_WORDS = 5
# What `make bench ONLY=fair_asking` came to at its full size; docs/benchmarks.md has it all.
# Of a hundred hours, of ten thousand weeks of people, of a hundred asks, days until the first
# answer, of a hundred names in mind, of a thousand needs.
SIMULATED: dict[str, float] = {
    "people": 20_000,
    "busiest_known": 32,
    "busiest_listed": 18,
    "busiest_asked": 15,
    "over_known": 28,
    "over_listed": 27,
    "over_asked": 18,
    "answered_known": 76,
    "answered_listed": 84,
    "answered_asked": 85,
    "days_known": 2.3,
    "days_listed": 1.9,
    "days_asked": 1.9,
    "told_known": 26,
    "silent_known": 30,
    "silent_asked": 36,
    "others": 24,
    "nobody": 65,
}


@dataclass(frozen=True, slots=True)
class Leaf:
    """A link of the pager; no address where one stands."""

    number: int
    href: str


@dataclass
class Results:
    """One page of the catalogue as the template reads it."""

    filters: CatalogueFilter
    found: Found
    labels: dict[str, Label]

    @classmethod
    def of(cls, filters: CatalogueFilter, found: Found) -> "Results":
        """Name the skills of the cards and of the facet in one query."""
        slugs = (slug for card in found.cards for slug in card.slugs)
        labels = read_labels(slugs, chosen=filters.chosen.get("skill", []), tree=True)
        give_labels(found.cards, labels)
        return cls(filters, found, labels)

    @cached_property
    def rows(self) -> list[SafeString]:
        """Draw the listings of this page."""
        tells_room = self.filters.tells_room
        return [row(card, tells_room=tells_room) for card in self.found.cards]

    @cached_property
    def groups(self) -> list[Group]:
        """Lay out the facets."""
        return list(groups(self.filters, self.found, self.labels))

    @cached_property
    def chips(self) -> list[Chip]:
        """Name what narrows the list."""
        return chips(self.filters, self.labels)

    @property
    def meant(self) -> str:
        """Give what was searched for instead of what was typed, if anything was."""
        return self.found.understood.text if self.found.understood.misspelt else ""

    @cached_property
    def leaves(self) -> list[Leaf]:
        """Number the first pages."""
        last = min(LAST_PAGE, -(-self.found.total // PAGE))
        if self.filters.after or last <= 1:
            return []
        here = self.filters.page
        return [
            Leaf(n, "" if n == here else self.filters.address(page=str(n) if n > 1 else ""))
            for n in range(1, max(last, here) + 1)
        ]

    @property
    def beyond(self) -> bool:
        """Say that the address asks for a page after the last that is numbered."""
        return not self.filters.after and self.filters.page_wanted > LAST_PAGE

    @property
    def telling(self) -> bool:
        """Say whether what others have learnt stands below: once, under the first page."""
        filters = self.filters
        return bool(filters.text) and not filters.after and filters.page == 1

    @property
    def simpler(self) -> list[Chip]:
        """Give each of several words that were typed as a search of its own."""
        words = dict.fromkeys(self.filters.text.split())
        few = list(words)[:MOST_WORDS] if len(words) > 1 else []
        return [Chip(word, self.filters.address(q=word)) for word in few]

    @property
    def without_filters(self) -> str:
        """Give the address of the words alone, where something narrows them."""
        if not self.filters.chosen:
            return ""
        here = reverse("exchange:catalogue")
        return f"{here}?{urlencode({'q': self.filters.text})}" if self.filters.text else here

    @property
    def further(self) -> str:
        """Give the address of what comes after: by key, or by date where not all was ranked."""
        if not self.found.further:
            return ""
        if not self.filters.after and self.filters.page < LAST_PAGE:
            return self.filters.address(page=str(self.filters.page + 1))
        if self.found.share > 1 and not self.filters.newest:
            return self.filters.address(sort="newest")
        return self.filters.address(after=self.found.cards[-1].key or "")

    @property
    def by_date_from_here(self) -> bool:
        """Say that the next page is in another order, because not all could be ranked."""
        last = not self.filters.after and self.filters.page == LAST_PAGE
        return last and self.found.further and self.found.share > 1 and not self.filters.newest

    @property
    def by_fit(self) -> str:
        """Give the address of this list in the order of fit."""
        return self.filters.address(sort="")

    @property
    def by_date(self) -> str:
        """Give the address of this list with the newest first."""
        return self.filters.address(sort="newest")

    @property
    def start(self) -> str:
        """Give the address of the first page."""
        return self.filters.address()

    @property
    def clear(self) -> str:
        """Give the address without anything that narrows, where there is more than one."""
        return reverse("exchange:catalogue") if len(self.chips) > 1 else ""

    @property
    def may_ask_for_every_skill(self) -> bool:
        """Say whether it makes a difference to want all the chosen skills at once."""
        return len(self.filters.chosen.get("skill", [])) > 1

    @property
    def ask_for_it(self) -> str:
        """Give the address of a new request with these words in it."""
        return urlencode({"kind": "request", "title": self.filters.text[:120]})


@require_safe
@login_not_required
def catalogue(request: HtmxRequest) -> HttpResponse:
    """Search, browse and narrow what people offer and ask for."""
    filters = CatalogueFilter(request.GET, request.user)
    context: dict[str, object] = {"filters": filters}
    try:
        found = find(filters.wish(timezone.now()))
        if found.total and not found.cards and filters.page > 1:
            last = str(found.last) if found.last > 1 else ""
            return redirect(f"{request.path}{filters.address(page=last)}")
        context["page"] = Results.of(filters, found)
    except TookTooLong:
        context["too_long"] = True
    return render_part(request, "exchange/catalogue.html", "found", context)


@require_safe
@login_not_required
@cache_control(private=True, max_age=60)
@vary_on_headers("Cookie", "Accept-Language")
def suggest_words(request: HttpRequest) -> HttpResponse:
    """Suggest how what is being typed may go on, as options of the search box."""
    filters = CatalogueFilter(request.GET, request.user)
    try:
        endings = suggest(filters.text, see=sees(request.user))
    except TookTooLong:
        endings = []
    return render(request, "exchange/suggest.html", {"endings": endings})


@require_safe
@login_not_required
def practices(request: HttpRequest) -> HttpResponse:
    """Give what others have learnt about the words that were typed, below the results."""
    filters = CatalogueFilter(request.GET, request.user)
    about = Practice.objects.found_by(request.user).telling_of(filters.text)
    told = about.newest()[:PRACTICES] if filters.text else []
    context = {"practices": told, "typed": filters.text}
    return render(request, "exchange/_told.html", context)


@require_safe
@login_not_required
def order(request: HttpRequest) -> HttpResponse:
    """Say how the catalogue is ordered, and why, and what came of it in a simulation."""
    context = {"simulated": SIMULATED, "measures": _measures()}
    return render(request, "exchange/order.html", context)


def _measures() -> list[tuple[str, list[float]]]:
    """Name what was measured, each with its figures in the three worlds."""
    named = {
        "over": _("Weeks fuller than somebody can give, of 10,000"),
        "busiest": _("Hours carried by the busiest hundredth of people, of 100"),
        "answered": _("Asks answered within seven days, of 100"),
        "days": _("Days to a first answer: half of those who got one waited less"),
    }
    worlds = ("known", "listed", "asked")
    return [
        (words, [SIMULATED[f"{what}_{world}"] for world in worlds])
        for what, words in named.items()
    ]
