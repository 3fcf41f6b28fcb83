"""Peer exchange: who has agreed beforehand is planned first, who has not is found a partner."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from capx.erasure import forget
from capx.states import IllegalMove
from grandtour.actions import partners
from grandtour.forms.applications import ApplicationForm
from grandtour.models import Application, Edition, Needs
from grandtour.notices import partners as notices
from grandtour.planning import problem as asked
from grandtour.planning.problem import Locks, Pin
from grandtour.planning.written import read as unwritten
from grandtour.plans import accepting, private
from grandtour.plans.reading import problem_of
from grandtour.reminders import partners as reminders
from grandtour.tasks import remind
from tests.factories import MembershipFactory, OrganiserFactory, PersonFactory, SkillFactory
from tests.grandtour.rounds import planned, round_of
from tests.grandtour.test_journey_pages import desk, read
from tests.grandtour.test_journeys import at_once
from tests.grandtour.tours import (
    DAY,
    NOON,
    ApplicationFactory,
    EditionFactory,
    HostFactory,
    ReadFactory,
)
from volunteers import mailbox
from volunteers.actions.rest import leave_alone
from volunteers.models import Block, Notice, Person, Rest
from volunteers.models.bandwidth import days

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_february")]
PEERS = {"kind": "peer_exchange", "fewest_stops": 1, "most_stops": 1}
NO_LOCKS = Locks()


def exchange(**more):
    """Give a peer exchange that is planned, in which people may come alone."""
    return round_of(**PEERS, smallest_group=1, **more)


def naming(edition, country, host, **more):
    """Let the applicant of a country name a host."""
    found = edition.applications.get(country=country)
    for name, value in {"partner": host, "peer_role": "mentee", **more}.items():
        setattr(found, name, value)
    found.save()
    return found


def speaking(host):
    """Give somebody who speaks for a host."""
    return MembershipFactory(affiliate=host.affiliate, role="editor").person


def stays_of(plan):
    """Give where each traveller of a plan stays."""
    result = unwritten(asked.Plan, plan.result)
    return {who: one.stops[0].stay for one in result.journeys for who in one.travellers}


def test_who_has_agreed_beforehand_is_planned_with_that_host():
    for number in range(3):
        edition = exchange()
        host = edition.hosts.order_by("pk")[number]
        found = naming(edition, "PL", host)
        partners.answer(host, found, agrees=True, at=NOON)

        plan = planned(edition)

        assert stays_of(plan)[f"a{found.pk}"] == f"h{host.pk}"
        assert plan.travellers == 4  # the others are found one


def test_a_block_between_two_who_agreed_changes_no_fingerprint_and_outdates_where_they_meet():
    edition = exchange()
    host = edition.hosts.order_by("pk").first()
    found = naming(edition, "PL", host)
    partners.answer(host, found, agrees=True, at=NOON)
    plan = planned(edition)
    block = Block.objects.create(person=speaking(host), blocked=found.person)
    after = problem_of(edition, plan.seed, NO_LOCKS, DAY)

    assert [pin.traveller for pin, _rules in after.loose] == [f"a{found.pk}"]
    assert private.fingerprint(after) == plan.fingerprint
    with pytest.raises(accepting.Outdated):
        accepting.accept(plan, OrganiserFactory(), at=NOON)

    block.delete()
    accepting.accept(plan, OrganiserFactory(), at=NOON)


def test_without_a_yes_it_is_planned_like_any_other():
    edition = exchange()
    host, other, _third = edition.hosts.order_by("pk")
    naming(edition, "PL", host)
    refused = naming(edition, "SK", other)
    partners.answer(other, refused, agrees=False, at=NOON)

    assert problem_of(edition, 1, NO_LOCKS, DAY).locks == NO_LOCKS


def test_a_lock_of_an_organiser_goes_before_a_pair():
    edition = exchange()
    host = edition.hosts.order_by("pk").first()
    found = naming(edition, "PL", host)
    partners.answer(host, found, agrees=True, at=NOON)
    out = Pin(f"a{found.pk}")

    assert problem_of(edition, 1, Locks(exclude=(out,)), DAY).locks == Locks(exclude=(out,))
    assert planned(edition, locks=Locks(exclude=(out,))).state == "done"


def test_two_pairs_that_cannot_both_be_are_named(client):
    edition = exchange(countries=("PL", "SK"))
    host = edition.hosts.order_by("pk").first()
    edition.hosts.filter(pk=host.pk).update(most_guests=1)
    for country in ("PL", "SK"):
        partners.answer(host, naming(edition, country, host), agrees=True, at=NOON)
    plan = planned(edition)
    client.force_login(OrganiserFactory())

    said = read(client, desk("plan_show", plan))

    assert plan.state == "infeasible"
    assert said.count("agreed beforehand: this traveller with this host") == 2
    assert "2 pairs have agreed beforehand and come first." in read(
        client, desk("plan_of", edition)
    )


def agreed(edition, country="PL", **of_host):
    """Let somebody and a host agree, of whom the host is changed."""
    host = edition.hosts.order_by("pk").first()
    edition.hosts.filter(pk=host.pk).update(**of_host)
    found = naming(edition, country, host)
    partners.answer(host, found, agrees=True, at=NOON)
    return found, Pin(f"a{found.pk}", f"h{host.pk}")


def test_a_pair_without_a_shared_language_is_no_lock_and_all_others_are_planned(client):
    edition = exchange()
    found, pin = agreed(edition, languages=["de"])
    plan = planned(edition)
    client.force_login(OrganiserFactory())

    said = read(client, desk("plan_show", plan))

    assert (plan.state, plan.travellers) == ("done", 4)
    assert plan.problem["loose"] == [
        [{"traveller": pin.traveller, "stay": pin.stay}, ["language"]]
    ]
    assert str(found.person) in said
    assert "In the way: A language shared with each host" in said


def test_a_pair_that_finds_no_day_or_no_companion_is_no_lock():
    edition = exchange()
    found, pin = agreed(edition)
    found.windows.update(period=days(date(2026, 6, 20), date(2026, 6, 25)))
    assert problem_of(edition, 1, NO_LOCKS, DAY).loose == ((pin, ("window",)),)

    alone = round_of(**PEERS, smallest_group=2, countries=("PL",))
    _found, pin = agreed(alone)
    assert problem_of(alone, 1, NO_LOCKS, DAY).loose == ((pin, ("group_size",)),)


def test_a_pair_is_held_apart_by_a_budget_and_by_two_rules_together():
    edition = exchange(carbon_budget=0)
    _found, pin = agreed(edition, languages=["de"])

    assert problem_of(edition, 1, NO_LOCKS, DAY).loose == (
        (pin, ("language", "carbon_budget")),
    )
    edition.hosts.update(languages=["en"])
    assert problem_of(edition, 1, NO_LOCKS, DAY).loose == ((pin, ("carbon_budget",)),)


def test_what_somebody_needs_is_no_reason_that_is_written_down(client):
    edition = exchange()
    found, pin = agreed(edition, step_free=False)
    Needs.objects.create(application=found, step_free=True)
    plan = planned(edition)
    client.force_login(OrganiserFactory())

    assert plan.problem["loose"] == [[{"traveller": pin.traveller, "stay": pin.stay}, []]]
    said = read(client, desk("plan_show", plan))
    assert "No journey to this host can be made for them." in said


def test_mentors_are_matched_by_what_they_bring_and_mentees_by_what_they_want():
    edition = exchange(countries=("PL", "SK", "HU"))
    skill = SkillFactory(slug="scanning")
    for row in edition.applications.all():
        row.wants.add(skill)
        row.shares.add(skill)
    edition.applications.filter(country="PL").update(peer_role="mentor")
    edition.applications.filter(country="SK").update(peer_role="mentee")

    people = problem_of(edition, 1, NO_LOCKS, DAY).travellers

    assert {one.country: (len(one.wants), len(one.brings)) for one in people} == {
        "PL": (0, 1),
        "SK": (1, 0),
        "HU": (1, 1),
    }


@pytest.mark.parametrize("kind", ["other edition", "other kind", "role only"])
def test_a_partner_hosts_in_the_same_peer_exchange(kind):
    edition = EditionFactory(**PEERS) if kind == "other edition" else EditionFactory()
    host = HostFactory() if kind == "other edition" else HostFactory(edition=edition)
    said = {"peer_role": "mentor"} | ({} if kind == "role only" else {"partner": host})

    with (
        pytest.raises(IntegrityError, match="application_partner_of_its_peer_exchange"),
        transaction.atomic(),
    ):
        ApplicationFactory(edition=edition, **said)


def test_another_partner_has_not_agreed_yet():
    edition = exchange()
    host, other, _third = edition.hosts.order_by("pk")
    found = naming(edition, "PL", host)
    partners.answer(host, found, agrees=True, at=NOON)

    Application.objects.filter(pk=found.pk).update(partner=other)

    found.refresh_from_db()
    assert (found.partner_agrees, found.partner_answered_at) == (None, None)
    with pytest.raises(IntegrityError, match="application_partner_answers_at_a_moment"):
        Application.objects.filter(pk=found.pk).update(partner_agrees=True)


def test_only_a_peer_exchange_asks_for_a_partner_and_only_of_those_who_host():
    plain = ApplicationFactory()
    assert not {"partner", "peer_role"} & {*ApplicationForm(instance=plain).fields}
    edition = EditionFactory(**PEERS)
    host = HostFactory(edition=edition)
    HostFactory(edition=edition, state="draft", offered_at=None)
    HostFactory()
    field = ApplicationForm(instance=ApplicationFactory(edition=edition)).fields["partner"]

    assert [*field.queryset] == [host]


def test_the_host_is_asked_by_mail_and_says_yes_on_its_page(client):
    edition = EditionFactory(**PEERS)
    host = HostFactory(edition=edition)
    member = speaking(host)
    found = ApplicationFactory(edition=edition)
    client.force_login(found.person)
    address = reverse("grandtour:edit_application", args=[found.pk])
    form = client.get(address).context["form"]
    said = {
        name: form[name].value() or ""
        for name in form.fields
        if name not in {"step_free", "consent", "wants", "shares"}
    }
    periods = client.get(address).context["lines"]
    said |= {
        f"{periods.prefix}-{name}": periods.management_form[name].value()
        for name in periods.management_form.fields
    }
    for line in periods:
        said |= {f"{line.prefix}-{name}": line[name].value() or "" for name in line.fields}
    said |= {"partner": host.pk, "peer_role": "mentor", "consent": "on", "step": "send"}
    said["first_time"] = "True"
    answer = client.post(address, said)
    assert answer.status_code == 302, answer.context["form"].errors

    found.refresh_from_db()
    assert (found.partner, found.peer_role) == (host, "mentor")
    letter = Notice.objects.get(recipient=member)
    assert str(found.person) in letter.subject
    client.force_login(member)
    page = read(client, host.get_absolute_url())
    assert "They say that you have agreed" in page
    assert "Mentor: I come to pass something on" in page
    yes = reverse("grandtour:answer_partner", args=[host.pk])
    client.post(yes, {"application": found.pk, "agrees": "yes"})
    client.post(yes, {"application": found.pk, "agrees": "yes"})  # twice is once

    found.refresh_from_db()
    assert found.partner_agrees is True
    assert (
        Notice.objects.filter(recipient=found.person, subject__contains="says yes").count() == 1
    )
    client.force_login(found.person)
    assert "you are planned first" in read(client, found.get_absolute_url())


def test_nobody_else_reads_or_answers_it(client):
    edition = exchange()
    host = edition.hosts.order_by("pk").first()
    found = naming(edition, "PL", host)
    client.force_login(PersonFactory())
    assert "They say that you have agreed" not in read(client, host.get_absolute_url())
    address = reverse("grandtour:answer_partner", args=[host.pk])
    sent = {"application": found.pk, "agrees": "yes"}
    assert client.post(address, sent).status_code == 404

    other = edition.hosts.order_by("pk").last()
    client.force_login(speaking(other))
    client.post(reverse("grandtour:answer_partner", args=[other.pk]), sent)
    found.refresh_from_db()
    assert found.partner_agrees is None


def test_whoever_withdrew_is_not_answered_any_more():
    edition = exchange()
    host = edition.hosts.order_by("pk").first()
    found = naming(edition, "PL", host)
    Application.objects.filter(pk=found.pk).update(state="withdrawn", ended_at=NOON)

    with pytest.raises(IllegalMove):
        partners.answer(host, found, agrees=True, at=NOON)


def test_whoever_is_forgotten_has_no_partner_any_more():
    edition = exchange()
    host = edition.hosts.order_by("pk").first()
    found = naming(edition, "PL", host)
    partners.answer(host, found, agrees=True, at=NOON)

    forget(found.person, at=NOON, keep_practices=False)

    found.refresh_from_db()
    assert (found.partner, found.peer_role, found.partner_agrees) == (None, "", None)


@pytest.mark.django_db(transaction=True)
def test_two_of_a_host_who_answer_at_once_send_one_letter():
    edition = exchange()
    host = edition.hosts.order_by("pk").first()
    found = naming(edition, "PL", host)

    at_once(lambda _number: partners.answer(host, found, agrees=True, at=NOON))

    assert Notice.objects.filter(recipient=found.person).count() == 1


def test_people_come_alone_only_where_the_kind_lets_them():
    assert EditionFactory(**PEERS, smallest_group=1).kind == Edition.Kind.PEER_EXCHANGE
    with pytest.raises(IntegrityError, match="edition_groups_of_2_to_4_or_one_alone"):
        EditionFactory(smallest_group=1)


def test_a_host_reads_of_three_as_often_as_of_one(client):
    asked = []
    for countries in (("PL",), ("PL", "SK", "HU")):
        edition = exchange(countries=countries)
        host = edition.hosts.order_by("pk").first()
        for country in countries:
            naming(edition, country, host)
        client.force_login(speaking(host))
        read(client, host.get_absolute_url())  # what is asked once, and kept
        with CaptureQueriesContext(connection) as queries:
            said = read(client, host.get_absolute_url())
        assert said.count("Yes, we have agreed") == len(countries)
        asked.append(len(queries))

    assert asked[0] == asked[1]


@pytest.mark.parametrize("why", ["left alone", "blocks the applicant", "at rest"])
def test_who_rests_or_blocks_is_not_asked_about_a_partner_and_a_colleague_is(why):
    host = HostFactory(edition=EditionFactory(**PEERS))
    away, there = speaking(host), speaking(host)
    found = named(host)
    if why == "left alone":
        leave_alone(away, DAY)
    elif why == "at rest":
        Rest.objects.create(person=away, period=days(DAY, date(2026, 2, 20)))
    else:
        Block.objects.create(person=away, blocked=found.person)

    notices.asked(Application.objects.filter(pk=found.pk), at=NOON)

    assert told() == [there]


def test_whoever_was_asked_is_asked_again_only_once_it_is_sent_anew():
    host = HostFactory(edition=EditionFactory(**PEERS))
    speaking(host)
    found = named(host)
    remind()
    remind()
    assert len(told()) == 1

    Application.objects.filter(pk=found.pk).update(submitted_at=NOON + timedelta(hours=1))
    remind()
    assert len(told()) == 2


@pytest.mark.parametrize("asked_before", [True, False])
def test_twenty_are_asked_about_in_as_many_statements_as_one(asked_before):
    counts = []
    for number in (1, 20):
        with transaction.atomic():
            for _ in range(number):
                host = HostFactory(edition=EditionFactory(**PEERS))
                leave_alone(speaking(host), DAY)
                blocks = Block(person=speaking(host), blocked=named(host).person)
                blocks.save()
                speaking(host)
            if asked_before:
                reminders.ask(NOON)
            with CaptureQueriesContext(connection) as queries:
                reminders.ask(NOON)
            assert len(told()) == number
            counts.append(len(queries))
            transaction.set_rollback(True)

    assert counts[0] == counts[1] <= 7


def test_no_letter_is_rendered_for_whoever_was_asked_before(monkeypatch):
    host = HostFactory(edition=EditionFactory(**PEERS))
    speaking(host)
    named(host)
    reminders.ask(NOON)
    rendered = []
    monkeypatch.setattr(mailbox, "render_to_string", lambda *args: rendered.append(args))

    reminders.ask(NOON)

    assert (rendered, len(told())) == ([], 1)


def test_whoever_was_left_alone_is_asked_once_they_are_back_and_only_while_it_is_open():
    host = HostFactory(edition=EditionFactory(**PEERS))
    away = speaking(host)
    rest = leave_alone(away, DAY)
    found = named(host)
    notices.asked(Application.objects.filter(pk=found.pk), at=NOON)
    remind()
    assert told() == []

    rest.delete()
    remind()
    remind()
    assert told() == [away]

    Notice.objects.all().delete()
    partners.answer(host, found, agrees=False, at=NOON)
    Notice.objects.all().delete()
    remind()
    assert told() == []


def test_nobody_is_asked_about_an_applicant_whom_organisers_have_hidden():
    host = HostFactory(edition=EditionFactory(**PEERS))
    speaking(host)
    found = named(host)
    Person.objects.filter(pk=found.person_id).update(hidden_at=NOON)

    remind()

    assert told() == []


def named(host):
    """Let somebody who has applied name a host."""
    return ReadFactory(edition=host.edition, partner=host, peer_role="mentor")


def told():
    """List who was asked, in order."""
    rows = Notice.objects.filter(key__startswith="partner-asked:").order_by("recipient")
    return [notice.recipient for notice in rows.select_related("recipient")]
