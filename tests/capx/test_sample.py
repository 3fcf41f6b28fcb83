import io
from collections import Counter
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Count, F, Max, Min
from django.test import Client
from django.utils import timezone

from capx.sample import load as loading
from capx.sample.accounts import ACCOUNTS, PASSWORD
from capx.sample.generate import make_sample
from capx.sample.rows import after
from capx.sample.rows.notices import remind
from exchange.models import (
    Event,
    Exchange,
    HandOver,
    Invitation,
    Listing,
    Practice,
    Report,
    SearchDocument,
    Word,
)
from exchange.models.exchanges import OVER, SEATED
from grandtour.models import (
    Answer,
    Application,
    Edition,
    Host,
    Journey,
    Plan,
    Review,
    Seat,
    barred_to,
)
from volunteers import mailbox
from volunteers.models import (
    Affiliate,
    Ask,
    Commitment,
    Membership,
    Notice,
    Origin,
    Person,
    Skill,
    SkillLabel,
    Thanks,
)
from volunteers.models.bandwidth import today
from volunteers.reminders import check_ins

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 20)
LABELS_IN = {"ar", "de", "en", "es", "fr", "pl", "uk"}
WRITTEN_IN = {"ar", "cs", "de", "en", "es", "fr", "it", "nl", "pl", "pt", "sv", "uk"}


COUNTED = "SELECT reltuples FROM pg_class WHERE relname = %s"


@pytest.fixture(scope="module")
def counted():
    """Note what the database takes the tables for when the first reminders are asked for."""
    tables = {}

    def note_and_remind(at):
        with connection.cursor() as cursor:
            for model in (Person, Membership, Seat):
                cursor.execute(COUNTED, [model._meta.db_table])
                tables[model] = cursor.fetchone()[0]
        remind_afterwards(at)

    remind_afterwards = after.remind
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(after, "remind", note_and_remind)
        yield tables


@pytest.fixture(scope="module")
def sample(django_db_setup, django_db_blocker, counted):
    """Load the whole sample once, as the command does; what a test does to it is undone."""
    del django_db_setup, counted
    with django_db_blocker.unblock(), transaction.atomic():
        out = io.StringIO()
        call_command("sample", stdout=out)
        connection.check_constraints()  # once, not again at the end of every test
        yield out.getvalue()
        transaction.set_rollback(True)


def signed_in(username):
    client = Client()
    client.force_login(Person.objects.get(username=username))
    return client


def get(client, address):
    return client.get(address, headers={"host": "localhost"})


def test_the_same_seed_and_day_make_the_same_sample():
    assert make_sample(DAY, seed=1) == make_sample(DAY, seed=1)


def test_another_seed_makes_other_people():
    ours, theirs = make_sample(DAY, seed=1), make_sample(DAY, seed=2)
    cast = {account.username for account in ACCOUNTS}
    shared = {one.name for one in ours.people} & {one.name for one in theirs.people}
    assert cast <= {one.username for one in theirs.people}
    assert len(shared) < len(ours.people) / 2


@pytest.mark.parametrize("seed", [2, 3])
def test_no_two_people_share_a_name_to_sign_in_with(seed):
    names = Counter(one.username.lower() for one in make_sample(DAY, seed).people)
    assert [name for name, times in names.items() if times > 1] == []


def test_the_sample_is_as_large_as_promised(sample):
    assert sample.startswith("The sample is loaded: 75 affiliates, ")
    assert Affiliate.objects.count() >= 60
    assert Person.objects.count() >= 400
    assert Listing.objects.count() >= 1500
    assert Practice.objects.count() >= 60


def test_nothing_is_asked_of_tables_that_the_database_takes_for_empty(sample, counted):
    assert counted == {model: model.objects.count() for model in (Person, Membership, Seat)}


def test_affiliates_are_in_real_cities_of_their_countries(sample):
    homes = Affiliate.objects.exclude(place=None).select_related("place")
    assert homes.count() >= 60
    assert [one.slug for one in homes if one.place.country not in one.countries] == []


def test_there_are_240_skills_in_12_branches_with_names_in_seven_languages(sample):
    assert Skill.objects.filter(parent=None).count() == 12
    assert Skill.objects.count() >= 240
    for language in LABELS_IN:
        assert SkillLabel.objects.filter(language=language).count() == Skill.objects.count()


