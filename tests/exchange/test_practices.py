import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from exchange.actions import follow_ups
from exchange.actions import practices as actions
from exchange.models import FollowUp, Practice
from tests.exchange.agreeing import DAY, NOON, agreed
from tests.factories import PersonFactory, PracticeFactory, SkillFactory

pytestmark = pytest.mark.django_db
LATER = NOON + 30 * DAY
NOTHING = {"things-TOTAL_FORMS": "0", "things-INITIAL_FORMS": "0"}
WORDS = {
    "title": "Short workshops",
    "tried": "Two hours instead of a day",
    "worked": "Everybody stayed",
    "did_not": "The room was small",
    "would_reuse": "The invitation",
    "language": "en",
}


@pytest.fixture
def me(client):
    person = PersonFactory()
    client.force_login(person)
    return person


def done(me):
    exchange = agreed()
    for person in (exchange.provider, exchange.receiver):
        follow_ups.tell(exchange, person, FollowUp(happened=True, worked="Cutting"), at=LATER)
    type(exchange).objects.filter(pk=exchange.pk).update(receiver=me, counterpart=me)
    FollowUp.objects.filter(person=exchange.receiver).update(person=me)
    return exchange


def post(client, address, **typed):
    return client.post(address, {**NOTHING, **WORDS, **typed})


def titles(client, **query):
    page = client.get(reverse("exchange:practices"), query).context["page"]
    return sorted(practice.title for practice in page)


def test_write_down_what_an_exchange_taught(client, me):
    exchange = done(me)
    skill = SkillFactory(label="video editing")
    exchange.listing.skills.add(skill)
    address = reverse("exchange:practice_from", args=[exchange.pk])

    form = client.get(address).context["form"]
    assert (form["title"].value(), form["worked"].value()) == ("", "Cutting")
    post(client, address, skills="video editing")

    practice = Practice.objects.get()
    assert (practice.exchange, practice.author, practice.state) == (exchange, me, "published")
    assert list(practice.skills.all()) == [skill]
    assert exchange.events.filter(verb="wrote_down", person=me).count() == 1
    assert client.get(address).url == reverse("exchange:edit_practice", args=[practice.pk])


def test_only_a_side_of_what_is_done_writes_from_an_exchange(client, me):
    assert client.get(reverse("exchange:practice_from", args=[agreed().pk])).status_code == 404
    other = done(PersonFactory())
    assert client.get(reverse("exchange:practice_from", args=[other.pk])).status_code == 404


def test_write_down_something_from_outside_with_things_to_take_away(client, me):
    typed = {
        "source": "A library in Aarhus",
        "source_url": "library.example/ideas",
        "countries": "Denmark",
        "things-TOTAL_FORMS": "2",
        "things-0-name": "Slides",
        "things-0-url": "https://example.org/slides",
    }
    post(client, reverse("exchange:new_practice"), **typed)

    practice = Practice.objects.get()
    assert (practice.source_url, practice.countries) == (
        "https://library.example/ideas",
        ["DK"],
    )
    assert list(practice.artefacts.values_list("name", flat=True)) == ["Slides"]
    content = client.get(practice.get_absolute_url()).content.decode()
    assert "A library in Aarhus" in content
    assert "https://example.org/slides" in content


def test_a_draft_may_be_unfinished_and_only_its_author_sees_it(client, me):
    response = post(client, reverse("exchange:new_practice"), tried="", worked="", draft="1")

    practice = Practice.objects.get()
    assert (practice.state, response.url) == ("draft", practice.get_absolute_url())
    assert titles(client) == []
    client.force_login(PersonFactory())
    assert client.get(practice.get_absolute_url()).status_code == 404
    assert client.get(reverse("exchange:edit_practice", args=[practice.pk])).status_code == 404


def test_a_second_press_writes_once(client, me):
    for _ in range(2):
        post(client, reverse("exchange:new_practice"))

    assert Practice.objects.count() == 1


