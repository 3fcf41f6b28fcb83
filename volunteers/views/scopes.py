"""Where somebody looks at bottlenecks: everywhere, or in a region, country or affiliate."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from capx.names import country_codes, country_name
from volunteers.http import Request
from volunteers.models import Affiliate, BottleneckSnapshot, Region


@dataclass(frozen=True, slots=True)
class Scope:
    """What a page is about: the key in the snapshots, what it is called, and its address."""

    key: str
    name: str
    query: str = ""
    affiliate: Affiliate | None = None


def scope_of(request: Request) -> Scope:
    """Find the scope that an address names, the narrowest if several; a stranger gets 404."""
    given = {name: request.GET.get(name, "").replace("\0", "") for name in READERS}
    for name, find in READERS.items():
        if given[name]:
            return find(given[name], request)
    return everywhere()


def everywhere() -> Scope:
    """Give the scope of all who are counted."""
    return Scope("all", _("The whole movement"))


def of_affiliate(affiliate: Affiliate) -> Scope:
    """Give the scope of an affiliate's members."""
    query = urlencode({"affiliate": affiliate.slug})
    return Scope(f"affiliate:{affiliate.pk}", affiliate.name, query, affiliate)


def of_country(code: str) -> Scope:
    """Give the scope of a country."""
    return Scope(f"country:{code}", country_name(code), urlencode({"country": code}))


def of_region(region: Region) -> Scope:
    """Give the scope of a region."""
    return Scope(f"region:{region.slug}", str(region), urlencode({"region": region.slug}))


def _affiliate(slug: str, request: Request) -> Scope:
    mine = Affiliate.objects.joined_by(request.user)
    return of_affiliate(get_object_or_404(mine, slug=slug[:120]))


def _country(code: str, _request: Request) -> Scope:
    if code not in country_codes():
        raise Http404
    return of_country(code)


def _region(slug: str, _request: Request) -> Scope:
    return of_region(get_object_or_404(Region, slug=slug[:50]))


# The narrowest first.
READERS = {"affiliate": _affiliate, "country": _country, "region": _region}


def others(request: Request, day: date | None) -> list[tuple[str, list[Scope]]]:
    """List, under a heading each, where else one may look, of what is known on a day."""
    regions = {f"region:{region.slug}": region for region in Region.objects.all()}
    codes = {f"country:{code}": code for code in country_codes()}
    known = BottleneckSnapshot.objects.known_of([*regions, *codes], day)
    mine = Affiliate.objects.joined_by(request.user).order_by("name", "pk")
    groups = [
        (_("My affiliates"), [of_affiliate(affiliate) for affiliate in mine]),
        (_("Regions"), _by_name(of_region(regions[key]) for key in known & regions.keys())),
        (_("Countries"), _by_name(of_country(codes[key]) for key in known & codes.keys())),
    ]
    return [(title, scopes) for title, scopes in groups if scopes]


def _by_name(scopes: Iterable[Scope]) -> list[Scope]:
    return sorted(scopes, key=lambda scope: scope.name)
