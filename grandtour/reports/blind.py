"""An application as those read it who are not to know whose it is."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from babel import Locale, UnknownLocaleError
from babel.languages import get_official_languages
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Func, Q, TextField
from django.utils.translation import override

from capx.folding import fold
from capx.names import city_name, country_codes
from grandtour.blinding import HIDDEN, Phrase, Piece, pieces, tells
from grandtour.blinding.countries import Country, Exact
from grandtour.blinding.demonyms import DEMONYMS
from grandtour.blinding.names import parts_of
from grandtour.blinding.scripts import scripts_in
from grandtour.blinding.sounds import Heard
from grandtour.blinding.stems import STEMS, Stem
from grandtour.models import Application, Host, Redaction, Transcript
from grandtour.reports.unread import FIELDS, is_hard, mark_of, marked
from volunteers.actions.forgetting import names_of
from volunteers.models import Affiliate, Membership, Place

# Letters of a city's name in another language, by its script; of those that write many sounds
# with one letter fewer tell of it.
SHORTEST_CITY = {"latin": 4, "cyrillic": 4, "greek": 4, "han": 2, "hangul": 2}
SHORTEST_ELSEWHERE = 3
SHORTEST_SURE = 4  # of a country's name in a language nobody is asked about
SHORTEST_ACRONYM = 3
# Chapters that are not called after the code of their country.
CHAPTERS = {"GB": ("UK",), "US": ("NYC", "DC")}
# Beside those of the site and of the applicant; the demonyms are in these as well.
WRITTEN_IN = {"de", "en", "es", "fr"}
FLAG = 0x1F1E6 - ord("A")  # the letters of flags
MANY_HOMES = 4  # countries of a language that does not tell where somebody lives
Kind = Redaction.Kind


@dataclass(frozen=True, slots=True)
class Found:
    """Words that stand in an application, and what they would tell."""

    text: str
    kind: str
    left_in: bool

    @property
    def folded(self) -> str:
        """Give the words as they are compared."""
        return fold(self.text)

    @property
    def label(self) -> str:
        """Say what they would tell."""
        return str(Kind(self.kind).label)


class Blind:
    """One application without what tells whose it is."""

    def __init__(self, application: Application) -> None:
        """Read everything by which its words could name somebody."""
        self.application = application
        rows = list(application.redactions.order_by("pk"))
        self.left_in = {fold(row.phrase) for row in rows if row.left_in}
        self.by_hand = [row for row in rows if row.kind == Kind.BY_HAND and not row.left_in]
        self.phrases = phrases_of(application)
        self.phrases[Kind.BY_HAND] = {row.phrase for row in rows if not row.left_in}

    def pieces(self, text: str) -> list[Piece]:
        """Cut one text into what is read and what is hidden."""
        return pieces(text, self.phrases.values(), self.left_in)

    def clean(self, text: str) -> str:
        """Give a text without what is hidden; nothing of one somebody has to read first."""
        return HIDDEN if self.held(text) else self._cleaned(text)

    def _cleaned(self, text: str) -> str:
        return "".join(HIDDEN if one.hidden else one.text for one in self.pieces(text))

    def held(self, text: str) -> bool:
        """Say whether an organiser has to read a text before reviewers do."""
        name = self.application.person.name
        return is_hard(name, text) and mark_of(name, text) not in self._marked

    @cached_property
    def _marked(self) -> set[str]:
        """Read which texts organisers have read."""
        return marked([self.application.pk])[self.application.pk]

    def text(self, name: str) -> str:
        """Give one text of the application as reviewers read it."""
        return self.clean(getattr(self.application, name))

    @cached_property
    def recorded(self) -> Transcript | None:
        """Read what organisers wrote down of its recording."""
        return Transcript.objects.filter(application=self.application).first()

    def spoken(self) -> str:
        """Give what is said in its recording."""
        return self.recorded.words if self.recorded else ""

    def transcript(self) -> str:
        """Give what is said in its recording, as reviewers read it: organisers wrote it."""
        return self._cleaned(self.spoken())

    def found(self) -> list[Found]:
        """List what stands in its texts and names somebody, left in or not."""
        answers = self.application.answers.values_list("words", flat=True).order_by("pk")
        texts = [
            *(getattr(self.application, name) for name in FIELDS),
            *answers,
            self.spoken(),
        ]
        known: dict[str, Found] = {}
        groups = self.phrases.values()
        for one in (p for text in texts for p in pieces(text, groups) if p.hidden):
            key = fold(one.text)
            if key not in known:
                known[key] = Found(one.text, self._kind(one.text), key in self.left_in)
        return sorted(known.values(), key=lambda one: list(self.phrases).index(one.kind))

    def _kind(self, words: str) -> str:
        """Say what words that are hidden would tell; else they are somebody's address."""
        known = (kind for kind, phrases in self.phrases.items() if tells(words, phrases))
        return next(known, Kind.EMAIL if "@" in words else Kind.USERNAME)


