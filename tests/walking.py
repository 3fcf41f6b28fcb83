"""Walking the site as somebody, with every question that an address understands.

Which names a query may have is not listed: each page is read with a query that notes by which
names it is asked. What may stand behind a name is what the pages offer (links, menus, boxes),
and what there is in the world.
"""

import re
from collections import defaultdict
from contextlib import contextmanager
from copy import deepcopy
from html.parser import HTMLParser
from unittest.mock import patch
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.db import transaction
from django.http import QueryDict
from django.test import Client

from exchange.filters import CatalogueFilter
from tests.addresses import address, routes
from volunteers.filters import AffiliateFilter, PersonFilter
from volunteers.models import Affiliate, Person, PersonSkill, Region

# Shapes of icons and charts are no numbers that anybody reads.
SHAPES = re.compile(r'\s(d|x|y|x1|x2|y1|y2|width|height|viewBox|points)="[^"]*"')
# Pages of the desk are Django's, or an organiser's; nobody else gets in.
APART = ("accounts/", "admin/")
# What fills in a form that somebody else wrote a link to; nothing is read by it.
WRITTEN = {"body", "next", "title"}
# Filters ask a query for nothing that is empty.
UNKNOWN = "unknown"


class Heard(QueryDict):
    """A query that notes by which names it is asked."""

    names = set()

    def __getitem__(self, key):
        self.names.add(key)
        return super().__getitem__(key)

    def __contains__(self, key):
        self.names.add(key)
        return super().__contains__(key)

    def getlist(self, key, default=None):
        self.names.add(key)
        return super().getlist(key, default)


@contextmanager
def listening():
    """Note by which names queries are asked."""
    Heard.names = set()
    with patch("django.core.handlers.wsgi.QueryDict", Heard):
        yield Heard.names


class Offers(HTMLParser):
    """Reads what a page offers to ask: links with a query, menus, boxes."""

    def __init__(self, html):
        super().__init__()
        self.found, self.menu = set(), ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        at = {name: value or "" for name, value in attrs}
        if tag == "a":
            self.found |= set(parse_qsl(urlsplit(at.get("href", "")).query))
        elif tag == "select":
            self.menu = at.get("name", "")
        elif tag == "option" and self.menu:
            self.found.add((self.menu, at.get("value", "")))
        elif tag in {"input", "button"} and at.get("name"):
            self.found.add((at["name"], at.get("value", "")))


def known_by(secret):
    """Give what a secret is known by: a number however many digits it is written with.

    Not the seconds of a moment, and no part of a longer number. What stands before it is looked
    at last, so that a pattern begins with the secret itself: it is found fifty times quicker.
    """
    begins = re.match(r"\d*", secret)[0] or secret
    rest = secret.removeprefix(begins).replace(".", "[.,\u066b]")
    zeros = "0*" if begins.isdigit() else ""
    first = re.escape(begins)
    return re.compile(rf"{first}(?<![:.\d]{first}){rest}{zeros}(?!\d)")


def client_of(w, role):
    """Sign somebody in."""
    client = Client()
    if role != "nobody":
        client.force_login(w.others.get(role) or getattr(w, role))
    return client


def read(first, method, path):
    """Read one answer with all it names; whatever it changed is undone."""
    client = Client()
    client.cookies = deepcopy(first.cookies)
    with transaction.atomic():
        answer = getattr(client, method)(path)
        text = b"".join(answer.streaming_content) if answer.streaming else answer.content
        transaction.set_rollback(True)
    return SHAPES.sub("", f"{dict(answer.headers)} {text.decode(errors='replace')}")


def pages():
    """List the routes that are walked."""
    return [route for route in routes() if not route.startswith(APART)]


def understood(w, roles):
    """Say of each route by which names its query is asked, and what pages offer for each."""
    names, offered = defaultdict(set), declared()
    for role in roles:
        client = client_of(w, role)
        for route in pages():
            with listening() as asked:
                page = read(client, "get", f"{address(route, w)}?{UNKNOWN}=1")
            names[route] |= asked - {UNKNOWN}
            for name, value in Offers(page).found:
                offered[name].add(value)
    return names, offered


def declared():
    """Give what filters have a list of, whether a page offers it at the moment or not."""
    found = defaultdict(set)
    for kind in (CatalogueFilter, PersonFilter, AffiliateFilter):
        for name, one in kind.base_filters.items():
            choices = one.extra.get("choices") or []
            found[name] |= {value for value, _words in getattr(choices, "choices", choices)}
    return found


def in_the_world():
    """List what a query can be about: whoever and whatever there is, by the name it goes by.

    Of people only the parts of their names, so that a page which repeats what was looked for
    names nobody.
    """
    people = Person.objects.exclude(name="").values_list("name", flat=True)
    skills = {*PersonSkill.objects.values_list("skill__slug", flat=True)}
    affiliates = Affiliate.objects.values_list("slug", "countries")
    codes = {code for _slug, countries in affiliates for code in countries}
    return {
        "q": {word for name in people for word in name.split() if word[-1].isalpha()},
        "skill": skills,
        "skills": skills | {"all"},
        "wants": skills,
        "country": codes,
        "language": {
            code for spoken in Affiliate.objects.values_list("languages") for code in spoken[0]
        },
        "region": {*Region.objects.values_list("slug", flat=True)},
        "affiliate": {slug for slug, _countries in affiliates},
        "page": {"2"},
        "events": {"2"},
        "needs": {"2"},
        "thank": {"2"},
        "all": {"yes"},
        "after": {"0.0.0.0.0"},
    }


def questions(names, offered):
    """Give every address of a route with one question, as (route, query).

    KeyError for a name of which nobody has thought what may stand behind it.
    """
    world = in_the_world()
    for route, asked in sorted(names.items()):
        for name in sorted(asked - WRITTEN):
            values = world.get(name) or offered[name] - {""} or {}[name]
            for value in sorted(values):
                yield route, urlencode({name: value})