@pytest.mark.parametrize(
    "typed",
    [
        {"title": ""},
        {"title": "x" * 121},
        {"title": "\0"},
        {"tried": ""},
        {"language": "tlh-not"},
        {"skills": "juggling chainsaws"},
        {"countries": "Atlantis"},
        {"source_url": "javascript:alert(1)"},
        {"things-TOTAL_FORMS": "1", "things-0-name": "Slides", "things-0-url": "no address"},
        {"things-TOTAL_FORMS": "1", "things-0-name": "Slides"},
        {"things-TOTAL_FORMS": "x"},
    ],
)
def test_bad_practices_get_a_message_and_keep_the_rest(client, me, typed):
    response = post(client, reverse("exchange:new_practice"), **typed)

    assert response.status_code == 200
    assert Practice.objects.count() == 0
    assert "The room was small" in response.content.decode()


def test_thirty_a_day_are_enough_and_the_next_stays_a_draft(client, me):
    lately = PracticeFactory.create_batch(actions.PUBLISHED_A_DAY, author=me)

    response = client.post(
        reverse("exchange:new_practice"),
        {
            "title": "One more",
            "tried": "It",
            "worked": "All",
            "language": "en",
            "things-TOTAL_FORMS": "0",
            "things-INITIAL_FORMS": "0",
        },
        follow=True,
    )

    more = Practice.objects.get(title="One more")
    assert more.state == "draft"
    assert "It is kept as a draft; publish it tomorrow." in response.content.decode()
    Practice.objects.filter(pk=lately[0].pk).update(published_at=timezone.now() - 2 * DAY)
    actions.keep(actions.Written(more, [], []), at=timezone.now(), publish=True)
    assert more.state == "published"


def test_put_away_and_bring_back(client, me):
    practice = PracticeFactory(author=me)
    address = reverse("exchange:archive_practice", args=[practice.pk])
    client.post(address)
    practice.refresh_from_db()
    assert (practice.state, titles(client)) == ("archived", [])

    client.post(address)

    practice.refresh_from_db()
    assert practice.state == "published"
    assert client.get(address).status_code == 405


def test_found_by_words_skill_and_language(client):
    music, jazz = SkillFactory(label="music"), SkillFactory(label="jazz")
    jazz.parent = music
    jazz.save()
    jazz.refresh_from_db()
    one = PracticeFactory(title="Concerts", tried="A choir and a tram", language="de")
    one.skills.add(jazz)
    PracticeFactory(title="Paintings", tried="A museum", language="en")

    assert titles(client) == ["Concerts", "Paintings"]
    assert titles(client, q="TRAM choir") == ["Concerts"]
    assert titles(client, skill="music") == ["Concerts"]
    assert titles(client, language="en") == ["Paintings"]
    assert titles(client, q="nothing of the sort") == []


@pytest.mark.parametrize(
    "query",
    [
        {"q": "\0"},
        {"q": "x" * 999},
        {"skill": "\0"},
        {"language": "xx"},
        {"page": "-1"},
        {"page": "9" * 30},
        {"q": "%_'\"\\ ; --"},
    ],
)
def test_strange_searches_do_no_harm(client, query):
    assert client.get(reverse("exchange:practices"), query).status_code == 200


def test_what_is_hidden_or_by_hidden_people_is_nowhere(client):
    hidden = PracticeFactory(hidden_at=timezone.now())
    alone = PracticeFactory(author__visibility="hidden")
    members = PracticeFactory(author__visibility="members", title="For members")

    assert titles(client) == []
    for practice in (hidden, alone, members):
        assert client.get(practice.get_absolute_url()).status_code == 404
    client.force_login(PersonFactory())
    assert titles(client) == ["For members"]


def test_the_address_has_the_title_in_it(client):
    practice = PracticeFactory(title="Ateliers courts à Łódź")
    short = reverse("exchange:practice", args=[practice.pk])

    assert client.get(short).url == practice.get_absolute_url()
    assert client.get(practice.get_absolute_url()).status_code == 200
    assert client.get(reverse("exchange:practice", args=[practice.pk, "x"])).status_code == 302
    assert PracticeFactory(title="edit").get_absolute_url().endswith("/-/")


def statements(client):
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("exchange:practices"))
    return len(asked)


def test_the_list_asks_the_database_the_same_for_one_and_three(client, me):
    PracticeFactory().skills.add(SkillFactory())
    one = statements(client)
    for _ in range(2):
        PracticeFactory().skills.add(SkillFactory())

    assert statements(client) == one
    assert one <= 12


