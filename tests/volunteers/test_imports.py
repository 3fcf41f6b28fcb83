import csv
import io
import re
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from tests.factories import AffiliateFactory, MembershipFactory, PersonFactory, SkillFactory
from tests.volunteers.civicrm import messy
from volunteers.actions import imports as actions
from volunteers.exports import hours
from volunteers.imports import matching, reading, work, writing
from volunteers.models import (
    Commitment,
    Import,
    ImportLine,
    ImportMatch,
    ImportRefusal,
    Notice,
)
from volunteers.models.bandwidth import days
from volunteers.tasks import forget_imports

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
SIMPLE = (
    "Activity ID,Activity Type,Subject,Activity Date,Duration,Activity Status,"
    "Target Contact ID,Target Contact,Target Contact Email\r\n"
)


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


def arrive(content, by, affiliate=None, **said):
    if isinstance(content, str):
        content = content.encode()
    return reading.arrive(reading.Arrival(by, affiliate, "hours.csv", content, **said), at=NOON)


def finish(one, at=NOON):
    while work.go_on(one.pk, at=at):
        pass
    one.refresh_from_db()
    return one


def read(content, by, affiliate=None):
    return finish(arrive(content, by, affiliate))


def brought(content, by, affiliate=None, *, partly=True):
    one = read(content, by, affiliate)
    writing.confirm(one, partly=partly)
    return finish(one)


def line(number=1, **said):
    cells = {
        "type": "Volunteer",
        "subject": "Help desk",
        "day": "2026-03-02",
        "duration": "90",
        "status": "Completed",
        "contact": "7",
        "name": "Nowak, Ola",
        "email": "ola@example.org",
        **said,
    }
    return ",".join([str(number), *(f'"{cell}"' for cell in cells.values())]) + "\r\n"


def rows(person):
    return [
        (c.what, c.period.lower, c.hours, c.state) for c in person.commitments.order_by("key")
    ]


def everything():
    """Give all commitments there are, but for their numbers."""
    kept = ("person", "source", "key", "what", "skill", "period", "weekly_hours", "state")
    return sorted(Commitment.objects.values_list(*kept), key=str)


MEMBERS = 40


@pytest.fixture
def crowd(affiliate):
    """Give contacts of a CRM: members who are known by their username or their address."""
    people = [
        PersonFactory(
            username=f"Member {n}", name=f"Łucja Müller {n}", email=f"m{n}@example.org"
        )
        for n in range(MEMBERS)
    ]
    for person in people:
        MembershipFactory(affiliate=affiliate, person=person)
    return [
        (str(n), person.name, person.email if n % 2 else "", "" if n % 2 else f"Member_{n}")
        for n, person in enumerate(people)
    ]


BY_HAND = ("900", "Ola Źdźbło", "", "")
STRANGERS = [("901", "Jan Nowak", "jan@example.net", ""), ("902", "Żak", "", "Nobody_here")]


def mistakes(content, letters):
    """Count the lines of a file by what is unusual about them, from its bytes alone."""
    text = content.decode(letters).replace("\0", "")
    lines = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    said = [(line["Activity Date"], line["Duration"]) for line in lines]
    contacts, capitals = defaultdict(set), 0
    for line in lines:
        mail = line["Target Contact Email"]
        contacts[mail.lower() or line["Username"]].add(line["Target Contact ID"])
        capitals += mail != mail.lower()
    return {
        "DD.MM.YYYY": sum(bool(re.match(r"\d\d\.\d\d\.\d{4}\b", day)) for day, _length in said),
        "1:30": sum(bool(re.fullmatch(r"\d+:\d\d", length)) for _day, length in said),
        "mail in capitals": capitals,
        "people under two numbers": sum(len(keys - {""}) == 2 for keys in contacts.values()),
        "blank": sum(not any(line.values()) for line in lines),
        "NUL": content.count(b"\0"),
    }


