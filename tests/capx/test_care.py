"""The steward's desk: what people share and nothing else, and what would help them."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from tests.factories import (
    AffiliateFactory,
    ExchangeFactory,
    ListingFactory,
    MembershipFactory,
    OrganiserFactory,
    PersonFactory,
    PersonSkillFactory,
    SkillFactory,
)
from volunteers.actions import care
from volunteers.actions import rest as resting
from volunteers.models import (
    Bandwidth,
    Block,
    BottleneckSnapshot,
    CheckIn,
    Commitment,
    Look,
    Notice,
    Person,
    Rest,
    SharingInvitation,
    Thanks,
)
from volunteers.models.bandwidth import days

NOW = datetime(2026, 5, 12, 12, tzinfo=UTC)
TODAY, MONDAY = NOW.date(), date(2026, 5, 11)
LONG_AGO = NOW - timedelta(days=300)
FOR_EVER = DateRange(date(2026, 1, 1), None)
DESK, ASK, SUGGEST = (
    reverse(name, args=["wmpl"]) for name in ("care", "care_ask", "care_suggest")
)


@pytest.fixture
def affiliate(db):
    return AffiliateFactory(slug="wmpl", name="Wikimedia Polska")


@pytest.fixture
def steward(client, affiliate):
    person = PersonFactory(username="sten", name="Sten Ward")
    MembershipFactory(person=person, affiliate=affiliate, role="steward", confirmed_at=LONG_AGO)
    client.force_login(person)
    with time_machine.travel(NOW, tick=False):
        yield person


def belonging(affiliate, name, **about):
    person = PersonFactory(name=name, **about)
    MembershipFactory(person=person, affiliate=affiliate, role="editor", confirmed_at=LONG_AGO)
    return person


def sharing(affiliate, name, *, capacity=10, load=0, weeks=True, check_ins=False, **about):  # noqa: PLR0913 -- each test says what matters to it
    """Make a member who shares, with hours they can give and hours they have taken on."""
    person = belonging(affiliate, name, **about)
    what = care.Shared(DateRange(TODAY, None), weeks, check_ins)
    care.share(person, affiliate, what, at=NOW)
    if capacity is not None:
        Bandwidth.objects.create(person=person, period=FOR_EVER, weekly_hours=capacity)
    if load:
        taken_on(person, load)
    return person


def taken_on(person, load, **about):
    about = {"what": "Something", "source": "by_hand", "period": FOR_EVER} | about
    return Commitment.objects.create(
        person=person, key=f"{person.pk}-{load}", weekly_hours=Decimal(load), **about
    )


def page(client, path=DESK):
    text = " ".join(client.get(path).content.decode().split())
    return text[text.index("<main") : text.index("</main")]


def names(rows):
    return [one.person.name for one in rows]


def told(person):
    return [n.key.split(":")[0] for n in Notice.objects.filter(recipient=person)]


def test_a_steward_sees_the_weeks_of_who_shares_them_and_of_nobody_else(
    client, affiliate, steward
):
    sharing(affiliate, "Ola", capacity="13.7", load="4.3")
    quiet = belonging(affiliate, "Quiet")
    Bandwidth.objects.create(person=quiet, period=FOR_EVER, weekly_hours="17.9")

    shown = page(client)

    assert ("13.7" in shown, "4.3" in shown, "31 %" in shown) == (True, True, True)
    assert ("Quiet" in shown, "17.9" in shown) == (False, False)


def test_what_is_taken_back_is_gone_at_the_next_look(client, affiliate, steward):
    person = sharing(affiliate, "Ola", capacity="13.7")
    assert "13.7" in page(client)

    care.stop_sharing(person, affiliate, at=NOW)

    assert ("Ola" in page(client), "13.7" in page(client)) == (False, False)


def test_only_stewards_of_this_affiliate_open_the_desk(client, affiliate, steward):
    elsewhere = MembershipFactory(role="steward").person
    editor = MembershipFactory(affiliate=affiliate, role="editor").person
    ruler = OrganiserFactory(is_superuser=True)

    for somebody in (elsewhere, editor, ruler, PersonFactory()):
        client.force_login(somebody)
        assert [client.get(path).status_code for path in (DESK, ASK)] == [404, 404]
        assert client.post(SUGGEST).status_code == 404


@pytest.mark.parametrize(
    "days", [(91, 92, True), (93, 94, False), (1, 0, False), (0, 0, True), (30, 29, False)]
)
def test_what_was_said_a_quarter_of_a_year_ago_or_before_sharing_began_is_not_shown(
    client, affiliate, steward, days
):
    ago, shared_for, shown = days
    begins = TODAY - timedelta(days=shared_for)
    person = belonging(affiliate, "Ola")
    given = care.Shared(DateRange(begins, None), weeks=False, check_ins=True)
    care.share(person, affiliate, given, at=NOW - timedelta(days=shared_for))
    CheckIn.objects.create(
        person=person,
        week=MONDAY - 14 * timedelta(weeks=1),
        asked_at=NOW - timedelta(days=100),
        state="answered",
        answered_at=NOW - timedelta(days=ago),
        answer="too_much",
    )

    assert ("Said at the last check-in that it is too much" in page(client)) == shown


def test_who_shares_check_ins_alone_shows_no_hours(client, affiliate, steward):
    person = sharing(affiliate, "Ola", capacity="13.7", load="4.3", weeks=False, check_ins=True)
    CheckIn.objects.create(
        person=person,
        week=MONDAY,
        asked_at=NOW,
        state="answered",
        answered_at=NOW,
        answer="too_much",
        words="Head under water",
    )

    shown = page(client)

    assert ("Head under water" in shown, "13.7" in shown, "4.3" in shown) == (
        True,
        False,
        False,
    )
    assert "Said at the last check-in that it is too much" in shown


def test_who_shares_weeks_alone_shows_no_check_in_nor_words_of_a_rest(
    client, affiliate, steward
):
    person = sharing(affiliate, "Ola")
    CheckIn.objects.create(
        person=person,
        week=MONDAY,
        asked_at=NOW,
        state="answered",
        answered_at=NOW,
        answer="too_much",
        words="Head under water",
    )
    Rest.objects.create(person=person, period=days(TODAY, date(2026, 5, 20)), words="Hospital")
    taken_on(person, 3, what="A secret project")

    shown = page(client)

    assert "Rests until" in shown
    assert [
        w for w in ("Head under", "Said at the last", "Hospital", "secret") if w in shown
    ] == []


def test_what_they_do_for_this_affiliate_is_named(client, affiliate, steward):
    person = sharing(affiliate, "Ola")
    skill = PersonSkillFactory(skill__slug="mediation", skill__label="mediation").skill
    listing = ListingFactory(author=person, affiliate=affiliate)
    exchange = ExchangeFactory(listing=listing)
    taken_on(
        person,
        2,
        what="Calming the board",
        source="exchange",
        skill=skill,
    )
    Commitment.objects.update(key=f"exchange:{exchange.pk}")
    taken_on(person, 9, what="Too full", period=days(TODAY, date(2026, 7, 1)))
    taken_on(person, 1, what="From a file", source="import", affiliate=affiliate)
    one_day = {"what": "A workshop", "period": days(TODAY, TODAY)}
    taken_on(person, 42, source="import", affiliate=affiliate, **one_day)

    shown = page(client)

    assert ("Calming the board" in shown, "From a file" in shown) == (True, True)
    assert "Too full" not in shown
    assert ("6 h ·" in shown, "42 h" in shown) == (True, False)
    assert "/people/?skill=mediation" in shown


def test_where_others_are_found_nobody_stands_who_is_left_alone(client, affiliate, steward):
    skill = SkillFactory(slug="mediation", label="mediation")
    person = sharing(affiliate, "Ola", load=12)
    taken_on(person, 2, affiliate=affiliate, source="import", skill=skill)
    for name in ("Free", "Alone"):
        PersonSkillFactory(person=PersonFactory(name=name), skill=skill)
    resting.leave_alone(Person.objects.get(name="Alone"), TODAY)
    address = next(
        one for one in re.findall(r'href="([^"]+)"', page(client)) if one.endswith("=mediation")
    )

    found = client.get(address).context["page"]

    assert [one.name for one in found] == ["Free"]


def test_overload_and_a_rest_that_is_due_come_first_with_what_would_help(
    client, affiliate, steward
):
    sharing(affiliate, "Over", load=12)
    sharing(affiliate, "Tired", load="9.5")
    sharing(affiliate, "Well", load=3)

    answer = client.get(DESK)

    assert names(answer.context["needy"]) == ["Over", "Tired"]
    assert names(answer.context["page"]) == ["Over", "Tired", "Well"]
    assert "More than they can give in the weeks of" in answer.content.decode()
    assert "Six full weeks in a row, and no rest" in answer.content.decode()


def test_who_rests_is_not_told_to_rest_and_what_falls_into_it_is_named(
    client, affiliate, steward
):
    person = sharing(affiliate, "Ola", load=9)
    resting.rest(person, TODAY - timedelta(days=7), TODAY + timedelta(days=30))

    shown = page(client)

    assert names(client.get(DESK).context["needy"]) == ["Ola"]
    assert "falls into their rest, in the weeks of" in shown
    assert "Suggest passing something on" in shown
    unsaid = ("More than they can give", "and no rest", "Suggest a rest")
    assert [words for words in unsaid if words in shown] == []


def test_a_desk_of_many_has_pages_of_each_list(client, affiliate, steward):
    for n in range(31):
        sharing(affiliate, f"P{n:02}", capacity=4, load=9)

    first = client.get(DESK)
    turned = client.get(DESK, {"needs": 2, "page": 1})

    everybody = [f"P{n:02}" for n in range(31)]
    assert names([*first.context["needy"], *turned.context["needy"]]) == everybody
    assert names(first.context["page"]) == names(turned.context["page"]) == everybody[:30]
    assert 'href="?needs=2#help"' in first.content.decode()


def test_a_steward_suggests_a_rest_once_a_month_and_only_to_who_shares(
    client, affiliate, steward
):
    over = sharing(affiliate, "Over", load=12)
    quiet = belonging(affiliate, "Quiet")

    for _twice in range(2):
        client.post(SUGGEST, {"person": over.pk, "what": "rest"})
    client.post(SUGGEST, {"person": over.pk, "what": "pass_on"})
    client.post(SUGGEST, {"person": over.pk, "what": "run"})
    client.post(SUGGEST, {"person": quiet.pk, "what": "rest"})

    assert (told(over), told(quiet)) == (["suggested", "suggested"], [])


def test_the_sum_of_all_is_shown_from_five_people_on(client, affiliate, steward):
    for n in range(4):
        sharing(affiliate, f"Person {n}", load=5)
    sharing(affiliate, "Says no hours", capacity=None, load=50)
    assert client.get(DESK).context["together"] == []

    sharing(affiliate, "The fifth", load=10)

    assert client.get(DESK).context["together"][0] == (MONDAY, "60 %")


def test_of_a_week_that_few_have_declared_no_sum_is_shown(client, affiliate, steward):
    for n in range(5):
        sharing(affiliate, f"Person {n}", load=5)
    ends = DateRange(date(2026, 1, 1), MONDAY + timedelta(weeks=2))
    Bandwidth.objects.filter(person__name="Person 0").update(period=ends)

    together = client.get(DESK).context["together"]

    assert [monday for monday, _full in together] == [MONDAY, MONDAY + timedelta(weeks=1)]


def test_whoever_gave_and_heard_nothing_for_a_while_is_to_be_thanked(
    client, affiliate, steward
):
    def gave(name, done_at=NOW - timedelta(days=20)):
        person = belonging(affiliate, name)
        listing = ListingFactory(author=person, affiliate=affiliate)
        done(ExchangeFactory(listing=listing), done_at)
        return person

    gave("Zoe")
    gave("Ada")
    gave("Long ago", NOW - timedelta(days=95))
    thanked = gave("Thanked")
    shut = gave("Shut")
    hidden = gave("Hidden")
    belonging(affiliate, "Gave nothing")
    Thanks.objects.create(
        giver=PersonFactory(), receiver=thanked, key="x", words="Thank you", created_at=NOW
    )
    Block.objects.create(person=shut, blocked=steward)
    Person.objects.filter(pk=hidden.pk).update(visibility="hidden")

    answer = client.get(DESK)

    assert [person.name for person in answer.context["thank"]] == ["Ada", "Zoe"]
    assert "/affiliates/wmpl/thank/" in answer.content.decode()


def test_all_who_are_to_be_thanked_are_listed_whoever_waited_longest_first(
    client, affiliate, steward
):
    for n in range(40):
        person = belonging(affiliate, f"P{n:02}")
        listing = ListingFactory(author=person, affiliate=affiliate)
        done(ExchangeFactory(listing=listing), NOW - timedelta(days=20))
        if n < 35:
            Thanks.objects.create(
                giver=steward,
                receiver=person,
                affiliate=affiliate,
                key=f"x{n}",
                words="Thank you",
                created_at=NOW - timedelta(days=70 + n),
            )

    first, second = (client.get(DESK, {"thank": n}) for n in (1, 2))

    never = [f"P{n}" for n in range(35, 40)]
    waited = [f"P{n:02}" for n in reversed(range(35))]
    listed = [one.name for answer in (first, second) for one in answer.context["thank"]]
    assert listed == never + waited
    assert 'href="?thank=2#thank"' in first.content.decode()


def test_whoever_keeps_something_running_or_came_to_its_end_is_to_be_thanked(
    client, affiliate, steward
):
    """Of what files brought nobody has to say that it is done."""
    today, day = TODAY, timedelta(days=1)
    periods = {
        "Running for a year": ("running", today - 365 * day, None),
        "Running for sixty days": ("running", today - 60 * day, today + 30 * day),
        "Running for less": ("running", today - 59 * day, None),
        "Running, over lately": ("running", today - 50 * day, today - 1 * day),
        "Running, over for long": ("running", today - 365 * day, today - 91 * day),
        "Planned, over lately": ("planned", today - 90 * day, today - 90 * day),
        "Planned, over for long": ("planned", today - 91 * day, today - 91 * day),
        "Planned until today": ("planned", today - 200 * day, today),
        "Dropped": ("dropped", today - 365 * day, today - 1 * day),
        "Pencilled in": ("tentative", today - 365 * day, today - 1 * day),
        "Done lately": ("done", today - 20 * day, today - 20 * day),
    }
    for name, (state, first, last) in periods.items():
        Commitment.objects.create(
            person=belonging(affiliate, name),
            what="Helpdesk",
            source="import",
            key=name,
            period=DateRange(first, last, "[]" if last else "[)"),
            weekly_hours=2,
            state=state,
            affiliate=affiliate,
        )

    assert {person.name for person in client.get(DESK).context["thank"]} == {
        "Running for a year",
        "Running for sixty days",
        "Running, over lately",
        "Planned, over lately",
        "Done lately",
    }


def done(exchange, at):
    """Let an exchange be done, as both said."""
    type(exchange).objects.filter(pk=exchange.pk).update(
        version=1, provider_version=1, receiver_version=1
    )
    type(exchange).objects.filter(pk=exchange.pk).update(
        state="done",
        agreed_version=1,
        agreed_at=at,
        starts_day=at.date(),
        ends_day=at.date(),
        provider_happened=True,
        receiver_happened=True,
        done_at=at,
    )


def test_every_look_is_noted_once_a_day_for_who_was_seen(client, affiliate, steward):
    seen = sharing(affiliate, "Ola")
    belonging(affiliate, "Quiet")

    for _twice in range(2):
        client.get(DESK)

    looks = Look.objects.values_list("person", "steward", "affiliate", "day")
    assert list(looks) == [(seen.pk, steward.pk, affiliate.pk, TODAY)]


def test_who_is_hidden_from_everybody_is_seen_by_stewards_they_allow(
    client, affiliate, steward
):
    hidden = sharing(affiliate, "Hidden", username="hidden", visibility="hidden")
    by_organiser = sharing(affiliate, "Gone")
    Person.objects.filter(pk=by_organiser.pk).update(hidden_at=NOW)

    shown = page(client)

    assert ("Hidden" in shown, "Gone" in shown) == (True, False)
    assert hidden.get_absolute_url() not in shown


def test_people_who_cannot_meet_a_steward_are_not_on_their_desk(client, affiliate, steward):
    one, other = sharing(affiliate, "One"), sharing(affiliate, "Other")
    Block.objects.create(person=one, blocked=steward)
    Block.objects.create(person=steward, blocked=other)

    assert names(client.get(DESK).context["page"]) == []


def test_a_day_that_is_over_where_the_sharer_lives_is_over(client, affiliate, steward):
    person = belonging(affiliate, "Ola", time_zone="Pacific/Auckland")
    care.share(person, affiliate, care.Shared(days(TODAY, TODAY)), at=NOW)
    assert names(client.get(DESK).context["page"]) == []

    person.time_zone = "Europe/Warsaw"
    person.save()
    assert names(client.get(DESK).context["page"]) == ["Ola"]


def test_a_desk_of_thirty_asks_as_much_as_a_desk_of_one(
    client, affiliate, steward, django_assert_num_queries
):
    sharing(affiliate, "Ola", load=12, check_ins=True)
    client.get(DESK)
    with django_assert_num_queries(QUERIES):
        client.get(DESK)
    for n in range(29):
        sharing(affiliate, f"Person {n}", load=12, check_ins=True)
    with django_assert_num_queries(QUERIES):
        client.get(DESK)


# Eleven, and the two with which a test wraps the transaction of the looks.
QUERIES = 13


def test_the_skills_at_risk_stand_on_the_desk_with_what_would_help(client, affiliate, steward):
    def known(name, level, scope=f"affiliate:{affiliate.pk}"):
        skill = SkillFactory(slug=name, label=name)
        BottleneckSnapshot.objects.create(
            day=TODAY, scope=scope, skill=skill, level=level, band="over"
        )

    known("interpreting", "red")
    known("bookkeeping", "amber")
    known("cooking", "fine")
    known("sailing", "red", scope="all")

    shown = page(client)

    part = shown[shown.index('id="bottlenecks"') :]
    assert part.index("interpreting") < part.index("bookkeeping")
    assert "Offer a training" in part
    assert "Invite people who want to learn it" in part
    assert "cooking" not in shown
    assert "sailing" not in shown


def test_an_empty_desk_says_how_to_begin(client, affiliate, steward):
    shown = page(client)

    assert "Nobody shares anything with this affiliate yet" in shown
    assert ASK in shown


def test_a_member_is_asked_to_share_once_in_ninety_days_and_nobody_sees_the_answer(
    client, affiliate, steward
):
    person = belonging(affiliate, "Ola")
    before = page(client, ASK)

    client.post(ASK, {"person": person.pk})
    again = client.post(ASK, {"person": person.pk}, follow=True)

    assert told(person) == ["invited-to-share"]
    assert "If nobody has asked them lately" in again.content.decode()
    assert "Ola" in page(client, ASK)
    assert before.count("<li") == page(client, ASK).count("<li")
    with time_machine.travel(NOW + SharingInvitation.PAUSE + timedelta(seconds=1), tick=False):
        client.post(ASK, {"person": person.pk})
    assert told(person) == ["invited-to-share"] * 2


def test_who_shared_until_a_day_that_is_over_can_be_asked_again(client, affiliate, steward):
    person = belonging(affiliate, "Ola")
    what = care.Shared(DateRange(TODAY - timedelta(days=30), TODAY))
    care.share(person, affiliate, what, at=NOW - timedelta(days=30))
    assert "Ola" in page(client, ASK)

    client.post(ASK, {"person": person.pk})

    assert told(person) == ["invited-to-share"]


def test_another_affiliate_does_not_ask_in_the_same_ninety_days(client, affiliate, steward):
    other = AffiliateFactory(slug="other")
    MembershipFactory(person=steward, affiliate=other, role="steward", confirmed_at=LONG_AGO)
    person = belonging(affiliate, "Ola")
    MembershipFactory(person=person, affiliate=other, confirmed_at=LONG_AGO)

    client.post(ASK, {"person": person.pk})
    client.post(reverse("care_ask", args=["other"]), {"person": person.pk})

    assert told(person) == ["invited-to-share"]


def test_nobody_is_asked_who_shares_belongs_elsewhere_or_cannot_be_met(
    client, affiliate, steward
):
    shares = sharing(affiliate, "Shares")
    stranger = PersonFactory()
    waiting = MembershipFactory(affiliate=affiliate, confirmed_at=None).person
    shut = belonging(affiliate, "Shut")
    Block.objects.create(person=shut, blocked=steward)
    rests, alone = belonging(affiliate, "Rests"), belonging(affiliate, "Alone")
    Rest.objects.create(person=rests, period=days(TODAY, TODAY + timedelta(days=2)))
    type(alone).objects.filter(pk=alone.pk).update(may_be_asked=False)

    for person in (shares, stranger, waiting, shut, rests, alone, steward):
        assert client.post(ASK, {"person": person.pk}).status_code == 302

    assert Notice.objects.count() == 0


def test_who_is_left_alone_does_not_stand_among_those_to_be_asked(client, affiliate, steward):
    ola = belonging(affiliate, "Ola")
    resting.leave_alone(ola, TODAY)

    assert "Ola" not in page(client, ASK)
    assert client.post(ASK, {"person": ola.pk}).status_code == 302
    assert told(ola) == []
    resting.come_back(ola, TODAY)
    assert "Ola" in page(client, ASK)


def test_the_preview_is_what_the_desk_shows(client, affiliate, steward):
    person = sharing(affiliate, "Ola", capacity="13.7", load="4.3")
    desk = client.get(DESK).context["page"][0]
    client.force_login(person)

    share = reverse("share", args=["wmpl"])
    seen = client.get(share).context["seen"]
    ticked = client.post(
        share, {"check_ins": "on", "first": "2026-05-12", "preview": ""}
    ).context["seen"]

    assert (seen.weeks, seen.needs, seen.doing) == (desk.weeks, desk.needs, desk.doing)
    assert (ticked.access.weeks, ticked.weeks, ticked.access.check_ins) == (False, [], True)
    assert person.steward_access.live().get().weeks


def test_who_rests_is_not_said_to_be_too_full(client, affiliate, steward):
    person = sharing(affiliate, "Ola", capacity=10, load=4)
    Rest.objects.create(person=person, period=days(MONDAY, MONDAY + timedelta(days=13)))

    shown = client.get(DESK).context["page"][0]
    assert shown.words == (
        "The next 8 weeks of Ola: 0 are fuller than they said. In 2 of them they rest."
    )
    assert shown.gist == "Rests now"

    Rest.objects.create(person=person, period=days(MONDAY + timedelta(days=14), None))
    assert client.get(DESK).context["page"][0].words == "Ola rests in the next 8 weeks."


def test_people_on_the_desk_are_folded_and_say_what_matters(client, affiliate, steward):
    sharing(affiliate, "Ola", capacity=3, load=4)

    shown = " ".join(page(client).split())

    assert re.search(r"<details[^>]*> <summary> <h3[^>]*><bdi>Ola</bdi></h3>", shown)
    assert "8 weeks too full" in shown
