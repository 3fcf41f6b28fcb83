"""What an export of ours says when it is read in: which activity, and never whose."""

from datetime import UTC, date, datetime
from decimal import Decimal
from unittest import mock

import pytest
from django.db import transaction

from tests.factories import AffiliateFactory, MembershipFactory, PersonFactory
from tests.volunteers.test_imports import (
    SIMPLE,
    brought,
    everything,
    exported,
    line,
    read,
    rows,
)
from volunteers.actions import imports as actions
from volunteers.exports import hours
from volunteers.imports import matching, writing
from volunteers.models import Block, Commitment
from volunteers.models.bandwidth import days
from volunteers.models.marks import Mark
from volunteers.views import imports

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def affiliate():
    return AffiliateFactory(languages=["pl", "de"])


@pytest.fixture
def steward(affiliate):
    return MembershipFactory(affiliate=affiliate, role="steward").person


@pytest.fixture
def ola(affiliate):
    person = PersonFactory(username="Ola", name="Ola Nowak", email="ola@example.org")
    MembershipFactory(affiliate=affiliate, person=person)
    return person


def _under_another_name(content, old, new):
    text = content.decode()
    for was, now in (old.name, new.name), (old.username, new.username):
        text = text.replace(f",{was},", f",{now},")
    return text


@pytest.fixture
def jan(affiliate):
    person = PersonFactory(username="Jan", name="Jan Kot", email="jan@example.org")
    MembershipFactory(affiliate=affiliate, person=person)
    return person


def _by_hand(person, hours="3", source="by_hand", **about):
    said = {"what": "By hand", "key": "1", "period": days(date(2026, 1, 1), date(2026, 3, 31))}
    return Commitment.objects.create(
        person=person, source=source, weekly_hours=Decimal(hours), **said | about
    )


def _outcomes(one):
    return [(line.reason, line.outcome) for line in one.lines.order_by("number")]


@pytest.mark.parametrize("number", ["1", ""], ids=["with numbers", "without"])
def test_a_corrected_name_gives_the_hours_to_whom_the_line_names(
    affiliate, steward, ola, jan, number
):
    """The mark of an export says which activity it is, and never whose."""
    brought(SIMPLE + line(number, name="", email="jan@example.org"), steward, affiliate)
    content = exported(hours.of_affiliate(affiliate, steward))
    corrected = _under_another_name(content, jan, ola)

    one = brought(corrected, steward, affiliate, partly=False)

    assert _outcomes(one) == [("", "new")]
    assert rows(ola) == rows(jan) == [("Help desk", date(2026, 3, 2), 1.5, "done")]
    before = everything()
    for text in (corrected, content, exported(hours.of_affiliate(affiliate, steward))):
        again = brought(text, steward, affiliate, partly=False)
        assert set(_outcomes(again)) == {("", "unchanged")}
    assert everything() == before


@pytest.mark.parametrize("number", ["1", ""], ids=["with numbers", "without"])
def test_a_line_copied_for_somebody_else_is_theirs(affiliate, steward, ola, jan, number):
    minutes = "60" if number else "90"
    brought(SIMPLE + line(number, name="", email="jan@example.org"), steward, affiliate)
    content = exported(hours.of_affiliate(affiliate, steward))
    copy = _under_another_name(content, jan, ola).replace(",90,", f",{minutes},")

    one = brought(content.decode() + copy.split("\r\n")[1], steward, affiliate, partly=False)

    assert _outcomes(one) == [("", "unchanged"), ("", "new")]
    assert ola.commitments.get().hours == Decimal(minutes) / 60
    assert jan.commitments.get().hours == Decimal("1.5")


