"""Writes affiliates, people, and what people say about themselves."""

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db.backends.postgresql.psycopg_any import DateRange

from capx.sample import records
from capx.sample.accounts import PASSWORD, USERNAMES
from capx.sample.rows.known import Known
from volunteers.models import (
    Affiliate,
    Bandwidth,
    Membership,
    Person,
    PersonLanguage,
    PersonSkill,
    Rest,
)
from volunteers.models.bandwidth import days


def write_affiliates(affiliates: tuple[records.Affiliate, ...], known: Known) -> None:
    """Write the affiliates."""
    rows = [
        Affiliate(
            slug=one.slug,
            name=one.name,
            kind=one.kind,
            countries=list(one.countries),
            languages=list(one.languages),
            place=known.places[one.city] if one.city else None,
            website=one.website,
            has_office=one.has_office,
            about=one.about,
        )
        for one in affiliates
    ]
    known.affiliates = {row.slug: row for row in Affiliate.objects.bulk_create(rows)}


def write_people(people: tuple[records.Person, ...], known: Known) -> None:
    """Write the people and their addresses; only those of the accounts can sign in."""
    password = make_password(PASSWORD)
    rows = [person_row(one, known) for one in people]
    for row in rows:
        row.password = password if row.username in USERNAMES else make_password(None)
    known.people = {row.username: row for row in Person.objects.bulk_create(rows)}
    EmailAddress.objects.bulk_create(
        EmailAddress(user=row, email=row.email, verified=True, primary=True) for row in rows
    )
    write_what_they_can(people, known)
    write_time(people, known)


def person_row(person: records.Person, known: Known) -> Person:
    """Make the row of one person."""
    offered = {code for code, _name in settings.LANGUAGES}
    return Person(
        username=person.username,
        name=person.name,
        email=f"{person.username.lower()}@example.org",
        pronouns=person.pronouns,
        about=person.about,
        country=person.city.country,
        place=known.places[person.city],
        time_zone=known.zone(person.city),
        language=person.language if person.language in offered else settings.LANGUAGE_CODE,
        ways=list(person.ways),
        contact=person.contact,
        visibility=person.visibility,
        may_be_asked=person.may_be_asked,
        date_joined=person.joined_at,
    )


def write_what_they_can(people: tuple[records.Person, ...], known: Known) -> None:
    """Write what people speak, can do, teach and want to learn."""
    PersonLanguage.objects.bulk_create(
        PersonLanguage(
            person=known.people[one.username], language=spoken.language, level=spoken.level
        )
        for one in people
        for spoken in one.languages
    )
    PersonSkill.objects.bulk_create(
        PersonSkill(
            person=known.people[one.username], skill=known.skills[able.skill], how=able.how
        )
        for one in people
        for able in one.abilities
    )


def write_time(people: tuple[records.Person, ...], known: Known) -> None:
    """Write how many hours a week people can give, and when they rest."""
    Bandwidth.objects.bulk_create(
        Bandwidth(
            person=known.people[one.username],
            period=DateRange(one.joined_at.date(), None),
            weekly_hours=one.weekly_hours,
        )
        for one in people
        if one.weekly_hours is not None
    )
    Rest.objects.bulk_create(
        Rest(person=known.people[one.username], period=days(*one.rest))
        for one in people
        if one.rest
    )


def write_memberships(memberships: tuple[records.Membership, ...], known: Known) -> None:
    """Write who belongs where."""
    Membership.objects.bulk_create(
        Membership(
            person=known.people[one.username],
            affiliate=known.affiliates[one.affiliate],
            role=one.role,
            confirmed_at=one.confirmed_at,
        )
        for one in memberships
    )