def test_mine_are_listed_with_drafts(client, me):
    PracticeFactory(author=me, state="draft", published_at=None, title="Unfinished")
    PracticeFactory(title="Another's")

    page = client.get(reverse("exchange:my_practices")).context["page"]

    assert [practice.title for practice in page] == ["Unfinished"]


def test_database_refuses_two_practices_of_one_side():
    exchange = agreed()
    PracticeFactory(exchange=exchange, author=exchange.provider)

    with (
        pytest.raises(IntegrityError, match="practice_one_per_side_of_an_exchange"),
        transaction.atomic(),
    ):
        PracticeFactory(exchange=exchange, author=exchange.provider)


@pytest.mark.parametrize(
    "typed", ["traducción", "TRADUCCION", "traduc", "übersetzung", "ubersetz", "Mäuse", "MAUS"]
)
def test_found_without_accents_by_beginnings_and_by_any_name_of_a_skill(client, typed):
    above = SkillFactory(label="translation", label__es="traducción")
    below = SkillFactory(label="subtitles", parent=above)
    practice = PracticeFactory(title="Untertitel", tried="Übersetzung für Mäuse, eine Maus")
    practice.skills.add(below)
    PracticeFactory(title="Anything else")

    assert titles(client, q=typed) == ["Untertitel"]


def test_words_that_shall_not_be_there_and_alternatives_are_understood(client):
    PracticeFactory(title="Choir in a tram")
    PracticeFactory(title="Choir in a museum")

    assert titles(client, q="choir -tram") == ["Choir in a museum"]
    assert len(titles(client, q="tram OR museum")) == 2


def in_the_catalogue(client, text):
    """Give the titles of the practices that are fetched below the listings."""
    page = client.get(reverse("exchange:told"), {"q": text})
    return [practice.title for practice in page.context["practices"]]


def test_the_catalogue_shows_practices_about_what_was_typed(client):
    skill = SkillFactory(label="translation", label__es="traducción")
    practice = PracticeFactory(title="Gemeinsam übersetzen", language="de")
    practice.skills.add(skill)
    PracticeFactory(title="Anything else")
    hidden = PracticeFactory(title="Hidden", author__visibility="hidden")
    hidden.skills.add(skill)

    assert in_the_catalogue(client, "traducción") == ["Gemeinsam übersetzen"]
    assert in_the_catalogue(client, "") == []
    part = client.get(reverse("exchange:told"), {"q": "traducción"}).content.decode()
    assert f'href="{practice.get_absolute_url()}"' in part
    page = client.get(reverse("exchange:catalogue"), {"q": "traducción"}).content.decode()
    assert f'hx-get="{reverse("exchange:told")}?q=traducci%C3%B3n"' in page
    assert f'href="{reverse("exchange:practices")}?q=traducci%C3%B3n"' in page
    assert (
        "results__practices" not in client.get(reverse("exchange:catalogue")).content.decode()
    )


def test_the_catalogue_shows_at_most_three_practices_with_one_statement(client):
    def statements():
        with CaptureQueriesContext(connection) as asked:
            shown = in_the_catalogue(client, "taught")
        return len(shown), len(asked)

    PracticeFactory(title="How we taught")
    one = statements()
    PracticeFactory.create_batch(4, title="How we taught")

    assert (one[0], statements()) == (1, (3, one[1]))
    assert one[1] <= 12


def test_practices_are_searched_by_their_index():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")

    assert "practice_folded" in Practice.objects.filter(folded__contains="choir").explain()


def test_a_practice_is_written_in_the_writers_language(client, me):
    exchange = done(me)
    type(me).objects.filter(pk=me.pk).update(language="de")

    form = client.get(reverse("exchange:practice_from", args=[exchange.pk])).context["form"]

    assert form["language"].value() == "de"


def test_all_but_the_questions_folds_away_until_something_stands_there(client, me):
    address = reverse("exchange:new_practice")
    fold, unfolded = '<details class="fold" >', '<details class="fold" open>'

    assert fold in client.get(address).content.decode()
    assert unfolded in post(client, address, title="", source="A library").content.decode()
    assert unfolded in post(client, address, source_url="no address").content.decode()
