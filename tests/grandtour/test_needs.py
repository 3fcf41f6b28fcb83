"""What people need: read by who looks after their journey, deleted on its day, and counted."""

import json
import sys
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from grandtour.actions import applications, decisions
from grandtour.actions.applications import purge_needs
from grandtour.models import Edition, Needs, NeedsCount, Plan
from grandtour.planning.problem import Plan as Result
from grandtour.planning.written import written
from grandtour.plans import child, explaining, running
from grandtour.reports.needs import counted
from tests.factories import OrganiserFactory, PersonFactory
from tests.grandtour.test_journeys import at_once
from tests.grandtour.tours import (
    NOON,
    ApplicationFactory,
    EditionFactory,
    ReviewingFactory,
    SeatFactory,
    StopFactory,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def needing(edition, times=1, state="in_review", **said):
    """Let so many who sent an application, or did not, need something."""
    for _one in range(times):
        ended = NOON if state in {"withdrawn", "declined"} else None
        sent = {"submitted_at": NOON, "consented_at": NOON, "ended_at": ended}
        application = ApplicationFactory(edition=edition, state=state, **sent)
        Needs.objects.create(application=application, **said)
    return application


def test_from_the_page_of_needs_a_way_leads_back(client):
    application = needing(ReviewingFactory(), diet="Vegan")
    client.force_login(application.person)

    page = client.get(reverse("grandtour:needs", args=[application.pk])).content.decode()

    assert page.count(f'href="{application.get_absolute_url()}"') == 1


def changed(client, application, **said):
    """Fill in the page of needs as whoever it belongs to."""
    client.force_login(application.person)
    return client.post(reverse("grandtour:needs", args=[application.pk]), said)


def test_organisers_read_at_the_desk_what_the_travellers_of_a_journey_need(client):
    seat = SeatFactory()
    Needs.objects.create(application=seat.application, diet="No nuts", step_free=True)
    address = reverse("admin:grandtour_journey_show", args=[seat.journey_id])

    client.force_login(OrganiserFactory())
    page = client.get(address).content.decode()

    assert "No nuts" in page
    assert "Cannot take steps" in page
    assert "Visa and papers" not in page
    client.force_login(PersonFactory())
    assert client.get(address).status_code != 200


def test_what_is_needed_is_counted_and_the_count_stays_when_the_words_go():
    edition = EditionFactory(travel_last_day=date(2026, 6, 30))
    needing(edition, 5, diet="Vegan", visa="For Sweden")
    needing(edition, diet="No nuts", step_free=True)
    later = {"travel_first_day": date(2026, 12, 1), "travel_last_day": date(2026, 12, 30)}
    needing(EditionFactory(**later), 5, diet="Halal")
    before = [("Cannot take steps", None), ("Food", 6), ("Visa and papers", 5)]
    assert counted(edition) == before

    for _twice in range(2):
        purge_needs(edition.travel_last_day + Needs.KEPT + DAY)

    assert not Needs.objects.filter(application__edition=edition).exists()
    assert counted(edition) == before
    assert NeedsCount.objects.count() == 3


def test_what_is_given_later_is_added():
    edition = EditionFactory(travel_last_day=date(2026, 6, 30))
    for diet in ("Vegan", "Halal"):
        needing(edition, 3, diet=diet)
        purge_needs(edition.travel_last_day + Needs.KEPT + DAY)

    assert counted(edition) == [("Food", 6)]


def test_only_what_was_sent_and_not_taken_back_is_counted():
    edition = EditionFactory(travel_last_day=date(2026, 6, 30))
    needing(edition, 5, diet="Vegan")
    needing(edition, 5, state="draft", diet="Halal", visa="For Sweden")
    needing(edition, 5, state="withdrawn", visa="For Norway")
    assert counted(edition) == [("Food", 5)]

    purge_needs(edition.travel_last_day + Needs.KEPT + DAY)

    assert counted(edition) == [("Food", 5)]
    assert not Needs.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_count_once():
    edition = EditionFactory(travel_last_day=date(2026, 6, 30))
    needing(edition, 5, diet="Vegan")

    at_once(lambda _number: purge_needs(edition.travel_last_day + Needs.KEPT + DAY))

    assert counted(edition) == [("Food", 5)]


def test_the_page_of_plans_says_how_much_is_needed_and_no_words(client):
    edition = EditionFactory(state="matching")
    needing(edition, diet="Vegan, and no mushrooms")
    needing(edition, 6, visa="For Sweden")
    address = reverse("admin:grandtour_plan_of", args=[edition.pk])
    organiser = OrganiserFactory()
    client.force_login(organiser)

    page = client.get(address).content.decode()

    assert "What is needed" in page
    assert "fewer than 5" in page
    assert ">6</strong>" in page
    assert "mushrooms" not in page
    Permission.objects.get(codename="view_needs").group_set.clear()
    assert "What is needed" not in client.get(address).content.decode()


def test_needs_are_changed_and_added_after_the_application_was_sent(client):
    application = needing(EditionFactory(), diet="Vegan")

    page = changed(client, application, diet="Vegan, no soy", access="Rest at noon")

    assert page.status_code == 302
    said = Needs.objects.get()
    assert (said.diet, said.access, said.step_free) == ("Vegan, no soy", "Rest at noon", False)
    other = ApplicationFactory(state="waiting", submitted_at=NOON, consented_at=NOON)
    changed(client, other, step_free="on")
    assert Needs.objects.get(application=other).step_free
    shown = client.get(other.get_absolute_url()).content.decode()
    assert reverse("grandtour:needs", args=[other.pk]) in shown


def test_needs_are_deleted_by_their_owner_at_once_and_by_nobody_else(client):
    application = needing(EditionFactory(), state="declined", diet="Vegan")
    forget = reverse("grandtour:forget_needs", args=[application.pk])
    page = reverse("grandtour:needs", args=[application.pk])

    client.force_login(PersonFactory())
    assert [client.get(page).status_code, client.post(forget).status_code] == [404, 404]
    client.force_login(application.person)
    assert "Delete all of it" in client.get(page).content.decode()
    client.post(forget)

    assert not Needs.objects.exists()
    assert client.get(page).status_code == 404  # it is over: nothing is needed any more


def test_a_draft_says_what_it_needs_in_its_form(client):
    application = needing(EditionFactory(), state="draft", diet="Vegan")

    assert changed(client, application, diet="Halal").status_code == 404
    assert Needs.objects.get().diet == "Vegan"


def test_too_many_words_are_kept_on_the_page(client):
    application = needing(EditionFactory(), diet="Vegan")

    page = changed(client, application, diet="x" * 2001, visa="For Sweden")

    assert (page.status_code, Needs.objects.get().diet) == (200, "Vegan")
    assert "For Sweden" in page.content.decode()


def test_the_page_says_who_reads_it_and_what_it_changes(client):
    seat = SeatFactory(state="accepted", accepted_at=NOON, application__state="placed")
    Needs.objects.create(application=seat.application, diet="Vegan", shown_to_hosts_at=NOON)
    client.force_login(seat.person)

    page = client.get(reverse("grandtour:needs", args=[seat.application_id])).content.decode()

    assert "what you change they read at once" in page
    assert "Your journey stays as it is" in page
    assert "plans are made anew" not in page
    changed(client, seat.application, diet="Halal")
    assert Needs.objects.get().shown_to_hosts_at == NOON
    journey = client.get(seat.journey.get_absolute_url()).content.decode()
    assert reverse("grandtour:needs", args=[seat.application_id]) in journey


def told_of(*applications):
    """Say of each that there were two hosts they could not reach."""
    return [{"key": f"a{one.pk}", "rules": {"access": 2, "days": 1}} for one in applications]


def plan_of(edition, *applications):
    """Let a plan say so."""
    done = {"state": "done", "ended_at": NOON, "result": {}, "worth": 0, "bound": 0}
    return Plan.objects.create(
        edition=edition,
        asked_by=PersonFactory(),
        asked_at=NOON,
        reasons_state="known",
        reasons={"travellers": told_of(*applications)},
        **done,
    )


def test_reasons_that_are_still_worked_out_do_not_say_what_somebody_has_taken_back(monkeypatch):
    edition = EditionFactory(state="matching")
    gone, stays = (needing(edition, step_free=True) for _one in range(2))
    plan = running.ask(edition, OrganiserFactory(), running.Wish(), at=NOON)
    answers(monkeypatch, {"worth": 0, "bound": 0, "result": written(Result.of(()))})
    assert running.run_next()
    told = [{**one, "code": "unknown"} for one in told_of(gone, stays)]
    answers(monkeypatch, {"reasons": {"travellers": told, "stays": []}, "baseline": {}})
    again = explaining.problem_again

    def left_since(plan):
        problem = again(plan)
        applications.withdraw(gone, at=NOON)
        return problem

    monkeypatch.setattr(explaining, "problem_again", left_since)

    assert running.run_queued() == 1

    plan.refresh_from_db()
    assert [one["rules"] for one in plan.reasons["travellers"]] == [
        {"days": 1},
        {"access": 2, "days": 1},
    ]


def answers(monkeypatch, said):
    """Let the planner answer so, whatever it is asked."""
    program = f"import sys; sys.stdin.readline(); print({json.dumps({'done': said})!r})"
    monkeypatch.setattr(child, "PROGRAM", [sys.executable, "-c", program])


@pytest.mark.django_db(transaction=True)
def test_two_who_leave_at_once_restore_nothing_of_each_other():
    edition = EditionFactory(state="matching")
    rows = [needing(edition, step_free=True) for _one in range(20)]
    plan = plan_of(edition, *rows)

    at_once(lambda number: applications.withdraw(rows[number], at=NOON))

    plan.refresh_from_db()
    assert all(one["rules"] == {"days": 1} for one in plan.reasons["travellers"])


def test_who_can_take_steps_by_now_leaves_no_trace_in_plans(client):
    edition = EditionFactory(state="matching")
    application = needing(edition, step_free=True, diet="Vegan")
    plan = plan_of(edition, application)

    changed(client, application, diet="Vegan")

    plan.refresh_from_db()
    assert plan.reasons["travellers"][0]["rules"] == {"days": 1}


def test_a_no_that_is_published_deletes_what_was_needed_and_keeps_the_number():
    organiser = OrganiserFactory()
    edition = ReviewingFactory()
    declined, waiting = needing(edition, diet="Vegan"), needing(edition, diet="No nuts")
    ruling = decisions.Ruling(organiser, NOON, NOON.date())
    decisions.decide([declined.pk], edition, "declined", ruling)
    decisions.decide([waiting.pk], edition, "waiting", ruling)
    decisions.write_letters(edition, ruling)
    assert Needs.objects.count() == 2  # nobody has heard of it yet

    decisions.publish(edition, ruling)

    assert [one.application for one in Needs.objects.all()] == [waiting]
    assert NeedsCount.objects.get(edition=edition, kind="diet").number == 1


def test_who_has_no_place_once_nobody_travels_any_more_has_their_needs_deleted():
    edition = EditionFactory(travel_first_day=date(2026, 5, 1))
    needing(edition, diet="Vegan", state="shortlisted")
    there = needing(edition, diet="No nuts", state="placed")
    stop = StopFactory(journey__edition=edition, arrive=date(2026, 5, 8))
    SeatFactory(journey=stop.journey, application=there, country=there.country)
    home = needing(edition, diet="Halal", state="travelled")

    for state in ("matching", "decided", "travelling"):  # a place can still come free
        Edition.objects.update(state=state)
        assert purge_needs(date(2026, 5, 8)) == 0
    Edition.objects.update(state="evaluating")
    assert purge_needs(date(2026, 5, 8)) == 1

    assert {one.application for one in Needs.objects.all()} == {there, home}


def test_what_somebody_declined_needs_goes_on_the_next_day_at_the_latest():
    needing(EditionFactory(), diet="Vegan", state="declined")

    assert purge_needs(date(2026, 2, 11)) == 1