def test_five_thousand_messy_lines_are_all_accounted_for(affiliate, steward, crowd):
    """As CiviCRM wrote them, as somebody saved them with a byte-order mark, and as we do."""
    known = [*crowd, BY_HAND]
    file = messy(known, strangers=STRANGERS)
    marked = messy(known, strangers=STRANGERS, encoding="utf-8-sig")
    assert file.content.startswith(b"Activity ID;")
    assert marked.content.startswith(b"\xef\xbb\xbfActivity ID;")
    assert mistakes(marked.content, "utf-8-sig") == mistakes(file.content, "cp1250")
    assert mistakes(file.content, "cp1250") == {
        "DD.MM.YYYY": 2019,
        "1:30": 1156,
        "mail in capitals": 832,
        "people under two numbers": MEMBERS + len(STRANGERS),
        "blank": 52,
        "NUL": 20,
    }
    SkillFactory(slug="video-editing", label="video editing")
    hand = MembershipFactory(affiliate=affiliate, person__username="Hand").person

    one = read(file.content, steward, affiliate)
    assert one.letters == "cp1250"
    nobody = {"900", "901", "902", "5901", "5902"}
    assert set(one.lines.unmatched().values_list("contact", flat=True)) == nobody
    matching.match(one, {"900": hand})
    assert one.counts() == {
        "all": 5000,
        "refused": 632,
        "unmatched": 206,
        "new": 4162,
        "changed": 0,
        "unchanged": 0,
    }
    writing.confirm(one, partly=True)
    finish(one)

    refused = dict(one.lines.refused().values_list("number", "reason"))
    assert refused == file.refused
    assert Counter(refused.values()) == {
        "nobody": 206,
        "twice": 123,
        "contradicts": 104,
        "ragged": 99,
        "no_duration": 51,
        "wrong_day": 51,
        "wrong_duration": 45,
        "no_contact": 31,
        "no_subject": 31,
        "no_day": 26,
        "far_day": 21,
        "several": 19,
        "wrong_status": 18,
        "too_long": 13,
    }
    usernames = {contact: f"Member {contact}" for contact, *_rest in crowd} | {"900": "Hand"}
    found = {
        (c.person.username, c.key.split(":")[1]): (round(c.hours * 60), c.state)
        for c in Commitment.objects.select_related("person")
    }
    assert found == {
        (usernames[contact], key): said for (contact, key), said in file.hours.items()
    }
    assert Commitment.objects.filter(skill__slug="video-editing").exists()
    assert Commitment.objects.filter(what="Redaktion für Łódź").exists()
    assert Commitment.objects.filter(what__startswith="=cmd").exists()
    assert Notice.objects.filter(key__startswith="imported:").count() == MEMBERS + 1
    assert Import.objects.get().content == b""

    before, notices = everything(), Notice.objects.count()
    again = brought(marked.content, steward, affiliate)
    assert again.letters == "utf-8-sig"
    assert dict(again.lines.refused().values_list("number", "reason")) == refused
    nothing_new = {"new": 0, "changed": 0, "unmatched": 0, "unchanged": len(before)}
    assert again.counts().items() >= nothing_new.items()

    ours = brought(exported(hours.of_affiliate(affiliate, steward)), steward, affiliate)
    assert ours.counts() == {**nothing_new, "refused": 0, "all": len(before)}
    assert everything() == before
    assert Notice.objects.count() == notices


@pytest.mark.parametrize("separator", [",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1250"])
def test_the_same_lines_come_from_any_letters_and_separators(
    affiliate, steward, crowd, encoding, separator
):
    file = messy(crowd, lines=300, encoding=encoding, separator=separator)

    one = read(file.content, steward, affiliate)

    assert dict(one.lines.refused().values_list("number", "reason")) == file.refused
    assert one.counts()["new"] == len(file.hours)


def test_twice_the_same_file_changes_nothing(affiliate, steward, crowd):
    file = messy(crowd, lines=400)
    brought(file.content, steward, affiliate)
    before, notices = everything(), Notice.objects.count()

    again = brought(file.content, steward, affiliate)

    counts = again.counts()
    assert (counts["new"], counts["changed"]) == (0, 0)
    assert counts["unchanged"] == len(file.hours)
    assert everything() == before
    assert Notice.objects.count() == notices


