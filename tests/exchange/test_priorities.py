"""What an affiliate means to put into a year: who writes it, and what the database refuses."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from exchange.actions import priorities as actions
from exchange.models import Priority
from tests.exchange.test_races import together
from tests.factories import AffiliateFactory, MembershipFactory, PersonFactory


@pytest.fixture
def affiliate(db):
    return AffiliateFactory(slug="wmpl", name="Wikimedia Polska")


@pytest.fixture
def steward(affiliate):
    return MembershipFactory(affiliate=affiliate, role="steward").person


def url(year=2026):
    return reverse("exchange:edit_priorities", args=["wmpl", year])


def typed(read="", **said):
    fields = ("hours", "amount", "currency", "words")
    empty = {f"{kind}-{f}": "" for kind in ("building", "sharing") for f in fields}
    return {**empty, "read": read, **{name.replace("_", "-", 1): v for name, v in said.items()}}


def mark():
    return actions.mark_of(Priority.objects.all())


def written():
    rows = Priority.objects.order_by("year", "kind")
    return list(rows.values_list("year", "kind", "hours", "amount", "currency", "words"))


def test_a_steward_writes_down_a_year_and_everybody_reads_it(client, affiliate, steward):
    client.force_login(steward)
    answer = client.post(
        url(),
        typed(
            mark(),
            building_hours="200",
            building_amount="5.000",
            building_currency="EUR",
            building_words="Learn to film",
            sharing_hours="80.5",
        ),
    )

    assert answer.url == "/affiliates/wmpl/priorities/2026/"
    assert written() == [
        (2026, "building", Decimal("200.0"), 500000, "EUR", "Learn to film"),
        (2026, "sharing", Decimal("80.5"), None, "", ""),
    ]
    client.logout()
    page = client.get(answer.url).content.decode()
    for words in ("Learn to film", "200 hours", "€5,000", "80.5 hours"):
        assert words in page


@pytest.mark.parametrize(
    ("role", "status"), [("member", 404), ("editor", 200), ("steward", 200), (None, 404)]
)
def test_who_speaks_for_the_affiliate_writes_them(client, affiliate, role, status):
    person = PersonFactory()
    if role:
        MembershipFactory(affiliate=affiliate, person=person, role=role)
    client.force_login(person)

    assert client.get(url()).status_code == status
    posted = client.post(url(), typed(mark(), sharing_hours="1"))
    assert posted.status_code == (302 if status == 200 else 404)


def test_last_years_are_a_start_and_stay_as_they_are(client, affiliate, steward):
    Priority.objects.create(
        affiliate=affiliate, year=2025, kind="sharing", hours=40, words="Two trainings"
    )
    client.force_login(steward)

    page = client.get(url(), {"copy": "1"})

    assert "Two trainings" in page.content.decode()
    assert written() == [(2025, "sharing", Decimal("40.0"), None, "", "Two trainings")]
    client.post(url(), typed(mark_of(2026), sharing_hours="60", sharing_words="Two trainings"))
    assert [row[:3] for row in written()] == [
        (2025, "sharing", Decimal("40.0")),
        (2026, "sharing", Decimal("60.0")),
    ]


def mark_of(year):
    return actions.mark_of(Priority.objects.filter(year=year))


def test_what_somebody_wrote_meanwhile_is_shown_and_nothing_is_lost(client, affiliate, steward):
    other = MembershipFactory(affiliate=affiliate, role="editor").person
    start = mark()
    client.force_login(other)
    client.post(url(), typed(start, sharing_hours="10", sharing_words="Theirs"))
    client.force_login(steward)

    answer = client.post(url(), typed(start, sharing_hours="20", sharing_words="Mine"))

    page = answer.content.decode()
    assert "Somebody else has changed this meanwhile" in page
    assert "Theirs" in page
    assert "Mine" in page
    assert written()[0][5] == "Theirs"
    again = answer.context["read"]["read"].value()
    client.post(url(), typed(again, sharing_hours="20", sharing_words="Mine"))
    assert written() == [(2026, "sharing", Decimal("20.0"), None, "", "Mine")]


def test_sent_twice_is_saved_once(client, steward):
    client.force_login(steward)
    start = mark()
    for _ in range(2):
        answer = client.post(url(), typed(start, sharing_hours="10"))
        assert answer.status_code == 302

    assert [row[2] for row in written()] == [Decimal("10.0")]


def test_emptied_is_gone(client, affiliate, steward):
    Priority.objects.create(affiliate=affiliate, year=2026, kind="building", hours=0)
    Priority.objects.create(affiliate=affiliate, year=2026, kind="sharing", hours=7)
    client.force_login(steward)

    client.post(url(), typed(mark(), sharing_hours="7"))

    assert [row[1:3] for row in written()] == [("sharing", Decimal("7.0"))]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("hours", "-1"),
        ("hours", "many"),
        ("hours", "1e400"),
        ("hours", "9" * 20),
        ("amount", "much"),
        ("amount", "-5"),
        ("amount", "9" * 20),
        ("words", "x" * 2001),
        ("words", "a\0b"),
    ],
)
def test_bad_input_gets_a_message_and_keeps_the_rest(client, steward, field, value):
    client.force_login(steward)
    said = typed(mark(), building_words="Kept words")
    said |= {f"sharing-{field}": value, "sharing-currency": "EUR"}

    answer = client.post(url(), said)

    assert answer.status_code == 200
    assert answer.context["forms"][1].errors
    assert "Kept words" in answer.content.decode()
    assert not Priority.objects.exists()


def test_money_without_a_currency_gets_a_message(client, steward):
    client.force_login(steward)

    for currency in ("", "XXX1"):
        said = typed(mark(), sharing_amount="10", sharing_currency=currency)
        answer = client.post(url(), said)
        assert answer.context["forms"][1].errors["currency"]


@pytest.mark.parametrize("year", [0, 1999, 2101, 10**30])
def test_years_that_nobody_plans_are_not_found(client, steward, year):
    client.force_login(steward)

    assert client.get(url(year)).status_code == 404
    assert client.get(reverse("priorities", args=["wmpl", year])).status_code == 404


@pytest.mark.parametrize(
    ("broken", "name"),
    [
        ({"hours": -1}, "priority_hours_not_negative"),
        ({"amount": 5, "currency": ""}, "priority_money_in_a_currency"),
        ({"amount": 5, "currency": "eur"}, "priority_money_in_a_currency"),
        ({"year": 1999}, "priority_year_2000_to_2100"),
        ({"kind": "sharing"}, "priority_one_per_affiliate_year_and_kind"),
    ],
)
def test_the_database_refuses(affiliate, broken, name):
    about = {"affiliate": affiliate, "year": 2026}
    Priority.objects.create(kind="sharing", **about)

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Priority.objects.create(**{"kind": "building", **about, **broken})


@pytest.mark.django_db(transaction=True)
def test_two_stewards_save_at_once_and_nobody_writes_over_the_other():
    affiliate = AffiliateFactory()

    def save(hours):
        rows = [Priority(kind="sharing", hours=Decimal(hours))]
        try:
            actions.write(affiliate, 2026, rows, read=actions.mark_of([]))
        except actions.Changed:
            return "Changed"
        return "saved"

    came = together(*(lambda h=h: save(h) for h in (10, 20, 30)))

    assert sorted(came) == ["Changed", "Changed", "saved"]
    winner = (10, 20, 30)[came.index("saved")]
    assert Priority.objects.get().hours == winner


def test_a_mark_knows_numbers_however_they_are_written():
    one = [Priority(kind="sharing", hours=Decimal(10)), Priority(kind="building")]
    same = [Priority(kind="sharing", hours=Decimal("10.0"))]
    other = [Priority(kind="sharing", hours=Decimal(0))]

    assert actions.mark_of(one) == actions.mark_of(same)
    assert len({actions.mark_of(rows) for rows in (one, other, [])}) == 3
