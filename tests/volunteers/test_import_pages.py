import csv
import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from capx.states import IllegalMove
from tests.factories import AffiliateFactory, MembershipFactory, PersonFactory
from tests.together import together
from tests.volunteers.civicrm import messy
from tests.volunteers.test_imports import SIMPLE, line
from volunteers.actions import imports as actions
from volunteers.imports import matching, reading, work, writing
from volunteers.mailbox import mute
from volunteers.models import Commitment, Import, ImportLine, ImportMatch, Notice
from volunteers.models.notices import NoticeKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def affiliate():
    return AffiliateFactory(slug="testland")


@pytest.fixture
def ola(affiliate):
    person = PersonFactory(username="Ola", name="Ola Nowak", email="ola@example.org")
    MembershipFactory(affiliate=affiliate, person=person)
    return person


@pytest.fixture
def steward(client, affiliate):
    person = MembershipFactory(affiliate=affiliate, role="steward").person
    client.force_login(person)
    return person


def upload(client, text, path="/affiliates/testland/import/", **said):
    content = text.encode() if isinstance(text, str) else text
    file = SimpleUploadedFile("hours.csv", content, "text/csv")
    return client.post(path, {"file": file, **said}, follow=True)


def page_of(answer):
    return answer.content.decode()


def test_a_small_file_goes_all_the_way_without_a_worker(client, steward, ola):
    shown = page_of(upload(client, SIMPLE + line(1)))
    assert "What this file would do" in shown
    assert "Ola Nowak" in shown
    one = Import.objects.get()

    done = client.post(reverse("volunteers:import_confirm", args=[one.pk]), follow=True)

    assert "What this file did" in page_of(done)
    assert ola.commitments.get().hours == 1.5
    notice = Notice.objects.get(recipient=ola)
    assert notice.link == "/me/imported/"
    assert "has noted hours of yours" in notice.subject


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("Amount,Currency\n1,EUR\n", "We know too few of its columns"),
        ("Activity Date,Duration,Subject\n2026-03-02,60,A\n", "No column says whom"),
        ("", "nothing in this file"),
        (b"\xff\xfe\x00", "letters of this file are not utf-16"),
        ("Activity Date,Duration,Email\n" + "1,2,3\n" * 50_001, "More than 50,000 lines"),
        ("x" * 5_000_001, "More than 5 MB"),
    ],
)
def test_a_file_without_a_line_we_can_read_is_refused_with_words(
    client, steward, content, words
):
    assert words in page_of(upload(client, content))
    assert not Import.objects.exists()


def test_a_day_has_its_fill_of_files(client, steward, monkeypatch):
    monkeypatch.setattr(reading, "A_DAYS_FILES", 1)
    upload(client, SIMPLE + line(1))

    assert "many files for one day" in page_of(upload(client, SIMPLE + line(1)))


def test_contacts_are_brought_by_an_affiliate_alone(client):
    client.force_login(PersonFactory())

    shown = upload(client, "Contact ID,Name\n1,Ola\n", "/me/import/")

    assert "We know too few of its columns" in page_of(shown)


def test_one_question_about_dates(client, steward, ola):
    shown = upload(client, SIMPLE + line(1, day="03/04/2026"))
    assert "03/04/2026" in page_of(shown)
    one = Import.objects.get()
    address = reverse("volunteers:import_answer", args=[one.pk])

    assert "One question" in page_of(client.post(address, {"day_first": "x"}, follow=True))
    assert "4 March 2026" in page_of(client.post(address, {"day_first": "0"}, follow=True)) or (
        ImportLine.objects.get().period.lower.month == 3
    )


def test_refused_lines_hold_the_others_up_unless_one_says_otherwise(client, steward, ola):
    upload(client, SIMPLE + line(1) + line(2, duration="long"))
    confirm = reverse("volunteers:import_confirm", args=[Import.objects.get().pk])

    shown = page_of(client.post(confirm, follow=True))
    assert "Some lines can&#x27;t be imported" in shown
    assert "“long” is no duration we can read." in shown
    assert not Commitment.objects.exists()
    client.post(confirm, {"partly": "on"})
    assert Commitment.objects.count() == 1
    assert "confirmed already" in page_of(client.post(confirm, {"partly": "on"}, follow=True))


def test_refused_lines_are_downloaded(client, steward, ola):
    upload(client, SIMPLE + line(1, duration=""))
    address = reverse("volunteers:import_refused", args=[Import.objects.get().pk])

    answer = client.get(address)

    lines = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert [row[:2] for row in lines] == [["Line", "Why"], ["2", "There is no duration."]]
    assert "attachment" in answer["Content-Disposition"]


