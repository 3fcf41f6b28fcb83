"""Writes editions of the Grand Tour, their hosts, and who has applied."""

from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from capx.sample.material import read
from capx.sample.rows.known import Known
from capx.sample.rows.notices import post
from grandtour.models import (
    Answer,
    Application,
    ApplicationEvent,
    Criterion,
    Edition,
    Host,
    Measure,
    Needs,
    Question,
    Stay,
    Window,
)
from grandtour.notices import applications as notices
from volunteers.models import Person, Region
from volunteers.models.bandwidth import days

Row = dict[str, Any]
# The days somebody could be away, counted from the first day of travel.
AWAY = [[(0, 30)], [(10, 44)], [(5, 21), (35, 60)], [(20, 64)]]
DIETS = ["Vegetarian", "", "", "No nuts, please", "", ""]
DRAFTS = 4  # every fourth application is not sent yet
ANSWERS = 5  # every so many answer questions instead of writing a letter
STEPS = 17  # every so many applicants cannot take any


def write(there: Known, at: datetime) -> None:
    """Write all of it; the applications go to the first edition."""
    told = read("tours.toml")
    editions = [edition(said, there, at.date()) for said in told["editions"]]
    by_country = people_by_country(told["goals"])
    for number, said in enumerate(told["goals"]):
        if person := applicant(said, by_country, there):
            made = apply(editions[0], person, said | {"number": number}, there)
            if not said.get("draft", number % DRAFTS == DRAFTS - 1):
                send(made, at - timedelta(days=9 - number % 7, hours=number), at)


def applicant(said: Row, by_country: dict[str, list[Person]], there: Known) -> Person | None:
    """Find who wrote it: whom the words name, or somebody who lives where they come from."""
    if "username" in said:
        return there.people[said["username"]]
    people = by_country.get(said["country"])
    return people.pop() if people else None


def edition(said: Row, there: Known, day: date) -> Edition:
    """Write one edition with its criteria, its measures and its hosts."""
    first, last = (day + timedelta(days=n) for n in said["travel"])
    opens, closes = (day + timedelta(days=n) for n in said["applications"])
    made = Edition.objects.create(
        **{n: said[n].strip() for n in ("name", "slug", "kind", "state", "theme", "about")},
        **{n: said[n].strip() for n in ("how_chosen", "success")},
        region=Region.objects.filter(slug=said.get("region", "")).first(),
        applications_first_day=opens,
        applications_last_day=closes,
        travel_first_day=first,
        travel_last_day=last,
        smallest_group=said["groups"][0],
        largest_group=said["groups"][1],
        fewest_stops=said["stops"][0],
        most_stops=said["stops"][1],
        fewest_nights=said["nights"][0],
        most_nights=said["nights"][1],
        least_first_time=said["least_first_time"],
        carbon_budget=said["carbon"],
    )
    made.skills.set(there.skills[slug] for slug in said["skills"])
    for model, rows in ((Criterion, "criteria"), (Measure, "measures")):
        for number, row in enumerate(said.get(rows, []), start=1):
            model.objects.create(edition=made, number=number, **row)
    Question.objects.bulk_create(
        Question(edition=made, number=number, words=words)
        for number, words in enumerate(said.get("questions", []), start=1)
    )
    for offered in said.get("hosts", []):
        host(made, offered, there)
    return made


def more_hosts(there: Known) -> None:
    """Let further affiliates offer stays in rounds that are there already."""
    editions = {edition.slug: edition for edition in Edition.objects.all()}
    for said in read("hosts.toml")["hosts"]:
        host(editions[said["edition"]], said, there)


def host(edition: Edition, said: Row, there: Known) -> None:
    """Write what one affiliate offers."""
    affiliate = there.affiliates[said["affiliate"]]
    made = Host.objects.create(
        edition=edition,
        affiliate=affiliate,
        state=said.get("state", "offered"),
        place=affiliate.place,
        most_guests=said["most"],
        groups=said["groups"],
        languages=said["languages"],
        programme=said["programme"],
        venue=said.get("venue", ""),
        venue_words=said.get("venue_words", ""),
        venue_cost=said.get("rent"),
        venue_currency="EUR" if "rent" in said else "",
        step_free=said.get("step_free", False),
        access=said.get("access", ""),
        bears=said.get("bears", ""),
        offered_at=None if said.get("state") == "draft" else edition_opened(edition),
    )
    made.shares.set(there.skills[slug] for slug in said["shares"])
    made.wants.set(there.skills[slug] for slug in said["wants"])
    Stay.objects.bulk_create(
        Stay(host=made, period=period(edition, *pair)) for pair in said["stay"]
    )


def edition_opened(edition: Edition) -> datetime:
    """Give a moment on the first day of applications."""
    first = edition.applications_first_day
    return datetime.fromisoformat(f"{first}T09:30:00+00:00")


def period(edition: Edition, first: int, last: int) -> Any:
    """Give days of an edition, counted from its first day of travel."""
    begin = edition.travel_first_day
    return days(begin + timedelta(days=first), begin + timedelta(days=last))


def people_by_country(goals: list[Row]) -> dict[str, list[Person]]:
    """Find people who live where the words come from."""
    countries = {said["country"] for said in goals}
    rows = Person.objects.here().filter(place__country__in=countries, is_staff=False)
    rows = rows.exclude(username__in=[said["username"] for said in goals if "username" in said])
    found: dict[str, list[Person]] = {}
    for person in rows.select_related("place").order_by("-pk"):
        found.setdefault(person.country, []).append(person)
    return found


def apply(edition: Edition, person: Person, said: Row, there: Known) -> Application:
    """Write one application, with its days and its needs."""
    number = said["number"]
    spoken = person.languages.order_by("pk").values_list("language", flat=True)
    made = Application.objects.create(
        edition=edition,
        person=person,
        country=said["country"],
        place=person.place,
        purpose=said["purpose"],
        **{name: said[name] for name in ("goals", "brings", "spreads")},
        languages=list(spoken) or ["en"],
        travels_by=["rail", "coach", "ferry"][: 1 + number % 3],
        first_time=number % 3 != 1,
    )
    made.wants.set(there.skills[slug] for slug in said["wants"])
    made.shares.set(there.skills[slug] for slug in said["shares"])
    away = AWAY[number % len(AWAY)]
    Window.objects.bulk_create(
        Window(application=made, period=period(edition, *pair)) for pair in away
    )
    needs = {"diet": DIETS[number % len(DIETS)], "step_free": number % STEPS == 0}
    if any(needs.values()):
        Needs.objects.create(application=made, **needs)
    if number % ANSWERS == 1:
        answer(made)
    return made


def answer(application: Application) -> None:
    """Let somebody answer the questions of their edition instead of writing a letter."""
    asked = application.edition.questions.order_by("number")
    words = [application.goals, application.brings, application.spreads]
    Answer.objects.bulk_create(
        Answer(application=application, question=question, words=told)
        for question, told in zip(asked, words, strict=False)
    )
    application.way, application.goals = Application.Way.QUESTIONS, ""
    application.brings = application.spreads = ""
    application.save(update_fields=["way", "goals", "brings", "spreads"])


def send(application: Application, moment: datetime, at: datetime) -> None:
    """Let an application be sent, and its mail go out."""
    application.move("submitted", submitted_at=moment, consented_at=moment)
    ApplicationEvent.objects.create(
        application=application, person=application.person, state="submitted", at=moment
    )
    post(moment, partial(notices.submitted, application), at)