def test_a_corrected_file_corrects(affiliate, steward, ola):
    brought(SIMPLE + line(1) + line(2, subject="Stall"), steward, affiliate)

    again = brought(
        SIMPLE + line(1, duration="2:00") + line(2, subject="Stall"), steward, affiliate
    )

    assert again.counts()["changed"] == 1
    assert rows(ola) == [
        ("Help desk", date(2026, 3, 2), 2, "done"),
        ("Stall", date(2026, 3, 2), 1.5, "done"),
    ]


def test_without_numbers_the_words_tell_which_is_which(affiliate, steward, ola):
    text = SIMPLE + line("") + line("", subject="Stall") + line("", day="2026-03-02 18:00")
    brought(text, steward, affiliate)

    again = brought(text.replace('"90"', '"95"'), steward, affiliate)

    assert again.counts() | {"all": 3} == {
        **dict.fromkeys(["refused", "unmatched", "new", "unchanged"], 0),
        "all": 3,
        "changed": 3,
    }
    assert ola.commitments.count() == 3


def test_lines_that_contradict_each_other_are_both_refused(affiliate, steward, ola):
    one = read(SIMPLE + line(1) + line(1, duration="60") + line(2), steward, affiliate)

    assert [(r.number, r.reason, r.about) for r in one.lines.refused()] == [
        (2, "contradicts", "3"),
        (3, "contradicts", "2"),
    ]


def test_two_contacts_of_one_person_are_seen_through(affiliate, steward, ola):
    one = read(SIMPLE + line(1) + line(1, contact="8"), steward, affiliate)

    assert [(r.number, r.reason, r.about) for r in one.lines.refused()] == [(3, "twice", "2")]


def test_nothing_is_written_before_somebody_confirms(affiliate, steward, ola):
    read(SIMPLE + line(1), steward, affiliate)

    assert not Commitment.objects.exists()


def test_all_or_nothing_unless_told_otherwise(affiliate, steward, ola):
    one = read(SIMPLE + line(1) + line(2, duration=""), steward, affiliate)

    with pytest.raises(writing.NotAll):
        writing.confirm(one, partly=False)
    assert finish(one).state == "read"
    writing.confirm(one, partly=True)
    assert finish(one).state == "done"
    assert ola.commitments.count() == 1


def test_whoever_leaves_meanwhile_stops_the_whole_file(affiliate, steward, ola, monkeypatch):
    monkeypatch.setattr(writing, "CHUNK", 1)
    other = MembershipFactory(affiliate=affiliate, person__email="jo@example.org")
    text = SIMPLE + line(1) + line(2, contact="9", email="jo@example.org")
    one = read(text, steward, affiliate)
    writing.confirm(one, partly=False)
    work.go_on(one.pk, at=NOON)
    assert Commitment.objects.count() == 1
    other.delete()

    finish(one)

    assert one.state == "stopped"
    assert not Commitment.objects.exists()
    assert not Notice.objects.exists()


def test_killed_in_the_middle_and_gone_on_with_is_the_same_as_once(
    affiliate, steward, crowd, monkeypatch
):
    file = messy(crowd, lines=300)
    brought(file.content, steward, affiliate)
    once = everything()
    Commitment.objects.all().delete()
    monkeypatch.setattr(reading, "CHUNK", 37)
    monkeypatch.setattr(writing, "CHUNK", 41)
    monkeypatch.setattr(writing, "PEOPLE", 3)
    real, calls = writing.compare, []

    def die_now_and_then(*args):
        calls.append(args)
        real(*args)
        if len(calls) % 2:
            raise SystemExit

    one = read(file.content, steward, affiliate)
    monkeypatch.setattr(writing, "compare", die_now_and_then)
    writing.confirm(one, partly=True)
    for _turn in range(100):
        try:
            finish(one)
        except SystemExit:
            continue

    assert one.state == "done"
    assert len(calls) > 10
    assert everything() == once


def test_statements_are_counted_by_the_chunk_not_by_the_line(affiliate, steward, crowd):
    def statements(lines):
        one = arrive(messy(crowd[:3], lines=lines).content, steward, affiliate)
        with CaptureQueriesContext(
            connection,
        ) as reading_it:
            work.go_on(one.pk, at=NOON)
        one.refresh_from_db()
        writing.confirm(one, partly=True)
        with CaptureQueriesContext(connection) as writing_it:
            work.go_on(one.pk, at=NOON)
        return len(reading_it), len(writing_it)

    assert statements(30) == statements(900)