def test_a_name_is_suggested_and_matched_by_hand(client, steward, ola):
    upload(client, SIMPLE + line(1, email="private@example.net"))
    one = Import.objects.get()
    address = reverse("volunteers:import_people", args=[one.pk])
    assert 'value="Ola"' in page_of(client.get(address))

    client.post(address, {"contact-2": "Ola"})

    assert one.counts()["new"] == 1
    assert ImportMatch.objects.get().person == ola
    client.post(address, {"contact-2": ""})
    assert one.counts()["unmatched"] == 1


def test_sent_twice_is_about_the_same_contacts(client, steward, ola, affiliate):
    """Saving moves a contact to the end of the list; what was typed does not move along."""
    MembershipFactory(affiliate=affiliate, person__username="Jo")
    unknown = "".join(line(n, contact=n, email="", name=f"C{n}") for n in range(3))
    upload(client, SIMPLE + unknown)
    one = Import.objects.get()
    address = reverse("volunteers:import_people", args=[one.pk])
    typed = {"contact-2": "Ola", "contact-3": "", "contact-4": "Jo"}

    for _time in range(2):
        client.post(address, typed)

    found = ImportMatch.objects.values_list("contact", "person__username")
    assert dict(found) == {"0": "Ola", "2": "Jo"}


def test_nobody_learns_who_has_an_account(client, steward, ola):
    """A username, an address: whether there is such an account changes not a letter."""
    PersonFactory(username="Qstranger", email="qstranger@example.org")
    hidden = PersonFactory(username="Qhidden", email="qhidden@example.org", visibility="hidden")
    MembershipFactory(person=hidden, affiliate=AffiliateFactory())
    hers = MembershipFactory(person=hidden, affiliate=ola.memberships.get().affiliate)
    assert hers.confirmed_at
    said = []
    for word in ("Qstranger", "Qhidden", "Qnothing"):
        Import.objects.all().delete()
        shown = upload(client, SIMPLE + line(1, email=f"{word}@example.org", name=word))
        one = Import.objects.get()
        address = reverse("volunteers:import_people", args=[one.pk])
        answer = page_of(client.post(address, {"contact-2": word}))
        assert "No member whom you see has this username" in answer
        pages = [page_of(shown), page_of(client.get(address)), answer]
        said.append([_plain(page, word, one.pk) for page in pages])

    assert said[0] == said[1] == said[2]


def _plain(page, word, key):
    main = page.split("<main")[1].split("</main>")[0]
    main = re.sub(r"<time.*?</time>", "", main, flags=re.DOTALL)
    kept = [row for row in main.splitlines() if "csrfmiddlewaretoken" not in row]
    text = "\n".join(kept).replace(word, "WORD").replace(word.lower(), "WORD")
    return text.replace(f"/imports/{key}/", "/imports/KEY/")


def test_whoever_hides_meanwhile_is_named_no_more(client, steward, ola):
    upload(client, SIMPLE + line(1, name="Contact 7"))
    one = Import.objects.get()
    people = reverse("volunteers:import_people", args=[one.pk])
    assert 'value="Ola"' in page_of(client.get(people))
    ola.visibility = "hidden"
    ola.save()

    for path in (one.get_absolute_url(), people):
        assert "Ola" not in page_of(client.get(path))


def test_taking_back_and_letting_go(client, steward, ola):
    upload(client, SIMPLE + line(1))
    one = Import.objects.get()
    confirm, undo, discard = (
        reverse(f"volunteers:import_{verb}", args=[one.pk])
        for verb in ("confirm", "undo", "discard")
    )
    assert "can&#x27;t be taken back" in page_of(client.post(undo, follow=True))
    client.post(confirm)
    assert "confirmed already" in page_of(client.post(discard, follow=True))

    assert "Taken back" in page_of(client.post(undo, follow=True))
    assert not Commitment.objects.exists()
    upload(client, SIMPLE + line(1))
    again = Import.objects.latest("pk")
    client.post(reverse("volunteers:import_discard", args=[again.pk]))
    assert list(Import.objects.all()) == [one]


def test_what_goes_on_is_shown_and_asked_for_again(client, steward, ola, monkeypatch):
    monkeypatch.setattr(reading, "CHUNK", 1)
    shown = page_of(upload(client, SIMPLE + "".join(line(n) for n in range(5))))
    one = Import.objects.get()
    assert 'hx-trigger="every 1s"' in shown
    assert "3 of 5 lines" in shown

    while work.go_on(one.pk, at=timezone.now()):
        pass
    part = page_of(client.get(one.get_absolute_url(), headers={"HX-Request": "true"}))

    assert "<html" not in part
    assert "hx-trigger" not in part
    assert "What this file would do" in part


