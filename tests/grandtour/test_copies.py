"""What an edition brings from another one, or from a template, to the last column."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import count

import pytest
from django.db import models

from grandtour.actions import editions, templates
from grandtour.models import BudgetLine, Criterion, Edition, Fund, Measure, Phase
from tests.factories import AffiliateFactory, SkillFactory
from tests.grandtour.tours import EditionFactory
from tests.grandtour.trained import published
from volunteers.models import Region

pytestmark = pytest.mark.django_db
DAYS = editions.Days(date(2027, 3, 1), date(2027, 4, 4), date(2027, 7, 1), date(2027, 8, 31))
LATER = DAYS.applications_last_day - date(2026, 2, 28)
GIVEN = {"id", "name", "slug", *editions.Days.__dataclass_fields__}
BEGINS = {"state"}  # planned, whatever the other one is
# Of each kind of row that belongs to an edition: what a copy says otherwise.
COPIED = {
    "skills": set(),
    "criteria": set(),
    "questions": set(),
    "measures": {"reached"},
    "phases": {"first_day", "last_day"},
    "required_trainings": set(),
    "funds": {"spend_until", "report_due"},
}
# What happens in one edition, and is its own.
LEFT = {
    "applications": "who wishes to travel in it",
    "compensations": "what was done about its carbon",
    "costs": "what it was spent on",
    "hosts": "who offers to host it, on its days",
    "journeys": "who travels in it",
    "look_backs": "what stuck of it",
    "needs_counts": "how many needed what",
    "plans": "how it was planned",
    "reviewers": "who reads it; each is asked anew",
    "grandtour.Seat.edition": "a copy of the edition of a journey",
    "grandtour.Edition_skills.edition": "the rows of its skills",
}
OF_LINES = {"requested", "what_for"}
LEFT_OF_LINES = {"granted": 0, "stipend": 0}


def named(relation):
    """Name what points to an edition as it is reached from there, or by its own column."""
    if relation.hidden:
        return f"{relation.related_model._meta.label}.{relation.field.name}"
    return relation.get_accessor_name()


def columns(model, *without):
    """List the columns of a model by name."""
    names = {field.name for field in model._meta.concrete_fields}
    assert set(without) <= names
    return names - set(without)


def values(row, names):
    return {name: getattr(row, name) for name in sorted(names)}


@pytest.fixture
def edition():
    """Give an edition in which no column says what it would say by itself."""
    numbers = count(1)
    said = {
        "kind": "peer_exchange",
        "smallest_group": 1,
        "largest_group": 3,
        "fewest_stops": 1,
        "most_stops": 1,
        "fewest_nights": 4,
        "most_nights": 4,
        "one_language": False,
        "purposes": ["I draw maps", "Something else"],
        "region": Region.objects.create(slug="here", names={"en": "Here"}, countries=["PL"]),
    }
    for field in Edition._meta.concrete_fields:
        if isinstance(field, models.IntegerField) and not field.primary_key:
            said.setdefault(field.name, 10 + next(numbers) % 80)
    made = EditionFactory(state="planned", **said | {"daily_hours": 7})
    made.skills.add(SkillFactory(), SkillFactory())
    Criterion.objects.create(
        edition=made, number=3, name="Home", meaning="For whom?", weight=4, lowest=1, highest=9
    )
    made.questions.create(number=2, words="What would you like to see?")
    told = {"number": 5, "name": "Evenings", "target": Decimal("4.5"), "unit": "a month"}
    Measure.objects.create(
        edition=made, least=False, figure="stuck", reached=Decimal(9), **told
    )
    for number, more in enumerate(({"names_shown": True}, {"may_score": False})):
        first = made.applications_last_day + timedelta(days=1 + 10 * number)
        Phase.objects.create(
            edition=made,
            name=f"Phase {number}",
            first_day=first,
            last_day=first + timedelta(days=7),
            others="always",
            may_decide=True,
            **more,
        )
    made.required_trainings.create(training=published().training, side="host")
    fund = Fund.objects.create(
        edition=made,
        name="Ours",
        kind="affiliate",
        affiliate=AffiliateFactory(),
        amount=70_000,
        currency="PLN",
        spend_until=date(2026, 12, 1),
        report_due=date(2026, 12, 31),
    )
    for number in (1, 2):
        BudgetLine.objects.create(
            fund=fund,
            what_for=f"Way {number}",
            requested=30_000 + number,
            granted=20_000,
            stipend=9,
        )
    Edition.objects.filter(pk=made.pk).update(state="closed")
    made.refresh_from_db()
    return made


def test_every_column_and_relation_of_an_edition_is_known_to_be_copied_or_not():
    relations = {
        named(one)
        for one in Edition._meta.get_fields(include_hidden=True)
        if one.auto_created and not one.concrete
    }
    many = {field.name for field in Edition._meta.many_to_many}

    assert relations | many == COPIED.keys() | LEFT.keys()
    assert columns(BudgetLine) == {"id", "fund"} | OF_LINES | LEFT_OF_LINES.keys()
    below = {
        relation: {named(one) for one in _model(relation)._meta.related_objects}
        for relation in COPIED.keys() - {"skills"}
    }
    happened = {"criteria": {"scores"}, "questions": {"answers"}}
    assert below == {key: set() for key in below} | happened | {"funds": {"lines"}}


def _model(relation):
    return Edition._meta.get_field(relation).related_model


def test_a_copy_says_the_same_in_every_column(edition):
    names = columns(Edition, *GIVEN, *BEGINS)
    for name in names:
        field = Edition._meta.get_field(name)
        assert getattr(edition, name) != field.get_default(), f"{name} proves nothing"

    made = editions.copy(edition, "Next", "next", DAYS)
    made.refresh_from_db()

    assert values(made, names) == values(edition, names)
    assert (made.name, made.slug, made.state) == ("Next", "next", "planned")
    assert editions.Days(**values(made, editions.Days.__dataclass_fields__)) == DAYS


@pytest.mark.parametrize("relation", COPIED)
def test_a_copy_has_all_rows_that_say_how_it_is_done(edition, relation):
    made = editions.copy(edition, "Next", "next", DAYS)

    rows, copies = (list(getattr(one, relation).order_by("pk")) for one in (edition, made))
    assert rows
    if relation == "skills":
        assert copies == rows
        return
    names = columns(type(rows[0]), "id", "edition", *COPIED[relation])
    assert [values(row, names) for row in copies] == [values(row, names) for row in rows]
    assert {row.pk for row in copies}.isdisjoint({row.pk for row in rows})


def test_a_copy_leaves_what_happened_where_it_happened(edition):
    made = editions.copy(edition, "Next", "next", DAYS)

    assert made.measures.get().reached is None
    fund = made.funds.get()
    assert (fund.spend_until, fund.report_due) == (None, None)
    lines = list(fund.lines.order_by("pk"))
    assert [values(one, OF_LINES) for one in lines] == [
        values(one, OF_LINES) for one in edition.funds.get().lines.order_by("pk")
    ]
    assert [values(one, LEFT_OF_LINES) for one in lines] == [LEFT_OF_LINES] * 2
    assert [(one.first_day, one.last_day) for one in made.phases.order_by("first_day")] == [
        (one.first_day + LATER, one.last_day + LATER)
        for one in edition.phases.order_by("first_day")
    ]


def test_the_edition_that_was_copied_is_as_it_was(edition):
    def rows():
        of = [getattr(edition, relation).order_by("pk").values() for relation in COPIED]
        lines = BudgetLine.objects.filter(fund__edition=edition).order_by("pk").values()
        return [
            list(one) for one in (Edition.objects.filter(pk=edition.pk).values(), *of, lines)
        ]

    before = rows()
    editions.copy(edition, "Next", "next", DAYS)

    assert rows() == before


# What a template leaves as it is by itself, and why.
NOT_OF_A_TEMPLATE = {
    "region": "it is known to who begins it",
    "least_new_countries": "no rule but where organisers want one",
    "least_without_office": "no rule but where organisers want one",
    "one_language": "what is easiest for all",
    "night_cost": "what a night costs hangs on where it is",
    "purposes": "the usual ones are translated for whoever reads them",
    "day_rate_1": "each national agency has its own",
    "day_rate_2": "each national agency has its own",
    "day_rate_3": "each national agency has its own",
}
WORDS = {"theme", "about", "how_chosen", "success"}


@pytest.mark.parametrize("kind", Edition.Kind.values)
def test_a_template_brings_all_it_says_and_leaves_what_is_listed(kind):
    template = templates.TEMPLATES[kind]

    made = templates.begin(template, kind, f"One {kind}", kind, DAYS)
    made.refresh_from_db()

    by_itself = columns(Edition, *GIVEN, *BEGINS, "kind", *WORDS, *template.rules)
    assert by_itself == NOT_OF_A_TEMPLATE.keys()
    assert values(made, template.rules) == {**template.rules}
    assert values(made, WORDS) == {word: str(getattr(template, word)) for word in WORDS}
    assert all(getattr(made, word) for word in WORDS)
    for name in by_itself:
        assert getattr(made, name) == Edition._meta.get_field(name).get_default()
    assert (made.kind, made.name, made.slug, made.state) == (
        kind,
        f"One {kind}",
        kind,
        "planned",
    )
    assert editions.Days(**values(made, editions.Days.__dataclass_fields__)) == DAYS


@pytest.mark.parametrize("kind", Edition.Kind.values)
def test_the_rows_of_a_template_say_what_it_says(kind):
    template = templates.TEMPLATES[kind]

    made = templates.begin(template, kind, f"One {kind}", kind, DAYS)

    rows = {name: list(getattr(made, name).order_by("pk").values()) for name in COPIED}
    bare = [
        {k: v for k, v in row.items() if k not in {"id", "edition_id"}}
        for row in rows["criteria"]
    ]
    assert bare == [
        {
            "number": number,
            "name": str(name),
            "meaning": str(means),
            "weight": weight,
            "lowest": 0,
            "highest": 4,
        }
        for number, (name, means, weight) in enumerate(template.criteria, 1)
    ]
    assert [(row["number"], row["words"]) for row in rows["questions"]] == [
        (number, str(words)) for number, words in enumerate(template.questions, 1)
    ]
    names = ("number", "name", "figure", "target", "unit", "least", "reached")
    assert [tuple(row[name] for name in names) for row in rows["measures"]] == [
        (number, str(figure.label), figure, target, unit, least, None)
        for number, (figure, target, unit, least) in enumerate(template.measures, 1)
    ]
    assert set(names) == columns(Measure, "id", "edition")
    last = DAYS.applications_last_day
    may = {"names_shown": False, "others": "own", "may_score": True, "may_decide": False}
    assert columns(Phase, "id", "edition") == may.keys() | {"name", "first_day", "last_day"}
    assert [
        values(one, columns(Phase, "id", "edition")) for one in made.phases.order_by("pk")
    ] == [
        {
            "name": str(name),
            "first_day": last + timedelta(days=first),
            "last_day": last + timedelta(days=end),
            **may | flags,
        }
        for name, (first, end), flags in template.phases
    ]
    assert (rows["skills"], rows["required_trainings"], rows["funds"]) == ([], [], [])
