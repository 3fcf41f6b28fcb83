from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, transaction
from django.urls import reverse

from capx.states import IllegalMove
from exchange.actions import reports as actions
from exchange.models import Decision, Listing, Message, Practice, Report, SearchDocument
from tests.factories import (
    ExchangeFactory,
    ListingFactory,
    MessageFactory,
    OrganiserFactory,
    PersonFactory,
    PracticeFactory,
    ReportFactory,
)
from tests.together import together
from volunteers.models import Notice, Person

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
SPAM = actions.Concern(Report.Reason.SPAM, "It sells something.")
NOBODY = AnonymousUser()


def ruling(by, *, seen=None, at=NOON, why="It sells something."):
    last = Report.objects.order_by("-pk").first()
    return actions.Ruling(by, why, at, seen if seen is not None else last.pk if last else 0)


def told():
    """Give who has which subject in the letter box."""
    return sorted(Notice.objects.values_list("recipient__username", "subject"))


@pytest.fixture
def reader(client, db):
    person = PersonFactory(username="reader")
    client.force_login(person)
    return person


@pytest.fixture
def organiser(db):
    return OrganiserFactory(username="organiser")


def thing(what, reader):
    """Make something of each kind that the reader sees, and somebody else wrote."""
    author = PersonFactory(username="author")
    if what == "listing":
        return ListingFactory(author=author, title="Cheap likes")
    if what == "practice":
        return PracticeFactory(author=author, title="Buy likes")
    if what == "message":
        exchange = ExchangeFactory(listing__author=reader, counterpart=author)
        return MessageFactory(exchange=exchange)
    return author


def address(what, target):
    key = target.username if what == "person" else target.pk
    return reverse("exchange:report", args=[what, key])


ALL = pytest.mark.parametrize("what", ["listing", "practice", "message", "person"])


@ALL
def test_everything_one_sees_can_be_reported(client, reader, organiser, what):
    target = thing(what, reader)

    assert client.get(address(what, target)).status_code == 200
    answer = client.post(address(what, target), {"reason": "unkind", "words": "Look."})

    report = Report.objects.get()
    assert (report.target, report.reporter, report.reason) == (target, reader, "unkind")
    assert answer.url == reverse("exchange:reported", args=[report.pk])
    assert "Thank you. We look at it." in client.get(answer.url).content.decode()
    assert told() == [
        ("organiser", "Somebody reports: It is unkind, or hurts somebody"),
    ]


@ALL
def test_one_cannot_report_oneself_nor_what_one_does_not_see(client, reader, what):
    target = thing(what, reader)
    author = target if what == "person" else target.author

    client.force_login(author)
    assert client.get(address(what, target)).status_code == 404

    client.force_login(reader)
    type(target).objects.filter(pk=target.pk).update(hidden_at=NOON)
    assert client.get(address(what, target)).status_code == 404


def test_a_message_is_reported_only_by_who_can_read_it(client, reader):
    message = MessageFactory()

    assert client.get(address("message", message)).status_code == 404


def test_nobody_reports_without_an_account(client, db):
    listing = ListingFactory()

    answer = client.get(address("listing", listing))

    assert answer.status_code == 302
    assert "login" in answer.url


@pytest.mark.parametrize("key", ["0", "9" * 30, "x", "1%00", "-1", "1.5", "²"])
@pytest.mark.parametrize("what", ["listing", "person", "exchange"])
def test_an_address_that_means_nothing_is_not_found(client, reader, what, key):
    assert client.get(f"/report/{what}/{key}/").status_code == 404


def test_what_was_typed_stays_when_the_form_is_refused(client, reader):
    listing = ListingFactory()

    page = client.post(
        address("listing", listing), {"words": "My <b>words</b>"}
    ).content.decode()

    assert "My &lt;b&gt;words&lt;/b&gt;" in page
    assert not Report.objects.exists()


def test_no_reason_is_chosen_beforehand(client, reader):
    listing = ListingFactory()
    page = client.get(reverse("exchange:report", args=["listing", listing.pk])).content.decode()

    assert "---------" not in page
    assert "checked" not in page