def test_the_mark_of_anothers_line_changes_no_row_of_theirs(affiliate, steward, ola, jan):
    brought(SIMPLE + line(7, name="", email="jan@example.org"), steward, affiliate)
    mark = Mark.of(jan.commitments.get())
    text = (
        "Activity ID,Subject,Activity Date,Duration,Username,Capacity Exchange ID\r\n"
        f"99,Ola's own,2026-03-02,600,Ola,{mark}\r\n"
    )

    assert _outcomes(brought(text, steward, affiliate)) == [("", "new")]
    assert rows(jan) == [("Help desk", date(2026, 3, 2), 1.5, "done")]
    assert rows(ola) == [("Ola's own", date(2026, 3, 2), 10, "done")]


def test_a_number_written_into_an_export_makes_no_second_activity(affiliate, steward, ola):
    brought(SIMPLE + line(""), steward, affiliate)
    content = exported(hours.of_affiliate(affiliate, steward)).replace(b"\r\n,", b"\r\n42,", 1)
    assert b"\r\n42,Volunteer" in content

    assert _outcomes(brought(content, steward, affiliate)) == [("", "unchanged")]


def test_an_export_brings_back_what_was_taken_back(affiliate, steward, ola):
    one = brought(SIMPLE + line(1) + line("", subject="Stall"), steward, affiliate)
    content = exported(hours.of_affiliate(affiliate, steward))
    before = everything()
    writing.undo(one, at=NOON)
    assert everything() == []

    brought(content, steward, affiliate, partly=False)

    kept = [(what, key) for _person, _source, key, what, *_rest in everything()]
    assert kept == [(what, key) for _person, _source, key, what, *_rest in before]


@pytest.mark.parametrize("there", [True, False], ids=["still there", "gone"])
def test_ones_own_export_in_a_stewards_file_doubles_nothing(affiliate, steward, ola, there):
    """Nor does it tell whether the person has kept what no file of the affiliate brought."""
    brought(SIMPLE + line(1), steward, affiliate)
    kept = [_by_hand(ola), _by_hand(ola, "5", "exchange", key="exchange:1")]
    content = exported(hours.own(ola))
    if not there:
        for row in kept:
            row.delete()
    before = everything()

    for _turn in range(2):
        one = brought(content, steward, affiliate)
        assert sorted(_outcomes(one)) == [
            ("", "unchanged"),
            ("here_already", ""),
            ("here_already", ""),
        ]
    assert everything() == before


def test_what_another_affiliates_files_brought_is_not_brought_twice(affiliate, steward, ola):
    other = AffiliateFactory()
    MembershipFactory(affiliate=other, person=ola)
    elsewhere = MembershipFactory(affiliate=other, role="steward").person
    brought(SIMPLE + line(1), elsewhere, other)

    one = brought(exported(hours.own(ola)), steward, affiliate)

    assert _outcomes(one) == [("here_already", "")]
    assert ola.commitments.count() == 1


@pytest.mark.parametrize("own", [True, False], ids=["own file", "file of an affiliate"])
def test_a_number_that_no_export_wrote_is_refused_whether_there_is_such_a_row_or_not(
    affiliate, steward, ola, jan, own
):
    """Whoever writes numbers into a file learns of no row, and reaches none."""
    brought(SIMPLE + line(1), steward, affiliate)
    row = _by_hand(jan)
    true = str(Mark.of(row))
    guesses = [ola.commitments.get().pk, row.pk, row.pk + 1000, true[:-1], f"{row.pk}..:x", "x"]
    text = "Subject,Activity Date,Duration,Username,Capacity Exchange ID\r\n" + "".join(
        f"Mine {n},2026-03-02,600,Ola,{guess}\r\n" for n, guess in enumerate(guesses)
    )
    before = everything()

    one = brought(text, *([ola] if own else [steward, affiliate]))

    assert set(_outcomes(one)) == {("wrong_id", "")}
    assert everything() == before