def test_listings_are_written_in_twelve_languages(sample):
    found = Listing.objects.values_list("language").annotate(n=Count("pk"))
    many = {language for language, n in found if n >= 100}
    assert many == WRITTEN_IN
    assert set(Listing.objects.values_list("state", flat=True)) == set(Listing.State.values)


def test_exchanges_are_in_every_state(sample):
    found = dict(Exchange.objects.values_list("state").annotate(n=Count("pk")))
    assert {state for state, n in found.items() if n >= 10} == set(Exchange.State.values)


def test_nothing_lies_in_the_future(sample):
    now = timezone.now()
    moments = {
        Person: "date_joined",
        Listing: "changed_at",
        Exchange: "asked_at",
        Event: "at",
        Practice: "changed_at",
        Thanks: "created_at",
        Notice: "created_at",
        Report: "created_at",
    }
    late = {m: m.objects.aggregate(last=Max(field))["last"] for m, field in moments.items()}
    assert {model for model, last in late.items() if last > now} == set()


def test_a_listing_is_not_as_old_as_its_database(sample):
    ages = Listing.objects.aggregate(first=Min("created_at"), last=Max("created_at"))
    assert ages["first"] < timezone.now() - timedelta(days=200)
    assert ages["last"] < timezone.now() - timedelta(days=1)


def test_the_history_begins_with_the_ask_and_ends_as_the_exchange_did(sample):
    for one in Exchange.objects.prefetch_related("events"):
        history = sorted(one.events.all(), key=lambda event: (event.at, event.pk))
        verbs = [event.verb for event in history if event.verb != Event.Verb.WROTE_DOWN]
        assert verbs[0] in {Event.Verb.ASKED, Event.Verb.SEATED}, one.pk
        assert one.state not in OVER or verbs[-1] == one.state, (one.pk, verbs)


def test_nobody_is_said_to_have_agreed_before_they_were_asked(sample):
    wrong = Exchange.objects.filter(agreed_at__lt=F("asked_at"))
    early = Exchange.objects.filter(done_at__lt=F("agreed_at"))
    hasty = Exchange.objects.filter(ended_at__lt=F("done_at"))
    assert [*wrong, *early, *hasty] == []


def test_every_ask_is_settled_as_its_exchange_went(sample):
    for one in Exchange.objects.select_related("ask"):
        assert (one.ask.person_id, one.ask.asker_id) == (
            one.other(one.counterpart).pk,
            one.counterpart_id,
        )
        assert one.ask.answered_at == (one.answered_at or one.ended_at)
        assert one.ask.declined == (one.state == Exchange.State.DECLINED)
    others = HandOver.objects.count() + Invitation.objects.count()
    assert Ask.objects.count() == Exchange.objects.count() + others


def test_a_request_that_somebody_helps_with_is_taken(sample):
    helped = Listing.objects.filter(kind="request", exchanges__state__in=SEATED)
    assert set(helped.values_list("state", "seats")) == {("taken", 1)}
    assert not helped.filter(exchanges__state=Exchange.State.ASKED).exists()


def test_who_has_agreed_to_help_has_it_among_their_commitments(sample):
    live = Exchange.objects.filter(state=Exchange.State.AGREED).select_related("listing")
    keys = set(Commitment.objects.live().values_list("person", "key"))
    for one in live:
        training = one.listing.of == "training" and one.listing.is_offer
        key = f"listing:{one.listing_id}:1" if training else f"exchange:{one.pk}"
        hours = one.agreements.get(version=one.agreed_version).hours
        assert not hours or (one.provider_id, key) in keys


def test_thanks_stand_under_the_exchange_they_are_about(sample):
    sides = {f"exchange:{one.pk}": one for one in Exchange.objects.all()}
    for thanks in Thanks.objects.filter(affiliate=None):
        one = sides[thanks.key]
        assert {thanks.giver_id, thanks.receiver_id} == {one.provider_id, one.receiver_id}


def test_everything_open_can_be_found(sample):
    found = set(SearchDocument.objects.values_list("listing", flat=True))
    assert found == set(Listing.objects.open().values_list("pk", flat=True))
    assert SearchDocument.objects.stale() == []
    assert Word.objects.count() > 1000