def test_something_else_needs_a_word(client, reader):
    listing = ListingFactory()

    page = client.post(address("listing", listing), {"reason": "other"}).content.decode()

    assert "Please say in a sentence what it is." in page


@pytest.mark.django_db
def test_reported_twice_is_one_report_with_both_texts():
    report = ReportFactory(words="First.")
    second = actions.Concern("unsafe", "Second.")

    found, fresh = actions.report(report.listing, report.reporter, second, at=NOON)

    report.refresh_from_db()
    assert (found, fresh) == (report, False)
    assert report.words == "First.\n\nSecond."
    assert Report.objects.count() == 1


def test_who_reports_again_is_told_so(client, reader):
    listing = ListingFactory()
    said = {"reason": "spam", "words": "Look."}
    client.post(address("listing", listing), said)

    page = client.post(address("listing", listing), said, follow=True).content.decode()

    assert "You had told us already" in page


@pytest.mark.django_db
def test_nobody_reports_without_end():
    reporter = PersonFactory()
    for _ in range(actions.REPORTS_A_DAY):
        actions.report(ListingFactory(), reporter, SPAM, at=NOON)

    with pytest.raises(actions.TooMany):
        actions.report(ListingFactory(), reporter, SPAM, at=NOON)
    actions.report(ListingFactory(), reporter, SPAM, at=NOON + timedelta(days=2))


@pytest.mark.django_db
def test_what_is_hidden_is_in_no_list_and_no_search(organiser):
    listing, practice = ListingFactory(), PracticeFactory()
    SearchDocument.objects.write(listing)

    actions.hide(listing, ruling(organiser))
    actions.hide(practice, ruling(organiser))

    assert not Listing.objects.visible_to(NOBODY).exists()
    assert not Practice.objects.visible_to(NOBODY).exists()
    assert not SearchDocument.objects.exists()
    assert list(Listing.objects.visible_to(listing.author)) == [listing]


@pytest.mark.django_db
def test_what_is_restored_is_found_again(organiser):
    listing = ListingFactory()
    actions.hide(listing, ruling(organiser))

    actions.restore(listing, ruling(organiser, at=LATER))

    assert list(Listing.objects.visible_to(NOBODY)) == [listing]
    assert SearchDocument.objects.filter(listing=listing).exists()


@pytest.mark.django_db
def test_a_hidden_person_is_seen_by_nobody(organiser):
    person = PersonFactory()

    actions.hide(person, ruling(organiser))

    assert person not in Person.objects.visible_to(organiser)


def test_hiding_tells_the_author_why_and_the_reporter_that(organiser, reader):
    target = thing("listing", reader)
    actions.report(target, reader, SPAM, at=NOON)
    Notice.objects.all().delete()

    actions.hide(target, ruling(organiser))

    report = Report.objects.get()
    assert told() == [
        ("author", "“Cheap likes” is hidden for now"),
        ("reader", "What you reported is hidden now"),
    ]
    words = Notice.objects.get(recipient=target.author).body
    assert "Why: It sells something." in words
    assert reverse("exchange:report", args=["listing", target.pk]) in words
    assert "reader" not in words
    assert (report.state, report.decided_by, report.decided_at) == ("hidden", organiser, NOON)


def test_leaving_tells_only_who_reported(organiser, reader):
    target = thing("practice", reader)
    actions.report(target, reader, SPAM, at=NOON)
    Notice.objects.all().delete()

    actions.leave(target, ruling(organiser, why="It is a joke."))

    assert told() == [("reader", "What you reported stays as it is")]
    assert Report.objects.get().state == Report.State.DISMISSED
    assert list(Practice.objects.visible_to(NOBODY)) == [target]


def test_the_author_asks_to_look_again_and_hears_the_answer(client, organiser, reader):
    mine = ListingFactory(author=reader, title="Mine")
    actions.hide(mine, ruling(organiser))
    Notice.objects.all().delete()

    answer = client.post(address("listing", mine), {"words": "I have changed it."})
    assert "Until then it stays hidden." in client.get(answer.url).content.decode()
    actions.leave(mine, ruling(organiser, why="It is the same."))

    assert told() == [
        ("organiser", "Somebody reports: Something else"),
        ("reader", "What you reported stays as it is"),
    ]
    mine.refresh_from_db()
    assert mine.hidden_at == NOON


