"""The parts that stand on a page of the catalogue by the dozen, drawn without templates.

Twenty rows and a hundred checkboxes cost the template engine more time than PostgreSQL takes
to find them; this takes a tenth of it. Everything from people passes through `escape`.
"""

from collections.abc import Iterator
from html import escape
from math import ceil

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from capx.names import city_name, country_name, language_name, listed
from capx.templatetags.dates import period
from capx.templatetags.icons import icon
from capx.templatetags.wording import money
from exchange.models import Listing
from exchange.models.cards import Card

GROUPED = 1000  # from here on a number is written in groups of digits
COUNTRIES = 3
# The halves of the mark, as in components/kind.html.
HALVES = {
    "offer": ("2.5 2.5 19 21", "M18.35 17.82A7.5 7.5 0 1 1 15.17 5.95"),
    "request": ("10.5 8.5 19 21", "M13.65 14.18A7.5 7.5 0 1 1 16.83 26.05"),
}
LABELS: dict[str, Promise] = {
    **{f"kind={one.value}": one.label for one in Listing.Kind},
    **{f"of={one.value}": one.label for one in Listing.Of},
    **{f"resource={one.value}": one.label for one in Listing.Resource},
    **{f"mode={one.value}": one.label for one in Listing.Mode},
}
ROOM: dict[bool, tuple[str, Promise]] = {
    True: ("open", gettext_lazy("Has room now")),
    False: ("closed", gettext_lazy("Not taking requests now")),
}


def number(count: int) -> str:
    """Write a number as the reader's language does."""
    return number_format(count, force_grouping=True) if count >= GROUPED else str(count)


def checkbox(name: str, value: str, label: str, count: int, more: str = "") -> str:
    """Draw one value of a facet; `more` are attributes, such as ` checked`."""
    value = escape(value)
    return (
        '<div class="cdx-checkbox__wrapper"><input class="cdx-checkbox__input" type="checkbox"'
        f' name="{name}" value="{value}" id="{name}-{value}" form="search"{more}>'
        '<span class="cdx-checkbox__icon"></span><div class="cdx-checkbox__label cdx-label">'
        f'<label class="cdx-label__label facet__label" for="{name}-{value}">'
        f'<span class="cdx-label__label__text" dir="auto">{escape(label)}</span>'
        f'<span class="facet__count">{number(count)}</span></label></div></div>'
    )


def row(card: Card, *, tells_room: bool) -> SafeString:
    """Draw one listing of the catalogue, for a reader who learns who has room or does not."""
    text = f'lang="{escape(card.language)}" dir="auto"'
    what = LABELS[f"resource={card.resource}" if card.resource else f"of={card.of}"]
    box, path = HALVES[card.kind]
    room = _room(card) if tells_room and not card.invites else ""
    return mark_safe(  # noqa: S308 -- each value is escaped
        f'<article class="card card--{card.kind}" id="listing-{card.pk}">'
        f'<span class="kind kind--{card.kind}"><svg class="kind__half" viewBox="{box}"'
        f' aria-hidden="true" focusable="false"><path d="{path}" /></svg> '
        f"{LABELS[f'kind={card.kind}']} "
        f'<span class="kind__of">{what}</span></span>'
        f'<h2 class="card__title" {text}><a href="{_address(card)}">'
        f"{card.marked_title}</a></h2>"
        f'<p class="card__text" {text}>{escape(card.excerpt)}</p>{_skills(card)}'
        f'<div class="card__foot">{_who(card)}{room}{"".join(_facts(card))}</div></article>'
    )


def _address(card: Card) -> str:
    return escape(reverse("exchange:listing", args=[card.pk, card.slug]))


def _who(card: Card) -> str:
    """Name who posts it."""
    if card.affiliate:
        name, page = card.affiliate, reverse("affiliate", args=[card.affiliate_slug])
    else:
        name = card.name or card.username
        page = reverse("person", args=[card.username])
    return (
        f'<span class="person"><a class="person__name" href="{escape(page)}">'
        f"<bdi>{escape(name)}</bdi></a></span>"
    )


def _room(card: Card) -> str:
    """Say whether who posts it has room."""
    kind, words = ROOM[card.has_room]
    return f'<span class="room room--{kind}">{words}</span>'


def _skills(card: Card) -> str:
    """Draw the skills as links."""
    if not card.skills:
        return ""
    chips = "".join(
        f'<li><a class="chip" href="?skill={skill.slug}" dir="auto">'
        f"{escape(skill.label)}</a></li>"
        for skill in card.skills
    )
    return f'<ul class="chips" role="list" aria-label="{_("Skills")}">{chips}</ul>'


def _facts(card: Card) -> Iterator[str]:
    """Draw what else one wants to know before opening it."""
    yield _fact(
        "map-pin", " · ".join(filter(None, [str(LABELS[f"mode={card.mode}"]), _where(card)]))
    )
    yield _fact("language", language_name(card.language))
    if hours := card.about_hours:
        words = ngettext("about %(hours)s hour", "about %(hours)s hours", ceil(hours))
        yield _fact("clock", words % {"hours": number_format(hours)})
    if card.first_day and card.last_day:
        yield _fact("calendar", period(card.first_day, card.last_day))
    if card.seats_left is not None:
        words = ngettext("%(seats)s seat left", "%(seats)s seats left", card.seats_left)
        yield _fact("user-group", words % {"seats": card.seats_left})
    if card.amount:
        yield _fact("tag", money(card.amount, card.currency))
    elif card.funded:
        yield _fact("tag", _("With a budget"))


def _fact(drawing: str, words: str) -> str:
    return f'<span class="fact">{icon(drawing, size="small")}{escape(words)}</span>'


def _where(card: Card) -> str:
    """Name the town, else the countries it serves, at most three."""
    if card.town and card.country:
        return listed([city_name(card.town, card.country), country_name(card.country)])
    names = [country_name(code) for code in card.countries[:COUNTRIES]]
    return listed(names) + ("…" if len(card.countries) > COUNTRIES else "")