@pytest.mark.parametrize("there", [True, False], ids=["there", "gone"])
def test_who_names_oneself_with_a_mark_of_somebody_else_learns_and_changes_nothing(
    ola, jan, there
):
    brought("Activity Date,Duration,Subject\r\n2026-03-02,60,Camp\r\n", jan)
    _by_hand(jan)
    content = _under_another_name(exported(hours.own(jan)), jan, ola).replace("Camp", "Mine")
    if not there:
        jan.commitments.all().delete()
    theirs = rows(jan)

    for outcome in ("new", "unchanged"):
        assert set(_outcomes(brought(content, ola))) == {("", outcome)}

    assert rows(jan) == theirs
    assert ola.commitments.count() == 2


def test_ones_own_export_cannot_change_what_no_file_of_theirs_brought(ola):
    _by_hand(ola)
    content = exported(hours.own(ola)).decode()
    minutes = content.split("\r\n")[1].split(",")[4]
    before = everything()

    for changed in (
        content.replace(f",{minutes},", f",{int(minutes) + 1},"),
        content.replace("By hand", "Otherwise"),
        content.replace("Scheduled", "Cancelled"),
        content.replace("2026-03-31", "2026-04-01"),
    ):
        assert changed != content
        assert _outcomes(brought(changed, ola)) == [("not_from_file", "")]

    assert everything() == before


@pytest.mark.parametrize("weekly", ["2.5", "0.1", "7.333333"])
def test_what_went_on_here_is_not_held_against_an_older_export(ola, weekly):
    """And hours a week that make no whole minutes are the same hours."""
    _by_hand(ola, weekly, what=" By hand\n", period=days(date(2026, 1, 1), date(2026, 1, 10)))
    content = exported(hours.own(ola))
    ola.commitments.update(state="done")

    assert _outcomes(brought(content, ola, partly=False)) == [("", "unchanged")]


@pytest.mark.parametrize("how", ["left", "refuses", "hidden"])
@pytest.mark.parametrize("let_go", [True, False])
def test_a_file_tells_no_steward_what_became_of_somebody_they_do_not_see(
    affiliate, steward, ola, how, let_go
):
    brought(SIMPLE + line(1), steward, affiliate)
    content = exported(hours.of_affiliate(affiliate, steward))
    if let_go:
        actions.let_go(ola.commitments.get(), at=NOON)
    if how == "left":
        ola.memberships.all().delete()
    elif how == "refuses":
        actions.refuse(ola, affiliate)
    else:
        type(ola).objects.filter(pk=ola.pk).update(visibility="hidden")

    one = read(content.replace(b"Help desk", b"Other"), steward, affiliate)

    assert [(row.person, row.outcome, row.before) for row in one.lines.all()] == [
        (None, "", None)
    ]


APART = ["blocks", "blocked", "refuses", "hidden", "left"]


def keeps_away(ola, steward, affiliate, how):
    if how == "blocks":
        Block.objects.create(person=ola, blocked=steward)
    elif how == "blocked":
        Block.objects.create(person=steward, blocked=ola)
    elif how == "refuses":
        actions.refuse(ola, affiliate)
    elif how == "left":
        ola.memberships.all().delete()
    else:
        type(ola).objects.filter(pk=ola.pk).update(visibility="hidden")


def test_files_tell_no_steward_which_reason_keeps_somebody_away(affiliate, steward, ola, jan):
    """What they take out, and what is said of what they bring, is the same for each."""
    both = [line(n, contact=str(n), email=one.email) for n, one in enumerate((ola, jan))]
    brought(SIMPLE + "".join(both), steward, affiliate)
    content = exported(hours.of_affiliate(affiliate, steward))
    corrected = _under_another_name(content, ola, jan)
    assert b"Ola" in content

    said = {}
    for how in APART:
        with transaction.atomic():
            keeps_away(ola, steward, affiliate, how)
            out = exported(hours.of_affiliate(affiliate, steward)).decode()
            one = read(content.replace(b"Help desk", b"Other"), steward, affiliate)
            renamed = read(corrected, steward, affiliate)
            people = matching.takers(renamed, steward)
            said[how] = (
                "Jan" in out,
                "Ola" in out,
                [(row.person, row.outcome) for row in one.lines.order_by("number")],
                [row.whose for row in renamed.lines.elsewhere_before(people)],
            )
            transaction.set_rollback(True)

    nothing = (True, False, [(None, ""), (jan, "changed")], [])
    assert said == dict.fromkeys(APART, nothing)