def phrases_of(application: Application) -> dict[str, set[Phrase]]:
    """Give all by which the words of an application may tell whose it is, by what it tells.

    A partner with whom they have agreed knows, so its name and its city do so as well; its
    country does not, as others would like to go there, too.
    """
    person = application.person
    names = [name for name in names_of(person) if name]
    mails = {name for name in names if "@" in name}
    parts = parts_of(person.name)
    countries = {application.country, person.country} - {""}
    places = [place for place in (application.place, person.place) if place]
    countries |= {place.country for place in places}
    places += _place_of_the_partner(application)
    return {
        Kind.NAME: {person.name, *parts, *map(_heard, parts)},
        Kind.USERNAME: {name for name in names if name not in mails and name != person.name},
        Kind.EMAIL: {*mails},
        Kind.AFFILIATE: set(_affiliates(application)),
        Kind.COUNTRY: {
            name
            for country in countries
            for name in [
                *country_names(country, _spoken(application)),
                Country(country),
                *telling_of(country),
                *tongues(country, _spoken(application)),
            ]
        },
        Kind.CITY: {*_city_names(places), *(_heard(place.name) for place in places)},
    }


def _heard(name: str) -> Heard:
    """Give a name by its sound, for texts in another script than the profile's."""
    return Heard(fold(name))


def _place_of_the_partner(application: Application) -> list[Place]:
    """Give the city of the host with whom somebody says that they have agreed."""
    if application.partner_id is None:
        return []
    there = Host.objects.filter(partners=application.pk)
    return list(Place.objects.filter(pk__in=there.values("place")))


def _affiliates(application: Application) -> Iterable[Phrase]:
    """Name the affiliates somebody belongs to, the one they apply with, and their partner.

    Also as people call them: Wiki Movimento Brasil is WMB, and Wikimedia UK WMUK.
    """
    joined = Membership.objects.filter(person=application.person).values("affiliate")
    applied_with = Application.objects.filter(pk=application.pk).values("affiliate")
    partner = Host.objects.filter(partners=application.pk).values("affiliate")
    theirs = Q(pk__in=joined) | Q(pk__in=applied_with) | Q(pk__in=partner)
    known = Affiliate.objects.filter(theirs)
    for name, slug, countries in known.values_list("name", "slug", "countries"):
        yield name
        yield slug.replace("-", " ")
        yield from (short for country in countries for short in chapter_of(country))
        yield from (Stem(fold(short), letters=True) for short in acronyms(name))


def acronyms(name: str) -> set[str]:
    """Give the letters by which an affiliate is known: of its words, without the small ones."""
    first = "".join(word[0] for word in re.findall(r"\w+", name) if word[0].isupper())
    chapter = re.fullmatch(r"Wikimedia ([A-Z]{2,4})", name)
    return {
        *([first] if len(first) >= SHORTEST_ACRONYM else []),
        *([f"WM{chapter[1]}"] if chapter else []),
    }


def chapter_of(country: str) -> list[str]:
    """Give the letters by which the chapter of a country is known: WMDE, WM DE."""
    known = (country, *CHAPTERS.get(country, ()))
    return [f"{wm}{letters}" for letters in known for wm in ("WM", "WM ")]