def test_an_appeal_ends_with_the_restoring(organiser, reader):
    mine = ListingFactory(author=reader, title="Mine")
    actions.hide(mine, ruling(organiser))
    actions.report(mine, reader, actions.Concern("other", "Please."), at=NOON)
    Notice.objects.all().delete()

    actions.restore(mine, ruling(organiser, at=LATER))

    assert {report.state for report in Report.objects.all()} == {Report.State.RESTORED}
    assert told() == [("reader", "“Mine” can be seen again")]


@pytest.mark.django_db
def test_one_decision_answers_every_report_the_organiser_has_seen(organiser):
    listing = ListingFactory()
    seen = ReportFactory.create_batch(2, listing=listing)
    unseen = ReportFactory(listing=listing)

    actions.hide(listing, ruling(organiser, seen=seen[-1].pk))

    states = dict(Report.objects.values_list("pk", "state"))
    assert states == {seen[0].pk: "hidden", seen[1].pk: "hidden", unseen.pk: "waiting"}


@pytest.mark.django_db
def test_every_decision_is_kept(organiser):
    report = ReportFactory()
    actions.leave(report.listing, ruling(organiser, why="Fine."))
    actions.hide(report.listing, ruling(organiser, why="Not fine.", at=LATER))

    kept = Decision.objects.order_by("pk").values_list("state", "words", "at", "by__username")
    assert list(kept) == [
        ("dismissed", "Fine.", NOON, "organiser"),
        ("hidden", "Not fine.", LATER, "organiser"),
    ]
    with pytest.raises(DatabaseError), transaction.atomic():
        Decision.objects.update(words="Something else.")
    with pytest.raises(DatabaseError), transaction.atomic():
        Decision.objects.all().delete()


@pytest.mark.django_db
@pytest.mark.parametrize("verb", ["hide", "restore", "leave"])
def test_what_is_decided_cannot_be_decided_so_again(organiser, verb):
    report = ReportFactory()
    if verb == "restore":
        actions.hide(report.listing, ruling(organiser))
    act = actions.__dict__[verb]
    act(report.listing, ruling(organiser))

    with pytest.raises(IllegalMove):
        act(report.listing, ruling(organiser, at=LATER))


@pytest.mark.django_db
def test_an_organiser_hides_no_organiser(organiser):
    with pytest.raises(actions.NotYours):
        actions.hide(OrganiserFactory(), ruling(organiser))

    actions.hide(OrganiserFactory(), ruling(OrganiserFactory(is_superuser=True)))


def test_what_became_of_a_report_is_read_by_its_reporter_alone(client, reader, organiser):
    report = ReportFactory(reporter=reader)
    actions.leave(report.listing, ruling(organiser, why="It is a joke."))
    page = reverse("exchange:reported", args=[report.pk])

    assert "It is a joke." in client.get(page).content.decode()
    client.force_login(PersonFactory())
    assert client.get(page).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_organisers_decide_once():
    report = ReportFactory()
    rulings = [ruling(one, seen=report.pk) for one in OrganiserFactory.create_batch(4)]

    acts = (lambda r=r: actions.hide(report.listing, r) for r in rulings)
    answers = together(*acts, refused=IllegalMove)

    assert answers.count("IllegalMove") == 3
    assert Decision.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_tabs_send_one_report():
    listing, reporter = ListingFactory(), PersonFactory()

    answers = together(*[lambda: actions.report(listing, reporter, SPAM, at=NOON)[1]] * 4)

    assert sorted(answers) == [False, False, False, True]
    assert Report.objects.count() == 1


@pytest.mark.django_db
def test_a_hidden_message_is_kept_for_who_wrote_it(organiser):
    message = MessageFactory()

    actions.hide(message, ruling(organiser))

    assert Message.objects.get().hidden_at == NOON
    assert told() == [(message.author.username, "One of your messages is hidden for now")]
