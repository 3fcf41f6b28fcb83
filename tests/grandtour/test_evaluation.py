"""What was stated before against what happened: figures, the page, the table for a wiki."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from grandtour.actions import money
from grandtour.models import (
    ApplicationEvent,
    Leg,
    LookBackAnswer,
    Measure,
    Sharing,
    TravelReport,
)
from grandtour.models.editions import Figure
from grandtour.reports import evaluation
from grandtour.reports.evaluation import figures
from grandtour.reports.gathered import gather
from grandtour.reports.outcomes import by_region
from tests.factories import OrganiserFactory
from tests.grandtour.tours import (
    MAY,
    NOON,
    ApplicationFactory,
    ClaimFactory,
    EditionFactory,
    LineFactory,
    ReadFactory,
    ReviewerFactory,
    ReviewingFactory,
    SeatFactory,
    StopFactory,
    scored,
)
from volunteers.models import Origin, Region

pytestmark = pytest.mark.django_db
FACTOR = {
    "factor": "rail",
    "factor_kg": 0.01,
    "factor_kg_plain": 0.01,
    "source": "DESNZ",
    "year": 2025,
}


def travelled(edition):
    """Give two who are home again: one reported in time and shared it, one did not."""
    stop = StopFactory(journey__edition=edition, journey__state="returned")
    seats = [
        SeatFactory(
            journey=stop.journey,
            number=number,
            country=country,
            application__state="travelled",
            application__first_time=number == 1,
            state="returned",
            accepted_at=NOON,
        )
        for number, country in ((1, "PL"), (2, "DE"))
    ]
    for seat, mode, km, grams in (
        (seats[0], "rail", 300, 3000),
        (seats[1], "plane", 900, 95000),
    ):
        Leg.objects.create(
            journey=stop.journey,
            seat=seat,
            target=stop,
            mode=mode,
            because="far" if mode == "plane" else "",
            km=km,
            grams=grams,
            grams_plain=grams,
            **FACTOR,
        )
    in_time = NOON.replace(month=5, day=20)
    TravelReport.objects.create(seat=seats[0], submitted_at=in_time, learnt="Much.")
    late = in_time + timedelta(days=30)
    TravelReport.objects.create(seat=seats[1], submitted_at=late, learnt="Much.")
    Sharing.objects.create(seat=seats[0], day=MAY[1], what="A talk")
    return seats


@pytest.fixture
def edition():
    """Give an edition that is evaluated; three applied, one of them in vain."""
    made = EditionFactory(state="evaluating")
    travelled(made)
    ApplicationFactory(
        edition=made, state="declined", submitted_at=NOON, consented_at=NOON, ended_at=NOON
    )
    return made


def test_what_can_be_counted_is(edition):
    counted = figures(gather([edition]))[edition.pk]

    assert counted[Figure.PLACED] == Decimal("66.7")
    assert counted[Figure.FIRST_TIME] is None  # of two it would tell who
    assert counted[Figure.COUNTRIES] == 2
    assert counted[Figure.LAND] == 25
    assert counted[Figure.CARBON] == 98
    assert counted[Figure.CARBON_A_DAY] == Decimal("9.8")
    assert counted[Figure.REPORTED] == 50
    assert counted[Figure.SHARED] == 50
    assert counted[Figure.STUCK] is None


def also_travelled(edition, number):
    """Let so many others come home, each from a journey of their own."""
    for one in range(number):
        stop = StopFactory(
            journey__edition=edition, journey__number=50 + one, journey__state="returned"
        )
        home = {"state": "returned", "accepted_at": NOON, "application__state": "travelled"}
        SeatFactory(journey=stop.journey, **home)


def spent(edition, amount, currency="EUR"):
    """Pay something for all together."""
    line = LineFactory(fund__edition=edition, fund__currency=currency, granted=100_000)
    day, by = MAY[0], OrganiserFactory()
    money.share(money.Grant(line, amount), "Rooms", day, by, at=NOON)


def test_what_was_spent_is_told_for_a_day_of_a_traveller(client, edition):
    page = reverse("grandtour:evaluation", args=[edition.slug])
    ClaimFactory(seat=edition.journeys.get().seats.first())
    assert figures(gather([edition]))[edition.pk][Figure.COST_A_DAY] is None

    spent(edition, 61_500)
    spent(edition, 20_000)
    assert (
        figures(gather([edition]))[edition.pk][Figure.COST_A_DAY] is None
    )  # it would tell of two
    also_travelled(edition, 3)

    # Five travel for five days each.
    counted = figures(gather([edition]))[edition.pk]
    assert counted[Figure.COST_A_DAY] == Decimal("32.6")
    assert counted[Figure.FIRST_TIME] == 80
    shown = {str(row["name"]): row["cells"] for row in client.get(page).context["over"]}
    assert shown["Cost of a traveller a day"] == ["32.6 EUR"]


def test_money_in_two_currencies_is_not_added_up(edition):
    spent(edition, 50_000)
    spent(edition, 50_000, "PLN")

    assert figures(gather([edition]))[edition.pk][Figure.COST_A_DAY] is None


def test_answers_are_told_from_five_on(edition):
    for stuck in ("much", "some", "nothing", "nothing"):
        LookBackAnswer.objects.create(edition=edition, side="traveller", stuck=stuck)
    assert figures(gather([edition]))[edition.pk][Figure.STUCK] is None
    LookBackAnswer.objects.create(
        edition=edition, side="traveller", stuck="some", action="done"
    )

    counted = figures(gather([edition]))[edition.pk]
    assert counted[Figure.STUCK] == 60
    assert counted[Figure.ACTION] == 20


def test_answers_of_few_without_a_name_are_not_found_by_subtraction(edition):
    def add(side, signed):
        for _one in range(signed):
            seat = SeatFactory(journey__edition=edition)
            about = {"person": seat.person, "seat": seat}
            LookBackAnswer.objects.create(edition=edition, side=side, stuck="much", **about)

    def share():
        return figures(gather([edition]))[edition.pk][Figure.STUCK]

    add("traveller", 4)
    LookBackAnswer.objects.create(edition=edition, side="traveller", stuck="nothing")
    assert share() is None  # organisers read the four, and would know the fifth
    for _one in range(4):
        LookBackAnswer.objects.create(edition=edition, side="traveller", stuck="nothing")
    assert share() is None  # and of four with a name nothing is told, either
    add("traveller", 1)
    assert share() == 50


def test_the_page_holds_what_was_meant_against_what_happened(client, edition):
    told = [
        ("Reports come in time", 80, "%", True, "reported", None),
        ("Carbon stays low", 120, "kg", False, "carbon", None),
        ("New evenings a month", 4, "", True, "", 6),
        ("Half is in use", 50, "%", True, "stuck", None),
    ]
    for number, (name, target, unit, least, figure, reached) in enumerate(told):
        Measure.objects.create(
            edition=edition,
            number=number,
            name=name,
            target=target,
            unit=unit,
            least=least,
            figure=figure,
            reached=reached,
        )
    page = client.get(reverse("grandtour:evaluation", args=[edition.slug]))

    said = [(row["meant"], row["happened"], str(row["word"])) for row in page.context["rows"]]
    assert said == [
        ("at least 80 %", "50 %", "Not reached"),
        ("at most 120 kg", "98 kg", "Reached"),
        ("at least 4", "6", "Reached"),
        ("at least 50 %", "—", "Not known yet"),
    ]
    wiki = client.get(reverse("grandtour:evaluation_wikitext", args=[edition.slug])).text
    assert "| at least 80 % || 50 %" in wiki
    assert "What came of it" in client.get(edition.get_absolute_url()).text


def test_before_the_journeys_are_over_there_is_no_such_page(client):
    for state in ("open", "travelling"):
        slug = EditionFactory(state=state).slug
        assert client.get(reverse("grandtour:evaluation", args=[slug])).status_code == 404


def test_more_editions_stand_side_by_side_in_as_many_queries(
    client, edition, django_assert_max_num_queries
):
    page = reverse("grandtour:evaluation", args=[edition.slug])
    with django_assert_max_num_queries(12) as one:
        client.get(page)
    for years in (1, 2):
        earlier = EditionFactory(
            state="closed",
            applications_first_day=edition.applications_first_day - timedelta(days=365 * years),
            applications_last_day=edition.applications_last_day - timedelta(days=365 * years),
            travel_first_day=edition.travel_first_day - timedelta(days=365 * years),
        )
        travelled(earlier)
        spent(earlier, 100)
    with django_assert_max_num_queries(len(one)):
        answer = client.get(page)
    assert len(answer.context["editions"]) == 3


def applied(edition, country="PL", *, after=0, **more):
    """Give an application that was answered so many days later; 0: not yet."""
    row = {"state": "in_review", "submitted_at": NOON, "consented_at": NOON} | more
    made = ApplicationFactory(edition=edition, country=country, **row)
    if after:
        at = NOON + timedelta(days=after)
        ApplicationEvent.objects.create(application=made, state="shortlisted", at=at)
    return made


def test_the_first_answer_is_told_in_the_middle_and_how_many_have_none(edition):
    for days in (4, 6, 9, 40):
        applied(edition, after=days)
    assert figures(gather([edition]))[edition.pk][Figure.ANSWERED] is None

    applied(edition, after=12)

    counted = figures(gather([edition]))[edition.pk]
    assert counted[Figure.ANSWERED] == 9
    assert counted[Figure.UNANSWERED] == Decimal("37.5")  # three of eight


def test_reviewers_of_five_applications_stand_apart():
    edition = ReviewingFactory()
    reviewers = [ReviewerFactory(edition=edition) for _two in range(2)]
    for nth in range(5):
        made = ReadFactory(edition=edition)
        for reviewer, value in zip(reviewers, (1, 3), strict=True):
            scored(made, reviewer, value, value)
        counted = figures(gather([edition]))[edition.pk][Figure.SPREAD]
        assert (counted is None) == (nth < 4)

    assert counted == 25  # 25 and 75 of 100, each 25 from their mean


def origin(made, key, seat, **told):
    return Origin.objects.create(
        source="place", source_key=seat.pk, made=made, made_key=key, made_at=NOON, **told
    )


def test_what_came_of_it_is_counted_from_what_was_told_and_of_five_at_least():
    edition = EditionFactory(state="evaluating")
    seats = [*travelled(edition), *travelled(edition)]
    origin("offer", 1, seats[0], told_at=NOON)
    origin("offer", 2, seats[0])
    origin("exchange", 3, seats[1], told_at=NOON)
    Origin.objects.create(
        source="request",
        source_key=1,
        made="application",
        made_key=seats[2].application_id,
        made_at=NOON,
    )
    assert figures(gather([edition]))[edition.pk][Figure.OFFERS] is None

    travelled(edition)

    counted = figures(gather([edition]))[edition.pk]
    assert [counted[name] for name in ("offers", "practices", "exchanges", "visits")] == [
        1,
        0,
        1,
        1,
    ]


def test_regions_of_few_are_put_together_and_no_sum_tells_a_number_below_five(edition):
    for name, countries in (
        ("Eastern Europe", ["CZ", "PL"]),
        ("Northern Europe", ["NO", "SE"]),
        ("Europe", ["CZ", "DE", "NO", "PL", "SE"]),
    ):
        slug = name.lower().replace(" ", "-")
        Region.objects.create(slug=slug, names={"en": name}, countries=countries)
    for country, number in (("PL", 9), ("SE", 6), ("TN", 3), ("BR", 2), ("IN", 1)):
        for _one in range(number):
            applied(edition, country)

    parts = by_region(edition, gather([edition]))

    assert [(str(part.region), part.applied, part.placed) for part in parts] == [
        ("Eastern Europe", 11, None),
        ("Northern Europe", 6, None),
        ("None", 7, None),
    ]


def test_the_wikitext_has_regions_and_all_editions(client, edition):
    for _one in range(6):
        applied(edition, "SE")
    wiki = client.get(reverse("grandtour:evaluation_wikitext", args=[edition.slug])).text

    assert wiki.count('{| class="wikitable"') == 3
    assert "|+ By region" in wiki
    assert "|+ Over the editions" in wiki
    page = client.get(reverse("grandtour:evaluation", args=[edition.slug])).text
    assert "Where they live" in page


def test_what_a_figure_is_counted_in_needs_no_translation():
    assert evaluation.unit(Figure.SPREAD) == "/ 100"
    assert evaluation.unit(Figure.ANSWERED) == ""
    assert evaluation.unit(Figure.PLACED) == "%"


def test_from_right_to_left_a_name_and_its_number_stand_apart(client, edition):
    Measure.objects.create(
        edition=edition, number=9, name="Rooms", target=2, unit="m", reached=3
    )
    address = reverse("grandtour:evaluation", args=[edition.slug])

    said = client.get(address, headers={"accept-language": "ar"}).text

    assert "\u2068Rooms\u2069: \u20683 m\u2069" in said
    assert "Rooms: 3 m" in client.get(address, headers={"accept-language": "en"}).text