def test_another_steward_sees_it_and_nobody_else(client, steward, ola, affiliate):
    upload(client, SIMPLE + line(1))
    one = Import.objects.get()
    statuses = {}
    for role, person in {
        "steward": MembershipFactory(affiliate=affiliate, role="steward").person,
        "editor": MembershipFactory(affiliate=affiliate, role="editor").person,
        "elsewhere": MembershipFactory(role="steward").person,
        "about": ola,
    }.items():
        client.force_login(person)
        statuses[role] = client.get(one.get_absolute_url()).status_code

    assert statuses == {"steward": 200, "editor": 404, "elsewhere": 404, "about": 404}


def test_ones_own_file_is_ones_own(client, affiliate, steward, ola):
    client.force_login(ola)
    text = "Activity Date,Duration,Subject\n2026-03-02,1:30,Stall\n"
    upload(client, text, "/me/import/")
    one = Import.objects.get()
    client.post(reverse("volunteers:import_confirm", args=[one.pk]))
    assert "Stall" in page_of(client.get("/me/imported/"))
    assert b"Stall" in b"".join(client.get("/me/hours.csv").streaming_content)

    client.force_login(steward)
    assert client.get(one.get_absolute_url()).status_code == 404
    taken = client.get("/affiliates/testland/hours.csv")
    assert b"Stall" not in b"".join(taken.streaming_content)


def imported(person, affiliate, number):
    return Commitment.objects.create(
        person=person,
        affiliate=affiliate,
        source="import",
        key=f"1:{number}",
        what=f"Help desk {number}",
        period=("2026-03-02", "2026-03-03"),
        weekly_hours=7,
    )


def test_dropping_and_refusing(client, ola, affiliate):
    client.force_login(ola)
    row = imported(ola, affiliate, 1)
    asked = page_of(client.get("/me/imported/"))
    drop = reverse("volunteers:let_go", args=[row.pk])
    # The button that drops it stands below its question.
    assert asked.index("<details") < asked.index("Drop “Help desk 1”?") < asked.index("Drop it")
    assert asked.count("<form", asked.index("What they brought")) == 1
    assert f'<form class="confirm__body" action="{drop}"' in asked

    client.post(drop)
    client.post(reverse("volunteers:refuse_imports", args=["testland"]))

    shown = page_of(client.get("/me/imported/"))
    assert "Help desk" not in shown
    assert "Take them again" in shown
    assert client.post(reverse("volunteers:let_go", args=[row.pk])).status_code == 404
    client.post(reverse("volunteers:refuse_imports", args=["testland"]), {"take": "1"})
    assert not ola.import_refusals.exists()


def test_lists_ask_as_much_for_three_rows_as_for_one(
    client, steward, ola, affiliate, django_assert_num_queries
):
    def statements(path):
        client.get(path)
        with django_assert_num_queries(1000, exact=False) as caught:
            assert client.get(path).status_code == 200
        return len(caught)

    upload(client, SIMPLE + line(1) + line(2, duration="") + line(3, contact="8", email=""))
    one = Import.objects.get()
    paths = [
        "/affiliates/testland/import/",
        one.get_absolute_url(),
        f"/imports/{one.pk}/people/",
    ]
    before = [statements(path) for path in paths]
    upload(
        client,
        SIMPLE
        + "".join(line(n, subject=f"A{n}") for n in range(4))
        + "".join(line(n, duration="") for n in range(5, 9))
        + "".join(line(n, contact=f"{n}", email="") for n in range(9, 13)),
    )
    for _more in range(2):
        upload(client, SIMPLE + line(1))
    more = Import.objects.exclude(pk=one.pk).order_by("pk").first()
    paths = [paths[0], more.get_absolute_url(), f"/imports/{more.pk}/people/"]
    assert [statements(path) for path in paths] == before
    assert max(before) <= 12

    client.force_login(ola)
    imported(ola, affiliate, 1)
    first = statements("/me/imported/")
    for number in range(2, 5):
        imported(ola, AffiliateFactory(), number)
    assert statements("/me/imported/") == first


def at_once(*acts):
    refusals = (IllegalMove, writing.SomethingStandsOnIt, writing.NotAll)
    return together(*acts, refused=refusals)


def waiting(lines=60):
    """Bring a file about three members that waits to be confirmed."""
    affiliate = AffiliateFactory(languages=["pl"])
    steward = MembershipFactory(affiliate=affiliate, role="steward").person
    contacts = []
    for number in range(3):
        person = MembershipFactory(affiliate=affiliate).person
        contacts.append((str(number), person.name, person.email, ""))
    made = messy(contacts, lines=lines)
    one = reading.arrive(
        reading.Arrival(steward, affiliate, "a.csv", made.content), at=timezone.now()
    )
    finish(one.pk)
    return Import.objects.get(pk=one.pk), made


def finish(key):
    while work.go_on(key, at=timezone.now()):
        pass