def _spoken(application: Application) -> frozenset[str]:
    return frozenset(application.languages)


@lru_cache(maxsize=512)
def country_names(country: str, languages: frozenset[str]) -> frozenset[Phrase]:
    """Name a country in the languages of the site, of the country and of these people.

    A short name in any other language than the site's could be another word in a third one.
    """
    usual = _written_in(frozenset())
    sure = _called(country, usual)
    more = _called(country, (languages | _tongues_of(country)) - usual) - sure
    short = {one for one in more if _is_short(one, SHORTEST_SURE)}
    return frozenset({*sure, *(more - short), *map(Exact, short)})


def _called(country: str, codes: Iterable[str]) -> set[str]:
    """Name a country in these languages."""
    return {str(one.territories.get(country, "")) for one in _locales(codes)} - {""}


def _is_short(name: str, most: int) -> bool:
    """Say whether a name of a script that writes its vowels has so few letters."""
    return len(fold(name)) <= most and bool(scripts_in(name, 1) & {"latin", "cyrillic"})


def telling_of(country: str) -> list[Phrase]:
    """Give what else tells of a country: its people, its flag, and its chapter in letters."""
    flag = "".join(chr(FLAG + ord(letter)) for letter in country)
    return [*DEMONYMS.get(country, []), *STEMS.get(country, []), flag, *chapter_of(country)]


@lru_cache(maxsize=512)
def tongues(country: str, languages: frozenset[str]) -> frozenset[str]:
    """Name the languages that tell of a country, and their wikis.

    Those of many countries tell of none; nor do those of others that somebody has learnt.
    """
    narrow = {code for code in _tongues_of(country) if _homes_of(code) < MANY_HOMES}
    written = _locales(_written_in(languages) | narrow)
    names = {str(one.languages.get(code, "")) for one in written for code in narrow}
    wikis = {name for code in narrow for name in (f"{code}wiki", f"{code}.wikipedia")}
    return frozenset((names | wikis) - {""})


def _written_in(languages: frozenset[str]) -> set[str]:
    """Give the languages somebody may write in."""
    return {code for code, _name in settings.LANGUAGES} | WRITTEN_IN | languages


def _tongues_of(country: str) -> set[str]:
    """Give the languages of a country: official ones, of its regions too, and in fact."""
    return set(get_official_languages(country, regional=True, de_facto=True))


def _locales(codes: Iterable[str]) -> list[Locale]:
    """Find what CLDR knows in these languages."""
    known = []
    for code in codes:
        try:
            known.append(Locale.parse(code.replace("-", "_")))
        except (UnknownLocaleError, ValueError):
            continue  # a language that CLDR has no names in
    return known


@lru_cache(maxsize=1024)
def _homes_of(language: str) -> int:
    """Count the countries in which a language is official, or in fact is."""
    return sum(
        language in get_official_languages(country, regional=False, de_facto=True)
        for country in country_codes()
    )


def common(languages: Iterable[str]) -> tuple[list[str], int]:
    """Part languages into those of many countries, and how many there are that tell of one."""
    known = list(languages)
    wide = [code for code in known if _homes_of(code) >= MANY_HOMES]
    return wide, len(known) - len(wide)


def _city_names(places: list[Place]) -> Iterable[str]:
    """Name cities as GeoNames does in all languages, and as the languages of the site do."""
    for place in places:
        yield place.name
        for code, _name in settings.LANGUAGES:
            with override(code):
                yield city_name(place.name, place.country)
    lexemes = Func(
        F("names"), function="tsvector_to_array", output_field=ArrayField(TextField())
    )
    rows = Place.objects.filter(pk__in=[place.pk for place in places])
    for words in rows.values_list(lexemes, flat=True):
        whole = (word.removeprefix("^") for word in words if word.startswith("^"))
        yield from (word for word in whole if len(word) >= _shortest(word))


def _shortest(city: str) -> int:
    """Say how many letters tell of a city in the script it is written in."""
    return min(
        (SHORTEST_CITY.get(one, SHORTEST_ELSEWHERE) for one in scripts_in(city, 1)),
        default=SHORTEST_ELSEWHERE,
    )