def rows_read():
    """Give how many rows of lines and commitments this transaction has read so far."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(seq_tup_read + idx_tup_fetch) FROM pg_stat_xact_user_tables"
            " WHERE relname IN ('volunteers_importline', 'volunteers_commitment')"
        )
        return int(cursor.fetchone()[0])


def test_each_line_is_looked_up_even_where_the_planner_takes_the_tables_for_empty(
    affiliate, steward, crowd
):
    file = messy(crowd, lines=400)
    brought(file.content, steward, affiliate)
    Import.objects.all().delete()
    Commitment.objects.all().delete()
    with connection.cursor() as cursor:
        # Pages full of rows that are gone: no row, as far as the planner knows.
        cursor.execute("ANALYZE volunteers_importline")
        cursor.execute("ANALYZE volunteers_commitment")
    before = rows_read()

    brought(file.content, steward, affiliate)
    again = brought(file.content, steward, affiliate)

    assert not again.lines.filter(outcome__in=["new", "changed"]).exists()
    # Two files; each line is asked for a few times, and never with each of the others.
    assert rows_read() - before < 2 * 50 * again.lines.count()


def test_an_import_can_be_taken_back(affiliate, steward, ola):
    first = brought(SIMPLE + line(1) + line(2, subject="Stall"), steward, affiliate)
    before = everything()
    second = brought(
        SIMPLE + line(1, duration="60") + line(3, subject="New"), steward, affiliate
    )

    with pytest.raises(writing.SomethingStandsOnIt):
        writing.undo(first, at=NOON + timedelta(hours=1))
    writing.undo(second, at=NOON + timedelta(hours=1))
    assert everything() == before
    writing.undo(first, at=NOON + timedelta(hours=1))
    assert everything() == []
    assert {one.state for one in Import.objects.all()} == {"undone"}


def test_taking_back_leaves_what_others_keep_under_the_same_number(affiliate, steward, ola):
    jo = MembershipFactory(affiliate=affiliate, person__email="jo@example.org").person
    jos = line(1, contact="9", email="jo@example.org")
    brought(SIMPLE + jos, steward, affiliate)

    second = brought(
        SIMPLE + jos + line(1) + line(2, contact="9", email="jo@example.org"),
        steward,
        affiliate,
    )
    writing.undo(second, at=NOON + timedelta(hours=1))

    assert [c.person for c in Commitment.objects.all()] == [jo]


def test_what_somebody_drops_no_file_brings_back(affiliate, steward, ola):
    brought(SIMPLE + line(1, status="Scheduled"), steward, affiliate)
    actions.let_go(ola.commitments.get(), at=NOON)

    again = brought(SIMPLE + line(1, status="Scheduled", duration="600"), steward, affiliate)
    writing.undo(again, at=NOON + timedelta(hours=1))

    row = ola.commitments.get()
    assert (row.state, row.let_go_at, row.hours) == ("dropped", NOON, 1.5)
    assert again.counts()["unchanged"] == 1


def test_whoever_refuses_is_not_written_about(affiliate, steward, ola):
    actions.refuse(ola, affiliate)
    actions.refuse(ola, affiliate)

    one = brought(SIMPLE + line(1), steward, affiliate)

    assert [r.reason for r in one.lines.refused()] == ["nobody"]
    assert not ola.commitments.exists()
    actions.take_again(ola, affiliate)
    brought(SIMPLE + line(1), steward, affiliate)
    assert ola.commitments.count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"visibility": "hidden"},
        {"hidden_at": NOON},
        {"is_active": False},
        {"unconfirmed": True},
        None,
    ],
)
def test_nobody_is_matched_whom_the_steward_does_not_see(affiliate, steward, ola, changes):
    """Hidden, closed, or no member: the same is said as about somebody without an account."""
    if changes is None:
        ola.memberships.all().delete()
    for name, value in (changes or {}).items():
        setattr(ola, name, value)
    ola.save()

    one = read(
        SIMPLE + line(1) + line(2, contact="9", email="nobody@example.org"), steward, affiliate
    )

    assert one.counts()["unmatched"] == 2
    assert not matching.takers(one).filter(pk=ola.pk)


def test_a_match_by_hand_is_remembered_for_the_next_file(affiliate, steward, ola):
    text = SIMPLE + line(1, email="private@example.net")
    one = read(text, steward, affiliate)
    assert one.counts()["unmatched"] == 1

    matching.match(one, {"7": ola})

    assert one.counts()["new"] == 1
    assert read(text.replace("Help desk", "Stall"), steward, affiliate).counts()["new"] == 1
    matching.match(one, {"7": None})
    assert one.counts()["unmatched"] == 1
    assert not ImportMatch.objects.exists()


def test_a_remembered_match_ends_with_the_membership(affiliate, steward, ola):
    ImportMatch.objects.create(affiliate=affiliate, contact="7", person=ola)
    ola.memberships.all().delete()

    one = read(SIMPLE + line(1, email=""), steward, affiliate)

    assert one.counts()["unmatched"] == 1


def test_a_file_of_contacts_only_says_who_is_who(affiliate, steward, ola):
    text = "Contact ID,Display Name,Email,Username\r\n7,Ola,,ola\r\n8,Jo,jo@example.org,\r\n"

    one = brought(text, steward, affiliate)

    assert one.kind == "contacts"
    assert list(ImportMatch.objects.values_list("contact", "person")) == [("7", ola.pk)]
    counts = one.counts()
    assert (counts["new"], counts["refused"], counts["all"]) == (1, 1, 2)
    assert not Commitment.objects.exists()
    assert brought(text, steward, affiliate).counts()["unchanged"] == 1
    assert read(SIMPLE + line(1, email=""), steward, affiliate).counts()["new"] == 1


def test_contacts_can_be_taken_back(affiliate, steward, ola):
    text = "Contact ID,Display Name,Email\r\n7,Ola,ola@example.org\r\n"
    one = brought(text, steward, affiliate)

    writing.undo(one, at=NOON)

    assert not ImportMatch.objects.exists()


def test_a_day_that_can_be_two_is_asked_about(affiliate, steward, ola):
    one = arrive(SIMPLE + line(1, day="03/04/2026"), steward, affiliate)
    assert (finish(one).state, one.open_day) == ("asked", "03/04/2026")

    actions.answer(one, day_first=True)

    assert finish(one).lines.get().period.lower == date(2026, 4, 3)


def test_long_hours_are_spread_over_as_many_days_as_they_need(ola):
    brought("Activity Date,Duration,Subject\r\n2026-03-02,40 h,Camp\r\n", ola)

    row = ola.commitments.get()
    assert (row.period, row.hours) == (DateRange(date(2026, 3, 2), date(2026, 3, 4)), 40)
    assert Commitment.objects.get().affiliate is None


def test_a_file_of_ones_own_is_about_nobody_else(ola):
    text = "Activity Date,Duration,Subject,Email\r\n"
    body = "2026-03-02,60,A,OLA@example.org\r\n2026-03-02,60,B,jo@example.org\r\n"

    one = read(text + body, ola)

    assert [(r.number, r.reason, r.about) for r in one.lines.refused()] == [
        (3, "not_you", "jo@example.org")
    ]


def test_without_a_status_the_day_tells(ola):
    text = "Activity Date,Duration,Subject\r\n2026-04-30,60,A\r\n2026-05-01,60,B\r\n"

    brought(text, ola)

    assert [state for *_row, state in rows(ola)] != []
    assert dict(ola.commitments.values_list("what", "state")) == {"A": "done", "B": "planned"}


def exported(lines):
    return b"".join(lines)


def test_what_is_exported_reads_back_in_and_changes_nothing(affiliate, steward, crowd):
    SkillFactory(slug="video-editing", label="video editing")
    brought(messy(crowd, lines=400).content, steward, affiliate)
    before = everything()
    content = exported(hours.of_affiliate(affiliate, steward))
    assert b"\r\n'=cmd" not in content
    assert b",'=cmd" in content

    again = brought(content, steward, affiliate, partly=False)

    counts = again.counts()
    assert counts == {
        **dict.fromkeys(["refused", "unmatched", "new", "changed"], 0),
        "all": len(before),
        "unchanged": len(before),
    }
    assert everything() == before


def _numbers(affiliate, steward):
    """Give the number and the name of each line that a steward takes out."""
    text = exported(hours.of_affiliate(affiliate, steward)).decode()
    lines = csv.DictReader(io.StringIO(text))
    return sorted((one["Target Contact ID"], one["Target Contact"]) for one in lines)


def test_each_line_says_by_which_number_the_affiliates_system_knows_whom_it_is_about(
    affiliate, steward, ola
):
    jan, zoe = (
        MembershipFactory(affiliate=affiliate, person__name=name, person__username=name).person
        for name in ("Jan", "Zoe")
    )
    ways = [(ola, "7"), (jan, "=8"), (zoe, "")]
    content = SIMPLE.replace("Target Contact Email", "Username") + "".join(
        line(n, contact=number and f"'{number}", name="", email=person.username)
        for n, (person, number) in enumerate(ways)
    )
    brought(content, steward, affiliate)
    for contact in ("7", "19", "=8"):
        person = jan if contact == "=8" else ola
        ImportMatch.objects.create(affiliate=affiliate, contact=contact, person=person)
    ImportMatch.objects.create(affiliate=AffiliateFactory(), contact="20", person=zoe)
    ImportMatch.objects.create(affiliate=affiliate, contact=f"#{'0' * 32}", person=zoe)
    before, matched = everything(), ImportMatch.objects.count()

    assert _numbers(affiliate, steward) == [("", "Zoe"), ("'=8", "Jan"), ("7", "Ola Nowak")]
    again = brought(exported(hours.of_affiliate(affiliate, steward)), steward, affiliate)

    assert again.counts() == {
        **dict.fromkeys(["refused", "unmatched", "new", "changed"], 0),
        **dict.fromkeys(["all", "unchanged"], 3),
    }
    assert (everything(), ImportMatch.objects.count()) == (before, matched)


def test_a_number_alone_says_again_whom_a_line_is_about(affiliate, steward, ola):
    brought(SIMPLE + line(1), steward, affiliate)
    ImportMatch.objects.create(affiliate=affiliate, contact="7", person=ola)
    content = exported(hours.of_affiliate(affiliate, steward)).decode()
    content = content.replace(",Ola Nowak,Ola,", ",,,")
    assert ",7,,," in content

    counts = brought(content, steward, affiliate, partly=False).counts()

    assert (counts["all"], counts["unchanged"]) == (1, 1)


@pytest.mark.parametrize("lines", [1, 50])
def test_numbers_take_no_statement_of_their_own(affiliate, steward, ola, lines):
    brought(SIMPLE + "".join(line(n) for n in range(lines)), steward, affiliate)
    ImportMatch.objects.create(affiliate=affiliate, contact="7", person=ola)

    with CaptureQueriesContext(connection) as asked:
        text = exported(hours.of_affiliate(affiliate, steward)).decode()

    assert text.count(",7,Ola Nowak,") == lines
    assert len([one for one in asked if one["sql"].startswith("SELECT")]) <= 1


def test_ones_own_hours_read_back_in_whatever_their_source(affiliate, steward, ola):
    brought(SIMPLE + line(1, subject="=1+1"), steward, affiliate)
    brought("Activity Date,Duration,Subject\r\n2026-03-02,40 h,Camp\r\n", ola)
    Commitment.objects.create(
        person=ola,
        what="By hand",
        source="by_hand",
        key="1",
        period=days(date(2026, 1, 1), date(2026, 3, 31)),
        weekly_hours=3,
    )
    before = everything()

    again = brought(exported(hours.own(ola)), ola, partly=False)

    assert again.counts()["unchanged"] == 3
    assert everything() == before


def test_somebody_elses_export_does_not_touch_their_rows(ola):
    brought("Activity Date,Duration,Subject\r\n2026-03-02,60,Camp\r\n", ola)
    content = exported(hours.own(ola)).replace(b"Camp", b"Mine").replace(b"Ola", b"jo")

    brought(content, PersonFactory(username="jo"))

    assert rows(ola) == [("Camp", date(2026, 3, 2), 1, "done")]


def test_a_steward_takes_out_only_what_their_affiliates_files_brought(affiliate, steward, ola):
    other = AffiliateFactory()
    MembershipFactory(affiliate=other, person=ola)
    elsewhere = MembershipFactory(affiliate=other, role="steward").person
    brought(SIMPLE + line(1, subject="Here"), steward, affiliate)
    brought(SIMPLE + line(1, subject="There"), elsewhere, other)

    text = exported(hours.of_affiliate(affiliate, steward)).decode()

    assert "Here" in text
    assert "There" not in text
    ola.visibility = "hidden"
    ola.save()
    assert "Here" not in exported(hours.of_affiliate(affiliate, steward)).decode()


def test_a_steward_takes_out_nothing_of_what_no_file_brought(affiliate, steward, ola):
    """What a journey, an exchange or a person puts into weeks is shared by the person alone."""
    for source in set(Commitment.Source.values) - {"import"}:
        Commitment.objects.create(
            person=ola,
            affiliate=affiliate,
            what=f"A secret {source}",
            source=source,
            key="1",
            period=days(date(2026, 3, 2), date(2026, 3, 8)),
            weekly_hours=3,
        )

    assert "secret" not in exported(hours.of_affiliate(affiliate, steward)).decode()


@pytest.mark.parametrize("there", [True, False])
def test_no_file_tells_a_stranger_which_rows_somebody_has(ola, there):
    row = Commitment.objects.create(
        person=ola,
        what="By hand",
        source="by_hand",
        key="1",
        period=days(date(2026, 1, 1), date(2026, 3, 31)),
        weekly_hours=3,
    )
    content = exported(hours.own(ola))
    if not there:
        row.delete()

    one = read(content, PersonFactory(username="jo"))

    assert [line.reason for line in one.lines.all()] == ["not_you"]


def test_refused_lines_are_given_as_they_stood(affiliate, steward, ola):
    one = read(SIMPLE + line(1, duration="", subject="=cmd") + line(2), steward, affiliate)

    text = exported(hours.refused(one)).decode()

    assert list(csv.reader(io.StringIO(text))) == [
        ["Line", "Why", *SIMPLE.strip().split(",")],
        [
            *("2", "There is no duration.", "1", "Volunteer", "'=cmd", "2026-03-02", ""),
            *("Completed", "7", "Nowak, Ola", "ola@example.org"),
        ],
    ]


def test_what_nobody_confirms_or_needs_goes(ola):
    text = "Activity Date,Duration,Subject\r\n2026-03-02,60,Camp\r\n"
    read(text, ola)
    done = brought(text, ola)
    Import.objects.filter(pk=done.pk).update(created_at=NOON - timedelta(days=31))

    forget_imports()

    assert not Import.objects.exists()
    assert not ImportLine.objects.exists()
    assert ola.commitments.count() == 1


def test_a_refusal_is_one_row(affiliate, ola):
    actions.refuse(ola, affiliate)

    assert Counter(ImportRefusal.objects.values_list("person", "affiliate")) == {
        (ola.pk, affiliate.pk): 1
    }


def test_one_file_that_goes_wrong_stops_no_other_and_goes_on_the_next_time(
    affiliate, steward, ola, monkeypatch, caplog
):
    line = "1,Meeting,Stall,2026-04-01,90,Completed,7,Ola Nowak,ola@example.org\r\n"
    broken, whole = (arrive(SIMPLE + line, steward, affiliate) for _ in range(2))
    step = work.STEPS[Import.State.READING]

    def fail(one, *, at):
        if one.pk == broken.pk:
            raise ValueError("a line that breaks the reader")
        step(one, at=at)

    with monkeypatch.context() as once:
        once.setitem(work.STEPS, Import.State.READING, fail)
        work.go_on_with_all(NOON)

    states = dict(Import.objects.values_list("pk", "state"))
    assert states == {broken.pk: "reading", whole.pk: "read"}
    assert f"Import {broken.pk} does not go on" in caplog.text

    work.go_on_with_all(NOON)
    assert set(Import.objects.values_list("state", flat=True)) == {"read"}
