"""Whoever was asked to read blind changes no phase that has begun."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from grandtour.models import Phase, Reviewer
from tests.factories import OrganiserFactory
from tests.grandtour.tours import NOON, ReviewerFactory, ReviewingFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_february")]
TODAY = NOON.date()


def sent(client, edition, **said):
    """Send the page of an edition as it stands, with its phase changed; give what is wrong."""
    address = reverse("admin:grandtour_edition_change", args=[edition.pk])
    page = client.get(address)
    data = {
        f"{form.prefix}-{name}" if form.prefix else name: form[name].value()
        for form in [
            page.context["adminform"].form,
            *(s.formset.management_form for s in page.context["inline_admin_formsets"]),
            *(form for s in page.context["inline_admin_formsets"] for form in s.formset.forms),
        ]
        for name in form.fields
    }
    prefix = next(
        s.formset.prefix
        for s in page.context["inline_admin_formsets"]
        if s.formset.model is Phase
    )
    data |= {f"{prefix}-0-{name}": value for name, value in said.items()}
    answer = client.post(
        address, {k: v for k, v in data.items() if v is not None and v is not False}
    )
    return [] if answer.status_code == 302 else [*answer.context["errors"]]


def phase_of(edition, first_day):
    """Let an edition have one phase, from a day on."""
    edition.phases.all().delete()
    return Phase.objects.create(
        edition=edition, name="Reading", first_day=first_day, last_day=date(2026, 12, 1)
    )


@pytest.mark.parametrize("state", ["asked", "reading", "stopped"])
@pytest.mark.parametrize(
    "said",
    [{"names_shown": "on"}, {"others": "always"}, {"last_day": "2026-11-01"}, {"DELETE": "on"}],
)
def test_a_reader_changes_no_phase_that_has_begun(client, state, said):
    edition = ReviewingFactory()
    phase = phase_of(edition, TODAY)
    organiser = ReviewerFactory(edition=edition, person=OrganiserFactory()).person
    Reviewer.objects.update(state=state)
    client.force_login(organiser)

    told = sent(client, edition, **said)

    assert len(told) == 1
    assert "changed by somebody else" in str(told)
    kept = Phase.objects.get()
    assert (kept.names_shown, kept.others) == (phase.names_shown, phase.others)
    assert kept.last_day == phase.last_day


def test_a_reader_moves_no_phase_to_today(client):
    edition = ReviewingFactory()
    phase_of(edition, TODAY + timedelta(days=1))
    client.force_login(ReviewerFactory(edition=edition, person=OrganiserFactory()).person)

    told = sent(client, edition, first_day=TODAY.isoformat())

    assert "changed by somebody else" in str(told)
    assert sent(client, edition, name="Second reading") == []


@pytest.mark.parametrize(
    "said", [{"names_shown": "on"}, {"others": "always"}, {"others": "never"}]
)
def test_a_reader_sets_for_no_day_what_is_shown(client, said):
    edition = ReviewingFactory()
    phase_of(edition, TODAY + timedelta(days=1))
    client.force_login(ReviewerFactory(edition=edition, person=OrganiserFactory()).person)

    told = sent(client, edition, **said)

    assert "others set this" in str(told)
    kept = Phase.objects.get()
    assert (kept.names_shown, kept.others) == (False, "own")


@pytest.mark.parametrize("shows", [{"names_shown": True}, {"others": "always"}])
def test_a_reader_brings_forward_no_phase_in_which_names_or_scores_are_seen(client, shows):
    edition = ReviewingFactory()
    phase_of(edition, TODAY + timedelta(days=20))
    Phase.objects.update(may_score=False, **shows)
    client.force_login(ReviewerFactory(edition=edition, person=OrganiserFactory()).person)
    sooner = {"first_day": (TODAY + timedelta(days=1)).isoformat()}

    for said in (sooner, {"may_score": "on"}):
        assert "others set this" in str(sent(client, edition, **said))

    kept = Phase.objects.get()
    assert kept.first_day == TODAY + timedelta(days=20)
    assert not kept.may_score


def test_who_has_declined_or_reads_nothing_changes_todays_phase(client):
    edition = ReviewingFactory()
    phase_of(edition, TODAY)
    organiser = ReviewerFactory(edition=edition, person=OrganiserFactory()).person
    Reviewer.objects.update(state="declined")
    client.force_login(organiser)

    assert sent(client, edition, others="never") == []
    assert Phase.objects.get().others == "never"


def test_names_are_shown_only_from_a_phase_on_that_has_not_begun(client):
    edition = ReviewingFactory()
    ReviewerFactory(edition=edition)
    phase = phase_of(edition, TODAY)
    client.force_login(OrganiserFactory())

    told = sent(client, edition, names_shown="on")
    phase.delete()
    phase_of(edition, TODAY + timedelta(days=1))

    assert "has not begun" in str(told)
    assert sent(client, edition, names_shown="on") == []
    assert Phase.objects.get().names_shown
