"""My bandwidth: what one can give, when one rests, what one has taken on."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories import PersonFactory, SkillFactory
from volunteers import gate
from volunteers.actions import bandwidth, commitments
from volunteers.actions import rest as resting
from volunteers.gate import Wish
from volunteers.models import Bandwidth, Commitment, Rest
from volunteers.models.bandwidth import days

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 2)  # a Monday
DAY = timedelta(days=1)
PAGE = "/me/bandwidth/"


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel("2026-03-02 12:00Z", tick=False):
        yield


@pytest.fixture
def me(client):
    person = PersonFactory(username="me")
    client.force_login(person)
    return person


def answer(person):
    return gate.check(person, asker=PersonFactory(), now=timezone.now(), wish=Wish())


def said(person):
    rows = person.bandwidth.order_by("period")
    return [(row.weekly_hours, row.period.lower, row.period.upper) for row in rows]


def post(client, name, *args, **fields):
    return client.post(reverse(f"volunteers:{name}", args=args), fields)


def page(client):
    return client.get(PAGE).content.decode()


def test_hours_are_said_in_one_step_where_nothing_was_said_before(client, me):
    response = post(client, "hours", weekly_hours="5.5", first="2026-03-02")

    assert response.headers["Location"] == PAGE
    assert said(me) == [(Decimal("5.5"), TODAY, None)]
    assert "5.5 h a week" in page(client)


def test_what_new_hours_change_is_shown_before_they_are_saved(client, me):
    bandwidth.declare(me, Decimal(5), TODAY - 30 * DAY, None)
    fields = {"weekly_hours": "2", "first": "2026-03-09", "last": "2026-03-15"}

    shown = post(client, "hours", **fields).content.decode()

    assert re.sub(r"<[^>]+>|\s+", " ", shown).count("stays:") == 2
    assert said(me) == [(5, TODAY - 30 * DAY, None)]
    kept = dict(re.findall(r'type="hidden"\s+name="(\w+)"\s+value="([^"]*)"', shown))
    post(client, "hours", **kept)
    assert said(me) == [
        (5, TODAY - 30 * DAY, date(2026, 3, 9)),
        (2, date(2026, 3, 9), date(2026, 3, 16)),
        (5, date(2026, 3, 16), None),
    ]


def test_hours_hold_from_today_and_what_was_said_before_stays(me):
    bandwidth.declare(me, Decimal(5), TODAY - 30 * DAY, None)
    bandwidth.declare(me, Decimal(2), TODAY, None)
    bandwidth.declare(me, Decimal(3), TODAY, None)
    assert said(me) == [(5, TODAY - 30 * DAY, TODAY), (3, TODAY, None)]

    bandwidth.declare(me, None, TODAY, None)
    assert said(me) == [(5, TODAY - 30 * DAY, TODAY)]


@pytest.mark.parametrize(
    ("first", "last", "left"),
    [
        (0, 20, [(0, 5), (10, 20)]),
        (0, 7, [(0, 5)]),
        (7, 20, [(10, 20)]),
        (5, 10, []),
        (6, 8, []),
        (0, None, [(0, 5), (10, None)]),
    ],
)
def test_a_new_range_cuts_the_old_ones(first, last, left):
    def period(first, end):
        end = None if end is None else TODAY + end * DAY
        return bandwidth.DateRange(TODAY + first * DAY, end)

    assert bandwidth.without(period(first, last), period(5, 10)) == [
        period(*some) for some in left
    ]


def test_what_was_said_is_taken_back_from_today_on(client, me):
    bandwidth.declare(me, Decimal(5), TODAY - 30 * DAY, TODAY + 30 * DAY)
    post(client, "end_hours", me.bandwidth.get().pk)
    assert said(me) == [(5, TODAY - 30 * DAY, TODAY)]

    assert post(client, "end_hours", me.bandwidth.get().pk).status_code == 404


def undo(answer, address):
    [back] = re.findall(rf'action="({re.escape(reverse(address))}[^"]*)"', answer.text)
    return back.replace("&amp;", "&")


def end_hours(client, person):
    address = reverse("volunteers:end_hours", args=[person.bandwidth.get().pk])
    return client.post(address, follow=True)


@pytest.mark.parametrize("last", [None, TODAY + 30 * DAY])
@pytest.mark.parametrize("first", [TODAY - 30 * DAY, TODAY, TODAY + 3 * DAY])
def test_what_was_taken_back_is_said_again_from_the_message(client, me, first, last):
    bandwidth.declare(me, Decimal("5.5"), first, last)
    before = said(me)
    shown = client.post(
        reverse("volunteers:end_hours", args=[me.bandwidth.get().pk]), follow=True
    )
    assert said(me) != before

    back = undo(shown, "volunteers:hours_again")
    assert "As it was" in client.post(back, follow=True).text
    assert said(me) == before
    assert "Nothing was done" in client.post(back, follow=True).text
    assert said(me) == before


def test_what_was_said_meanwhile_is_kept_when_something_else_is_said_again(client, me):
    bandwidth.declare(me, Decimal(5), TODAY, TODAY + 30 * DAY)
    shown = client.post(
        reverse("volunteers:end_hours", args=[me.bandwidth.get().pk]), follow=True
    )
    bandwidth.declare(me, Decimal(2), TODAY + 7 * DAY, None)
    before = said(me)

    answer = client.post(undo(shown, "volunteers:hours_again"), follow=True)

    assert "Nothing was done" in answer.text
    assert said(me) == before


@pytest.mark.parametrize(
    "words",
    [
        {},
        {"first": "2026-03-02"},
        {"weekly_hours": "5", "first": "2026-02-28"},
        {"weekly_hours": "\0", "first": "\0", "last": "\0"},
        {"weekly_hours": "99", "first": "2026-03-02"},
    ],
)
def test_hours_said_again_without_sense_are_not_said(client, me, words):
    address = reverse("volunteers:hours_again", query=words)

    assert "Nothing was done" in client.post(address, follow=True).text
    assert said(me) == []


@pytest.mark.parametrize("hours", ["-1", "81", "x", "1e9", "\0", "0.55"])
def test_hours_that_make_no_sense_get_a_message(client, me, hours):
    response = post(client, "hours", weekly_hours=hours, first="2026-03-02")

    assert response.status_code == 200
    assert not me.bandwidth.exists()


def test_one_switch_without_a_reason_and_nobody_can_ask(client, me):
    post(client, "leave_alone")
    assert answer(me) == gate.Answer.CLOSED
    post(client, "leave_alone")
    assert me.rests.get().alone
    assert "/me/hand-over/" in page(client)

    post(client, "come_back")
    assert answer(me) == gate.Answer.OPEN
    assert not me.rests.exists()


def test_the_switch_can_know_when_it_ends(client, me):
    post(client, "leave_alone", **{"alone-last": "2026-03-08"})

    rest = me.rests.get()
    assert (rest.period.lower, rest.period.upper) == (TODAY, date(2026, 3, 9))
    assert post(client, "leave_alone", **{"alone-last": "2026-03-01"}).status_code == 200


def test_the_switch_ends_no_rest_earlier_than_it_was_noted(me):
    resting.rest(me, TODAY - 3 * DAY, TODAY + 2 * DAY, "sea")
    resting.rest(me, TODAY + 5 * DAY, TODAY + 20 * DAY, "hills")

    rest = resting.leave_alone(me, TODAY, TODAY + 6 * DAY)

    assert me.rests.get() == rest
    assert (rest.period.lower, rest.period.upper, rest.words, rest.alone) == (
        TODAY - 3 * DAY,
        TODAY + 21 * DAY,
        "sea",
        True,
    )


def test_days_off_noted_beforehand_hold_again_for_who_comes_back_earlier(client, me):
    resting.rest(me, TODAY - 3 * DAY, TODAY + 2 * DAY, "sea")
    resting.rest(me, TODAY + 5 * DAY, TODAY + 20 * DAY, "hills")
    resting.rest(me, TODAY + 90 * DAY, None, "island")
    words = "they stand below again"
    assert words not in page(client)
    for _twice in range(2):
        post(client, "leave_alone")
    assert me.rests.get().words == "sea"
    assert words in page(client)

    with time_machine.travel(TODAY + DAY, tick=False):
        post(client, "come_back")

    rests = me.rests.order_by("period").values_list("period", "words", "alone", "covers")
    assert list(rests) == [
        (DateRange(TODAY - 3 * DAY, TODAY + DAY), "sea", False, []),
        (DateRange(TODAY + 5 * DAY, TODAY + 21 * DAY), "hills", False, []),
        (DateRange(TODAY + 90 * DAY, None), "island", False, []),
    ]
    assert words not in page(client)


def test_the_switch_is_of_the_day_where_the_person_lives(client, me):
    me.time_zone = "Pacific/Auckland"
    me.save()
    post(client, "leave_alone")

    assert me.rests.get().period.lower == TODAY + DAY
    assert answer(me) == gate.Answer.CLOSED


def test_a_rest_known_beforehand_is_noted_and_taken_back(client, me):
    post(client, "rest", first="2026-03-12", last="2026-03-12", words="sea")
    rest = me.rests.get()
    assert (rest.period.lower, rest.period.upper, rest.words, rest.alone) == (
        date(2026, 3, 12),
        date(2026, 3, 13),
        "sea",
        False,
    )
    assert "sea" in page(client)

    shown = client.post(reverse("volunteers:forget_rest", args=[rest.pk]), follow=True)
    assert not me.rests.exists()

    back = undo(shown, "volunteers:rest_again")
    assert "sea" not in back
    assert "As it was" in client.post(back, follow=True).text
    again = me.rests.get()
    assert (again.period, again.words, again.alone) == (rest.period, "sea", False)
    assert "Nothing was done" in client.post(back, follow=True).text
    assert me.rests.count() == 1


def test_a_rest_is_not_noted_again_over_another_nor_when_it_is_over(client, me):
    post(client, "rest", first="2026-03-12", last="2026-03-14")
    post(client, "forget_rest", me.rests.get().pk)
    post(client, "rest", first="2026-03-13")
    assert "Nothing was done" in client.post("/me/bandwidth/rest/again/", follow=True).text

    post(client, "forget_rest", me.rests.get().pk)
    post(client, "rest", first="2026-03-03", last="2026-03-03")
    post(client, "forget_rest", me.rests.get().pk)
    with time_machine.travel("2026-03-04 12:00Z", tick=False):
        assert "Nothing was done" in client.post("/me/bandwidth/rest/again/", follow=True).text
    assert not me.rests.exists()


def test_two_rests_that_share_a_day_get_a_message(client, me):
    post(client, "rest", first="2026-03-12")

    response = post(client, "rest", first="2026-03-12", words="kept")

    assert "noted as rest already" in response.content.decode()
    assert "kept" in response.content.decode()


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("", ""),
        ("2001-01-01", ""),
        ("9999-12-31", ""),
        ("2026-99-99", "x"),
        ("\0", "\0"),
        ("2999-01-01", "2000-01-01"),
    ],
)
@pytest.mark.parametrize("form", ["rest", "hours"])
def test_days_that_make_no_sense_get_a_message(client, me, form, first, last):
    response = post(client, form, first=first, last=last, weekly_hours="5")

    assert response.status_code == 200
    assert not me.rests.exists()
    assert not me.bandwidth.exists()


def test_coming_back_keeps_the_days_that_were_rest(me):
    resting.rest(me, TODAY - 5 * DAY, TODAY + 5 * DAY)
    me.rests.update(alone=True)

    resting.come_back(me, TODAY)

    rest = me.rests.get()
    assert (rest.period.lower, rest.period.upper, rest.alone) == (TODAY - 5 * DAY, TODAY, False)


def taken(person):
    rows = person.commitments.order_by("pk")
    return [
        (row.what, row.weekly_hours, row.period.lower, row.period.upper, row.state)
        for row in rows
    ]


def test_what_one_does_elsewhere_is_noted_changed_and_counts(client, me):
    skill = SkillFactory(label="bookkeeping")
    fields = {"what": "The books", "weekly_hours": "2.5", "first": "2026-01-05"}
    post(client, "take_on", **fields, skill="bookkeeping")
    row = me.commitments.get()
    assert (row.skill, row.source) == (skill, "by_hand")
    assert taken(me) == [("The books", Decimal("2.5"), date(2026, 1, 5), None, "planned")]
    form = client.get(reverse("volunteers:commitment", args=[row.pk])).content.decode()
    assert 'value="2.5"' in form
    assert "bookkeeping" in form

    post(client, "commitment", row.pk, **fields | {"last": "2026-12-31"})
    assert taken(me)[0][3] == date(2027, 1, 1)
    assert "The books" in page(client)


@pytest.mark.parametrize(
    "wrong",
    [
        {"what": ""},
        {"weekly_hours": "0"},
        {"weekly_hours": "81"},
        {"weekly_hours": "1e400"},
        {"first": "x"},
        {"last": "2025-01-01"},
        {"skill": "knitting with cables"},
    ],
)
def test_a_commitment_that_makes_no_sense_gets_a_message_and_is_kept(client, me, wrong):
    fields = {"what": "The books", "weekly_hours": "2", "first": "2026-03-02"} | wrong

    response = post(client, "take_on", **fields)

    assert response.status_code == 200
    assert not me.commitments.exists()
    assert wrong.get("skill", "") in response.content.decode()


def take_on(person, hours="2", first=TODAY, last=None):
    return commitments.take_on(person, commitments.Words("It", Decimal(hours), first, last))


@pytest.mark.parametrize("verb", ["finish_commitment", "put_down"])
def test_what_is_done_or_put_down_keeps_what_it_took(client, me, verb):
    row = take_on(me, first=TODAY - 14 * DAY)

    post(client, verb, row.pk)

    assert taken(me) == [("It", 2, TODAY - 14 * DAY, TODAY, "done")]
    assert post(client, verb, row.pk).status_code == 404


def test_what_has_not_begun_and_is_put_down_took_nothing(client, me):
    post(client, "put_down", take_on(me).pk)
    assert taken(me)[0][4] == "dropped"


def test_what_has_not_begun_cannot_be_done_and_counts_no_hour(client, me):
    row, begun = take_on(me, first=TODAY + 3 * DAY), take_on(me)

    shown = page(client)
    post(client, "finish_commitment", row.pk)

    assert reverse("volunteers:finish_commitment", args=[row.pk]) not in shown
    assert reverse("volunteers:finish_commitment", args=[begun.pk]) in shown
    row.refresh_from_db()
    assert (row.state, row.period.lower) == ("dropped", TODAY + 3 * DAY)


def test_what_is_done_on_its_first_day_took_that_day(client, me):
    post(client, "finish_commitment", take_on(me).pk)
    assert taken(me) == [("It", 2, TODAY, TODAY + DAY, "done")]


@pytest.mark.parametrize("verb", ["finish_commitment", "put_down"])
@pytest.mark.parametrize("last", [None, TODAY + 30 * DAY])
@pytest.mark.parametrize("first", [TODAY - 14 * DAY, TODAY, TODAY + 3 * DAY])
def test_done_and_put_down_can_be_taken_back_from_the_message(client, me, verb, first, last):
    row = take_on(me, first=first, last=last)
    before = taken(me)

    shown = client.post(reverse(f"volunteers:{verb}", args=[row.pk]), follow=True).text
    [back] = re.findall(r'action="(/me/bandwidth/taken/\d+/again/[^"]*)"', shown)
    assert taken(me) != before
    client.post(back)

    assert taken(me) == before
    assert client.post(back).status_code == 404


@pytest.mark.parametrize("last", ["2020-01-01", "never", "\0", "0000-00-00"])
def test_an_undo_that_makes_no_sense_undoes_nothing(client, me, last):
    row = take_on(me, first=TODAY - 14 * DAY)
    post(client, "finish_commitment", row.pk)

    address = reverse("volunteers:take_up_again", args=[row.pk], query={"last": last})
    assert "Nothing was done" in client.post(address, follow=True).text

    assert taken(me)[0][4] == "done"


@pytest.mark.parametrize("query", [{"last": "never"}, {"asked": "abc"}])
def test_an_undo_without_sense_undoes_nothing_of_what_has_no_end_either(client, me, query):
    row = take_on(me)
    Commitment.objects.filter(pk=row.pk).update(period=days(TODAY - 14 * DAY, None))
    post(client, "put_down", row.pk)
    before = taken(me)

    address = reverse("volunteers:take_up_again", args=[row.pk], query=query)

    assert "Nothing was done" in client.post(address, follow=True).text
    assert taken(me) == before


def test_what_others_ended_or_other_people_have_is_not_taken_up_again(client, me):
    passed = take_on(me)
    commitments.put_down(passed, TODAY)
    Commitment.objects.update(let_go_at=timezone.now())  # as what is passed on is marked
    others = take_on(PersonFactory())
    commitments.put_down(others, TODAY)
    elsewhere = from_elsewhere(me, "exchange", "exchange:12", state="dropped")

    for row in (passed, others, elsewhere, take_on(me)):
        assert post(client, "take_up_again", row.pk).status_code == 404


def from_elsewhere(person, source, key, **fields):
    return Commitment.objects.create(
        person=person,
        what=f"From {source}",
        source=source,
        key=key,
        period=days(TODAY, TODAY + 13 * DAY),
        weekly_hours=3,
        **fields,
    )


def test_what_comes_from_elsewhere_is_shown_with_its_source_and_not_changed_here(client, me):
    rows = [
        from_elsewhere(me, "exchange", "exchange:12"),
        from_elsewhere(me, "exchange", "listing:7:1"),
        from_elsewhere(me, "import", "civicrm:1"),
    ]

    shown = page(client)

    assert 'href="/exchanges/12/"' in shown
    assert 'href="/catalogue/7/"' in shown
    assert "Imported" in shown
    for row in rows:
        assert post(client, "put_down", row.pk).status_code == 404
        assert client.get(reverse("volunteers:commitment", args=[row.pk])).status_code == 404


def numbers(shown):
    """Read the table below the picture."""
    rows = re.findall(r'<tr>\s*<th scope="row">.*?</tr>', shown, re.DOTALL)
    return [re.findall(r'<td class="numbers">\s*(.*?)\s*</td>', row, re.DOTALL) for row in rows]


def test_the_weeks_ahead_as_a_table_and_as_a_picture(client, me):
    bandwidth.declare(me, Decimal(7), TODAY, date(2026, 5, 31))
    take_on(me, "2", last=date(2026, 3, 22))
    from_elsewhere(me, "exchange", "exchange:12", state="tentative")
    take_on(me, "6", first=date(2026, 3, 9), last=date(2026, 3, 15))
    resting.rest(me, date(2026, 3, 18), date(2026, 3, 29))

    shown = page(client)

    rows = numbers(shown)
    assert len(rows) == 26
    assert rows[:4] == [
        ["2", "3", "7", "5", "29 %"],
        ["8", "3", "7", "0", "114 %"],
        ["2", "0", "2", "0", "100 %"],
        ["0", "0", "0", "0", "0 %"],
    ]
    assert rows[13] == ["0", "0", "—", "—", "—"]
    assert "one is fuller than you said it should be" in shown
    assert shown.count('class="chart__bar chart__bar--load"') == 3
    assert shown.count('class="chart__bar chart__bar--over"') == 1
    assert shown.count('class="chart__bar chart__bar--tentative"') == 2
    assert len(re.findall(r'<rect\s+class="chart__bar--rest"\s+x=', shown)) == 2


def test_load_at_rest_is_over(client, me):
    bandwidth.declare(me, Decimal(7), TODAY, None)
    take_on(me)
    resting.leave_alone(me, TODAY)

    assert numbers(page(client))[0] == ["2", "0", "0", "0", "over"]


def test_the_picture_is_mirrored_where_people_read_from_right_to_left(client, me):
    take_on(me, last=TODAY + 6 * DAY)
    left = re.search(r'chart__bar--load"\s+x="([\d.]+)"', page(client))[1]
    client.cookies["django_language"] = "ar"
    right = re.search(r'chart__bar--load"\s+x="([\d.]+)"', page(client))[1]

    assert float(left) < 50
    assert float(right) > 310


def test_what_is_over_is_not_listed_and_long_lists_have_pages(client, me):
    for n in range(60):
        take_on(me, first=TODAY - 40 * DAY, last=TODAY - DAY)
        row = from_elsewhere(me, "exchange", f"exchange:{n}", state="tentative")
        Commitment.objects.filter(pk=row.pk).update(period=days(TODAY - DAY, TODAY - DAY))
    context = client.get(PAGE).context
    assert (context["taken"], context["asked"]) == ([], [])

    for n in range(60):
        take_on(me, first=TODAY - 40 * DAY, last=TODAY + n * DAY if n else None)

    first = client.get(PAGE)
    second = client.get(PAGE, {"page": 2})
    assert [len(one.context["taken"]) for one in (first, second)] == [50, 10]
    assert 'href="?page=2#taken"' in first.content.decode()


def test_the_page_asks_the_database_the_same_for_one_and_three(client, me):
    counts = []
    for _turn in range(2):
        resting.rest(me, TODAY + (10 + len(counts)) * DAY, TODAY + (10 + len(counts)) * DAY)
        bandwidth.declare(me, Decimal(7), TODAY + len(counts) * DAY, None)
        for n in range(1 + len(counts)):
            from_elsewhere(me, "exchange", f"exchange:{len(counts)}{n}", state="tentative")
            take_on(me)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            page(client)
        counts.append(len(asked))

    assert counts[0] == counts[1] <= 12


def test_nobody_changes_what_is_somebody_elses(client, me):
    other = PersonFactory()
    rows = [
        (
            "end_hours",
            Bandwidth.objects.create(person=other, period=days(TODAY, TODAY), weekly_hours=1),
        ),
        (
            "forget_rest",
            Rest.objects.create(person=other, period=days(TODAY + DAY, TODAY + DAY)),
        ),
        ("commitment", take_on(other)),
        ("finish_commitment", take_on(other)),
        ("put_down", take_on(other)),
    ]

    for name, row in rows:
        assert post(client, name, row.pk).status_code == 404


def test_the_old_address_leads_here(client, me):
    assert client.get("/me/rest/").headers["Location"] == PAGE


def test_weeks_of_rest_are_no_reproach(client, me):
    bandwidth.declare(me, Decimal(7), TODAY, None)
    take_on(me, "2")
    resting.rest(me, TODAY, TODAY + 13 * DAY)

    assert "none is fuller than you said it should be. In 2 of them you rest." in " ".join(
        page(client).split()
    )

    resting.come_back(me, TODAY)
    resting.rest(me, TODAY, None)
    shown = page(client)
    assert "You rest in all of your next 26 weeks." in shown
    assert "fuller than" not in shown
    assert "Something you have taken on falls into your rest." in shown


def test_a_rest_into_which_nothing_falls_is_only_a_rest(client, me):
    bandwidth.declare(me, Decimal(7), TODAY, None)
    resting.rest(me, TODAY, TODAY + 13 * DAY)

    shown = page(client)

    assert "In 2 of them you rest." in shown
    assert "falls into your rest" not in shown


def test_the_form_has_what_holds_today_to_be_changed(client, me):
    assert 'name="weekly_hours" step="0.5"' in page(client)
    bandwidth.declare(me, Decimal("5.5"), TODAY - 9 * DAY, TODAY + 40 * DAY)
    bandwidth.declare(me, Decimal(9), TODAY + 41 * DAY, None)

    form = client.get(PAGE).context["hours_form"]

    values = {name: form[name].value() for name in form.fields}
    last = TODAY + 40 * DAY
    assert values == {
        "weekly_hours": Decimal("5.5"),
        "first": TODAY,
        "last": last,
        "sure": None,
    }
    assert client.get(PAGE).content.decode().count("(optional)") == 4


def test_commas_are_those_of_the_readers_language(client, me):
    bandwidth.declare(me, Decimal(7), TODAY, None)
    client.cookies["django_language"] = "ar"

    said = page(client).partition('id="hours"')[2].partition("</li>")[0]

    assert "</strong>، " in " ".join(said.split())
