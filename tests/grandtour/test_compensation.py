"""What was done about carbon: written down at the desk, read beside the kilograms."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from grandtour.models import Compensation, Edition
from tests.factories import OrganiserFactory, PersonFactory
from tests.grandtour.test_journey_pages import desk, read
from tests.grandtour.tours import EditionFactory, SeatFactory, StopFactory

pytestmark = pytest.mark.django_db
TREES = {
    "kind": "trees",
    "amount": "40 trees",
    "kilograms": 350,
    "done_by": "Wikimedia Norge",
    "link": "https://example.org/trees",
    "day": date(2026, 6, 1),
}


def test_travellers_read_what_was_done_beside_the_kilograms(client):
    seat = SeatFactory(
        state="offered", reply_by="2026-03-01T12:00Z", offered_at="2026-02-01T12:00Z"
    )
    Compensation.objects.create(edition=seat.edition, journey=seat.journey, **TREES)
    Compensation.objects.create(edition=seat.edition, **TREES | {"amount": "of the edition"})
    client.force_login(seat.person)

    said = read(client, seat.journey.get_absolute_url())

    for words in ("Trees planted", "40 trees", "for 350 kg", "Wikimedia Norge", TREES["link"]):
        assert words in said
    assert "what was emitted was emitted" in said
    assert "of the edition" not in said
    assert "neutral" not in said


def test_the_evaluation_tells_kilograms_and_all_that_was_done(client):
    edition = EditionFactory(state=Edition.State.EVALUATING)
    address = reverse("grandtour:evaluation", args=[edition.slug])
    assert "Nothing has been written down that was done about it." in read(client, address)
    Compensation.objects.create(edition=edition, **TREES)
    journey = StopFactory(journey__edition=edition).journey
    Compensation.objects.create(
        edition=edition, journey=journey, kind="none", day=date(2026, 6, 2), words="No money."
    )

    said = read(client, address)

    for words in ("40 trees", "No money.", "of CO₂e for all journeys", "4,000 kg"):
        assert words in said


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("compensation_says_how_much_and_by_whom", {"amount": ""}),
        ("compensation_says_how_much_and_by_whom", {"done_by": ""}),
        ("compensation_of_nothing_has_no_amount", {"kind": "none"}),
    ],
)
def test_what_makes_no_sense_is_refused(name, more):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Compensation.objects.create(edition=EditionFactory(), **TREES | more)


def test_a_journey_of_another_edition_is_refused():
    name = "compensation_of_a_journey_of_its_edition"
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Compensation.objects.create(
            edition=EditionFactory(), journey=StopFactory().journey, **TREES
        )


def form_of(page):
    """Give what the form of a page would send as it is."""
    form = page.context["adminform"].form
    sent = {name: form[name].value() for name in form.fields}
    for inline in page.context["inline_admin_formsets"]:
        formset = inline.formset
        sent |= {f"{formset.prefix}-TOTAL_FORMS": 0, f"{formset.prefix}-INITIAL_FORMS": 0}
    return {name: "" if value is None else value for name, value in sent.items()}


def test_organisers_write_it_down_on_the_page_of_the_edition(client):
    edition = EditionFactory(state=Edition.State.EVALUATING)
    stop, other = StopFactory(journey__edition=edition), StopFactory()
    client.force_login(OrganiserFactory())
    page = client.get(desk("edition_change", edition))
    said = page.content.decode()
    assert f'<option value="{stop.journey_id}">' in said
    assert f'<option value="{other.journey_id}">' not in said
    row = {f"compensations-0-{name}": value for name, value in TREES.items()}

    answer = client.post(
        desk("edition_change", edition),
        form_of(page)
        | row
        | {"compensations-TOTAL_FORMS": 1, "compensations-0-journey": stop.journey_id},
    )

    assert answer.status_code == 302, answer.context["errors"]
    made = Compensation.objects.get()
    assert (made.journey_id, made.amount, made.kilograms) == (stop.journey_id, "40 trees", 350)
    client.force_login(PersonFactory())
    assert client.get(desk("edition_change", edition)).status_code in {302, 403, 404}


def test_the_wikitext_tells_what_was_done_and_that_it_takes_nothing_off(client):
    edition = EditionFactory(state=Edition.State.EVALUATING)
    address = reverse("grandtour:evaluation_wikitext", args=[edition.slug])
    assert "What was done about the carbon" not in client.get(address).text
    Compensation.objects.create(edition=edition, **TREES | {"words": "[[Along]] the line"})

    said = client.get(address).text

    assert "|+ What was done about the carbon" in said
    assert '! scope="row" | Trees planted' in said
    assert (
        "| 40 trees || 350 kg || Wikimedia Norge || 2026-06-01 || "
        "&#91;&#91;Along&#93;&#93; the line" in said
    )
    assert "It takes nothing off the kilograms" in said


@pytest.mark.parametrize("state", ["open", "closed"])
def test_what_a_night_costs_is_read_in_euros_where_it_is_not_changed(client, state):
    edition = EditionFactory(state=state, night_cost=4_550)
    client.force_login(OrganiserFactory())

    page = client.get(desk("edition_change", edition))
    said = page.content.decode()

    assert "€45.50" in said
    assert "4550" not in said
    assert "What a night costs, in euros" in said


def test_what_a_night_costs_is_written_before_an_edition_is_announced(client):
    edition = EditionFactory(state="planned", night_cost=4_550)
    client.force_login(OrganiserFactory())

    page = client.get(desk("edition_change", edition))

    assert page.context["adminform"].form["night_cost"].value() == "45.50"