def test_whose_hours_stay_when_a_name_was_corrected_is_said_before_and_after(
    client, affiliate, steward, ola, jan
):
    lines = [line(n, name="", email="jan@example.org", subject=f"On {n}") for n in ("1", "")]
    brought(SIMPLE + "".join(lines), steward, affiliate)
    content = exported(hours.of_affiliate(affiliate, steward))
    client.force_login(steward)
    corrected = _under_another_name(content, jan, ola)

    one = read(corrected, steward, affiliate)
    before = client.get(one.get_absolute_url()).content.decode()
    same = client.get(read(content, steward, affiliate).get_absolute_url()).content.decode()
    after = client.get(brought(corrected, steward, affiliate).get_absolute_url())

    row = "<bdi>Jan Kot</bdi></td> <td><bdi>Ola Nowak</bdi>"
    words = "Lines that were about somebody else before"
    for page in (before, after.content.decode()):
        assert words in page
        assert row in " ".join(page.split())
    assert words not in same


def test_how_many_more_lines_were_about_somebody_else_is_said(
    client, affiliate, steward, ola, jan
):
    lines = [line(n, name="", email="jan@example.org", subject=f"On {n}") for n in range(4)]
    brought(SIMPLE + "".join(lines), steward, affiliate)
    content = exported(hours.of_affiliate(affiliate, steward))
    client.force_login(steward)
    one = read(_under_another_name(content, jan, ola), steward, affiliate)

    said = {}
    for shown in (2, 3, 4):
        with mock.patch.object(imports, "REFUSED", shown):
            page = client.get(one.get_absolute_url()).content.decode()
        rows = page.count("<td><bdi>Ola Nowak</bdi></td>")
        said[shown] = (rows, "2 more lines are not" in page, "1 more line is not" in page)

    assert said == {2: (2, True, False), 3: (3, False, True), 4: (4, False, False)}


def test_of_a_row_that_was_let_go_nobody_is_told_that_it_stays(affiliate, steward, ola, jan):
    brought(SIMPLE + line(1, name="", email="jan@example.org"), steward, affiliate)
    content = exported(hours.of_affiliate(affiliate, steward))
    actions.let_go(jan.commitments.get(), at=NOON)

    one = read(_under_another_name(content, jan, ola), steward, affiliate)

    assert not one.lines.elsewhere_before(matching.takers(one))


@pytest.mark.parametrize("kept", [True, False])
def test_marks_of_a_former_key_are_known_while_it_is_kept(
    affiliate, steward, ola, settings, kept
):
    brought(SIMPLE + line(1), steward, affiliate)
    _by_hand(ola)
    texts = [exported(hours.of_affiliate(affiliate, steward)), exported(hours.own(ola))]
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY] if kept else []
    settings.SECRET_KEY = "another " * 8

    said = [set(_outcomes(read(text, steward, affiliate))) for text in texts]

    known = [{("", "unchanged")}, {("", "unchanged"), ("here_already", "")}]
    assert said == (known if kept else [{("wrong_id", "")}] * 2)


def test_a_match_by_hand_decides_whose_row_a_mark_means(affiliate, steward, ola, jan):
    brought(SIMPLE + line("", name="", email="jan@example.org"), steward, affiliate)
    content = exported(hours.of_affiliate(affiliate, steward)).replace(b",Jan,", b",Nobody,")
    one = read(content, steward, affiliate)
    contact = one.lines.get().contact
    assert one.counts()["unmatched"] == 1

    for person, outcome in ((ola, "new"), (jan, "unchanged"), (ola, "new")):
        matching.match(one, {contact: person})
        assert _outcomes(one) == [("", outcome)]