@pytest.mark.parametrize("words", ["traducción", "traduccion", "tradducción", "Übersetzung"])
def test_an_offer_in_german_is_found_in_other_languages_and_misspelt(sample, words):
    title = "Wir übertragen eure Einladungen und Hilfeseiten ins Deutsche"
    page = get(signed_in("lucia"), f"/catalogue/?q={words}&language=de")
    assert "Einladungen und Hilfeseiten" in page.content.decode(), title


def test_when_the_sample_starts_one_mail_goes_out_and_nothing_is_due(sample):
    now = timezone.now()
    before = dict(Exchange.objects.values_list("pk", "state"))
    listings = dict(Listing.objects.values_list("pk", "state"))
    notices = Notice.objects.count()
    soon = now + timedelta(minutes=1)  # in an hour it may be tomorrow
    [asked] = Notice.objects.due(soon)
    assert (asked.recipient.username, asked.kind) == ("hanna", "check_in")
    remind(soon)
    check_ins.ask(soon)
    assert dict(Exchange.objects.values_list("pk", "state")) == before
    assert dict(Listing.objects.values_list("pk", "state")) == listings
    assert Notice.objects.count() == notices


def test_the_mail_that_goes_out_is_answered_with_one_click_and_a_letter_can_be_printed(sample):
    asked = Notice.objects.get(recipient__username="hanna", sent_at=None, by_mail=True)
    assert f"{asked.link}?answer=well" in mailbox.letter(asked).body
    assert "more" in Client().post(asked.link, {"answer": "well"}).headers["Location"]
    [answered] = asked.recipient.check_ins.filter(asked_at=asked.created_at)
    assert answered.answer == "well"

    for name in ("hanna", "lucia", "jonas", "salma"):
        [thanks] = Thanks.objects.filter(receiver__username=name).exclude(affiliate=None)
        page = get(signed_in(name), f"/me/thanks/{thanks.pk}/letter/")
        assert page.status_code == 200


def test_loading_ends_nothing_that_the_sample_says_goes_on(sample):
    made = make_sample(timezone.now().date())
    states = Counter(one.state for one in made.exchanges)
    assert dict(Exchange.objects.values_list("state").annotate(n=Count("pk"))) == states
    listed = Counter(one.state for one in made.listings)
    assert dict(Listing.objects.values_list("state").annotate(n=Count("pk"))) == listed


@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda account: account.username)
def test_one_can_sign_in_as_each_account(sample, account):
    address = Person.objects.get(username=account.username).emailaddress_set.get()
    answer = Client().post(
        "/accounts/login/",
        {"login": account.username, "password": PASSWORD},
        headers={"host": "localhost"},
    )
    assert (answer.status_code, address.verified) == (302, True)


def test_nobody_else_has_a_password(sample):
    able = {one.username for one in Person.objects.all() if one.has_usable_password()}
    assert able == {account.username for account in ACCOUNTS}


def test_something_waits_for_everybody_who_does_not_rest(sample):
    for username in ("hanna", "lucia", "maarten", "ines", "salma"):
        person = Person.objects.get(username=username)
        day = today(person, timezone.now())
        assert Exchange.objects.waiting_for(person, day).exists(), username
        assert Notice.objects.inbox(person).unread().exists(), username


def test_the_accounts_are_what_they_are_said_to_be(sample):
    people = {one.username: one for one in Person.objects.all()}
    roles = dict(Membership.objects.confirmed().values_list("person__username", "role"))
    assert roles["hanna"] == Membership.Role.EDITOR
    assert roles["maarten"] == Membership.Role.STEWARD
    assert Membership.objects.waiting().filter(affiliate__slug="wikimedia-nederland").exists()
    assert {one.username for one in Person.objects.organisers()} == {"ines", "agata"}
    assert not people["ines"].is_superuser
    assert people["jonas"].rests.on(timezone.now().date()).exists()
    assert [people[name].language for name in ("hanna", "lucia", "salma")] == ["de", "es", "ar"]
    assert Listing.objects.filter(author=people["hanna"], state=Listing.State.DRAFT).exists()
    assert Report.objects.waiting().count() == 2
    assert Thanks.objects.shown().filter(receiver=people["hanna"]).exists()