@pytest.mark.django_db(transaction=True)
def test_two_who_confirm_at_once_confirm_once(monkeypatch):
    one, _made = waiting()
    confirm = lambda: writing.confirm(Import.objects.get(pk=one.pk), partly=True)  # noqa: E731

    assert sorted(map(str, at_once(confirm, confirm))) == ["IllegalMove", "None"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_write_each_line_once(monkeypatch):
    monkeypatch.setattr(writing, "CHUNK", 7)
    monkeypatch.setattr(writing, "PEOPLE", 1)
    one, made = waiting()
    writing.confirm(one, partly=True)

    at_once(*[lambda: finish(one.pk)] * 3)

    one.refresh_from_db()
    assert one.state == "done"
    assert Commitment.objects.count() == len(made.hours)
    assert Notice.objects.filter(key__startswith="imported:").count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_files_of_one_affiliate_wait_for_each_other(monkeypatch):
    monkeypatch.setattr(writing, "CHUNK", 5)
    one, made = waiting()
    other = reading.arrive(
        reading.Arrival(one.by, one.affiliate, "b.csv", made.content), at=timezone.now()
    )
    finish(other.pk)
    for each in (one, other):
        writing.confirm(Import.objects.get(pk=each.pk), partly=True)

    at_once(lambda: finish(one.pk), lambda: finish(other.pk))

    assert set(Import.objects.values_list("state", flat=True)) == {"done"}
    assert Commitment.objects.count() == len(made.hours)


@pytest.mark.django_db(transaction=True)
def test_taking_back_against_taking_back(monkeypatch):
    one, _made = waiting()
    writing.confirm(one, partly=True)
    finish(one.pk)
    later = timezone.now() + timedelta(hours=1)
    undo = lambda: writing.undo(Import.objects.get(pk=one.pk), at=later)  # noqa: E731

    assert sorted(map(str, at_once(undo, undo))) == ["IllegalMove", "None"]
    assert not Commitment.objects.exists()


def test_somebody_signed_out_is_led_to_the_sign_in():
    assert Client().get("/me/import/").status_code == 302


def test_two_tabs_that_answer_the_question_about_dates_answer_it_once(
    client, steward, ola, monkeypatch
):
    upload(client, SIMPLE + line(1, day="03/04/2026"))
    one = Import.objects.get()

    def somebody_was_faster(*_args, **_said):
        raise IllegalMove

    monkeypatch.setattr(actions, "answer", somebody_was_faster)
    address = reverse("volunteers:import_answer", args=[one.pk])

    assert client.post(address, {"day_first": "0"}).status_code == 302


def test_a_match_while_another_steward_confirms_changes_nothing(
    client, steward, ola, monkeypatch
):
    upload(client, SIMPLE + line(1, email="", name="Somebody"))
    one = Import.objects.get()
    address = reverse("volunteers:import_people", args=[one.pk])
    form = client.get(address).context["form"]
    takers = matching.takers

    def confirmed_meanwhile(*args):
        Import.objects.filter(pk=one.pk).update(state="writing")
        return takers(*args)

    monkeypatch.setattr(matching, "takers", confirmed_meanwhile)

    answer = client.post(address, {next(iter(form.fields)): "Ola"})

    assert answer.status_code == 302
    assert not ImportMatch.objects.exists()


def test_what_is_taken_back_already_says_so(client, steward, ola):
    upload(client, SIMPLE + line(1))
    one = Import.objects.get()
    client.post(reverse("volunteers:import_confirm", args=[one.pk]))
    undo = reverse("volunteers:import_undo", args=[one.pk])
    client.post(undo)

    again = client.post(undo, follow=True)

    assert "taken back any more" in page_of(again).replace("&#x27;", "'")


def test_import_is_not_offered_where_nothing_would_come(client, steward, ola):
    upload(client, SIMPLE + line(1))
    one = Import.objects.get()
    confirm = reverse("volunteers:import_confirm", args=[one.pk])
    client.post(confirm)

    again = page_of(upload(client, SIMPLE + line(1)))
    refused = page_of(upload(client, SIMPLE + line(2, duration="long")))
    nobody = page_of(upload(client, SIMPLE + line(3, contact="9", name="Else", email="")))

    assert "All of it is here already" in again
    assert "No line of it can be imported" in refused
    assert "say first whom the lines are about" in nobody
    for page in (again, refused, nobody):
        assert re.search(r"/imports/[0-9]+/confirm/", page) is None


def test_notices_of_imported_hours_are_a_kind_of_their_own(client, steward, ola):
    mute(ola, NoticeKind.AFFILIATE)
    upload(client, SIMPLE + line(1))
    client.post(reverse("volunteers:import_confirm", args=[Import.objects.get().pk]))

    notice = Notice.objects.get(recipient=ola)
    assert (notice.kind, notice.by_mail) == ("import", True)
    client.force_login(ola)
    preferences = page_of(client.get(reverse("volunteers:preferences")))
    assert "Hours that an affiliate&#x27;s files bring about you" in preferences