def test_one_organiser_knows_nobody_who_applied_and_reads_and_hosts_nothing(sample):
    editions = list(Edition.objects.all())
    agata, ines = (Person.objects.get(username=name) for name in ("agata", "ines"))

    assert set().union(*(barred_to(agata, one) for one in editions)) == set()
    assert set().union(*(barred_to(ines, one) for one in editions)) != set()
    assert not Host.objects.of_affiliates_with(agata).exists()
    assert not agata.reviewing.exists()


ANYBODY = [
    *("/", "/catalogue/", "/catalogue/?kind=request&of=resource&page=2", "/practices/"),
    *("/people/hanna/", "/people/jonas/", "/affiliates/", "/affiliates/wikimedia-deutschland/"),
    *("/skills/", "/skills/translation/", "/accounts/login/"),
]


@pytest.mark.parametrize("address", ANYBODY)
def test_anybody_can_look_around(sample, address):
    assert get(Client(), address).status_code == 200


@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda account: account.username)
def test_every_page_of_an_account_answers(sample, account):
    client = signed_in(account.username)
    person = Person.objects.get(username=account.username)
    addresses = ["/", "/exchanges/", "/me/", "/me/listings/", "/notices/", "/people/"]
    addresses += [one.get_absolute_url() for one in Exchange.objects.involving(person)]
    shown = person.listings.exclude(state=Listing.State.DRAFT)
    addresses += [one.get_absolute_url() for one in shown]
    addresses += [one.get_absolute_url() for one in person.practices.all()]
    answers = {address: get(client, address).status_code for address in addresses}
    assert {address: code for address, code in answers.items() if code != 200} == {}


def test_the_sample_never_mixes_with_people(sample):
    there = Person.objects.count()
    with pytest.raises(CommandError, match="only loaded into an empty one") as refused:
        call_command("sample")
    assert (refused.value.returncode, Person.objects.count()) == (1, there)
    with pytest.raises(loading.NotEmpty):
        loading.load(at=timezone.now())


def test_with_if_empty_a_full_database_is_no_mistake(sample):
    out = io.StringIO()
    call_command("sample", "--if-empty", stdout=out)
    assert out.getvalue() == "There are people in this database already: nothing to do.\n"


def test_the_accounts_are_named_with_their_password(sample):
    out = io.StringIO()
    call_command("sample", "--accounts", stdout=out)
    first, *rest = out.getvalue().splitlines()
    assert PASSWORD in first
    assert [line.split()[0] for line in rest] == [account.username for account in ACCOUNTS]


def test_the_desk_of_a_steward_is_alive(sample):
    answer = get(signed_in("maarten"), "/affiliates/wikimedia-nederland/care/")

    people = answer.context["page"].object_list
    assert len(people) >= 6
    assert sum(one.resting is not None for one in people) >= 2
    assert len(answer.context["needy"]) >= 3
    assert len(answer.context["together"]) >= 1
    assert len(answer.context["thank"]) >= 1


def test_the_grand_tour_stands_at_every_point_of_its_way(sample):
    states = set(Edition.objects.values_list("state", flat=True))
    assert states == set(Edition.State.values)
    assert set(Edition.objects.values_list("kind", flat=True)) == set(Edition.Kind.values)
    assert Host.objects.exclude(state="draft").count() >= 60
    assert Application.objects.sent().count() >= 300
    assert Review.objects.filter(state="given").values("application").distinct().count() >= 300
    decided = {"decided", "travelling", "evaluating", "closed"}
    told = Application.objects.sent().filter(edition__state__in=decided)
    assert not told.exclude(reviews__state="given").exists()
    assert all(Edition.objects.get(slug="scanning-together").day_rates.values())
    assert Answer.objects.exists()
    assert Plan.objects.filter(state="accepted").count() >= 2
    # Before there was money for it, and after: fewer travel.
    waiting = Plan.objects.filter(state="done").values_list("reasons", flat=True)
    travel = [sum(one["code"] == "placed" for one in why["travellers"]) for why in waiting]
    assert len(travel) == 2
    assert 0 < min(travel) < max(travel)
    journeys = set(Journey.objects.values_list("state", flat=True))
    assert {"offered", "travelling"} <= journeys
    assert {"returned", "closed"} & journeys
    assert Origin.objects.told().exists()
