"""Letters of thanks: what they say, and that they name only what somebody chose."""

import pytest
from django.urls import reverse

from capx import paper
from exchange.models import Mention
from tests.capx.test_paper import fonts, read
from tests.exchange.agreeing import NOON
from tests.exchange.test_follow_ups import done
from tests.exchange.test_thanks import thank
from tests.factories import (
    AffiliateFactory,
    ExchangeFactory,
    ListingFactory,
    MembershipFactory,
    PersonFactory,
)
from volunteers.models import Thanks


@pytest.fixture
def affiliate(db):
    return AffiliateFactory(slug="wmpl", name="Wikimedia Polska")


@pytest.fixture
def steward(affiliate):
    return MembershipFactory(affiliate=affiliate, role="steward", person__name="Ewa").person


@pytest.fixture
def ola(affiliate):
    return PersonFactory(username="ola", name="Ola")


@pytest.fixture
def exchanges(affiliate, steward, ola):
    """Let Ola help three times: twice this affiliate, once somebody else."""
    made = []
    for title, whose in (("Cutting films", affiliate), ("Sound", affiliate), ("Other", None)):
        about = {"author": steward, "affiliate": whose, "title": title}
        request = ListingFactory(kind="request", **about)
        made.append(done(ExchangeFactory(listing=request, counterpart=ola, asked_at=NOON)))
    return made


def mine(thanks):
    return reverse("exchange:my_letter", args=[thanks.pk])


def theirs(person):
    return reverse("exchange:letter_for", args=["wmpl", person.username])


def text_of(answer):
    assert answer["Content-Type"] == "application/pdf", answer.content.decode()
    return read(answer.content)


def test_a_letter_names_what_the_receiver_chose_and_nothing_else(
    client, affiliate, steward, ola, exchanges
):
    thanks = thank(affiliate, steward, ola)
    client.force_login(ola)
    page = client.get(mine(thanks)).content.decode()
    assert "Cutting films" in page
    assert "Other" not in page.split("<main")[1].split("<footer")[0]

    answer = client.post(mine(thanks), {"language": "en", "exchanges": [exchanges[0].pk]})

    text = text_of(answer)
    for words in ("Letter of thanks", "Wikimedia Polska", "To Ola", "You held it together"):
        assert words in text
    for words in ("Cutting films", "Ewa", "On behalf of Wikimedia Polska", "2 March 2026"):
        assert words in text
    assert "Sound" not in text
    assert answer["Content-Disposition"] == 'attachment; filename="thanks-wmpl.pdf"'
    assert list(Mention.objects.values_list("person", "exchange")) == [
        (ola.pk, exchanges[0].pk)
    ]


def test_a_steward_names_only_what_the_person_lets_be_named(
    client, affiliate, steward, ola, exchanges
):
    client.force_login(steward)
    page = client.get(theirs(ola)).content.decode()
    assert "Cutting films" not in page
    assert "have not chosen any exchange" in page
    forged = {"words": "She is great", "language": "en", "exchanges": [exchanges[0].pk]}
    assert "Cutting films" not in text_of(client.post(theirs(ola), forged))

    Mention.objects.create(person=ola, exchange=exchanges[0])
    text = text_of(client.post(theirs(ola), forged))

    assert "Cutting films" in text
    assert "She is great" in text
    more = forged | {"exchanges": [exchanges[1].pk]}
    answer = client.post(theirs(ola), more)
    assert answer.context["form"].errors["exchanges"]
    assert "She is great" in answer.content.decode()


def test_what_is_chosen_no_more_is_named_no_more(client, affiliate, steward, ola, exchanges):
    thanks = thank(affiliate, steward, ola)
    Mention.objects.create(person=ola, exchange=exchanges[0])
    elsewhere = Mention.objects.create(person=ola, exchange=exchanges[2])
    client.force_login(ola)

    client.post(mine(thanks), {"language": "en", "exchanges": [exchanges[1].pk]})

    assert set(Mention.objects.values_list("exchange", flat=True)) == {
        exchanges[1].pk,
        elsewhere.exchange_id,
    }


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", ["Wikimedia Polska", "2. März 2026"]),
        ("es", ["Wikimedia Polska", "2 de marzo de 2026"]),
        ("ar", ["Wikimedia Polska", "2026"]),
    ],
)
def test_a_letter_speaks_the_chosen_language(client, steward, ola, language, words):
    thanks = thank(steward.memberships.get().affiliate, steward, ola)
    client.force_login(ola)

    answer = client.post(mine(thanks), {"language": language})

    text = text_of(answer)
    assert all(word in text for word in words)
    assert ("NotoSansArabic-Regular" in fonts(answer.content)) == (language == "ar")


def test_who_left_signs_with_the_affiliates_name(client, affiliate, steward, ola):
    thanks = thank(affiliate, steward, ola)
    type(steward).objects.filter(pk=steward.pk).update(
        forgotten_at=NOON, is_active=False, email="", name="", wiki_name=""
    )
    client.force_login(ola)

    text = text_of(client.post(mine(thanks), {"language": "en"}))

    assert "somebody who left" not in text
    assert text.count("Wikimedia Polska") == 2


def test_only_who_received_it_makes_a_letter_and_only_of_an_affiliates(
    client, affiliate, steward, ola
):
    thanks = thank(affiliate, steward, ola)
    private = Thanks.objects.create(giver=steward, receiver=ola, key="exchange:1", words="!")
    client.force_login(steward)
    assert client.get(mine(thanks)).status_code == 404
    client.force_login(ola)
    assert client.get(mine(private)).status_code == 404
    assert client.get(mine(thanks)).status_code == 200


@pytest.mark.parametrize("who", ["member", "stranger"])
def test_only_a_steward_writes_for_the_affiliate(client, affiliate, exchanges, ola, who):
    person = PersonFactory()
    if who == "member":
        MembershipFactory(affiliate=affiliate, person=person, role="editor")
    client.force_login(person)

    assert client.get(theirs(ola)).status_code == 404


def test_about_a_stranger_no_steward_writes(client, steward):
    client.force_login(steward)

    assert client.get(theirs(PersonFactory())).status_code == 404


@pytest.mark.parametrize(
    "typed",
    [
        {"language": "xx"},
        {"language": ""},
        {"language": "en", "words": ""},
        {"language": "en", "words": "x" * 4001},
        {"language": "en", "words": "a\0b"},
    ],
)
def test_bad_letters_get_a_message(client, steward, ola, exchanges, typed):
    client.force_login(steward)

    answer = client.post(theirs(ola), {"words": "Kept", **typed})

    assert answer.status_code == 200
    assert answer.context["form"].errors


def test_what_cannot_be_printed_keeps_the_words(client, steward, ola, exchanges, monkeypatch):
    monkeypatch.setattr(paper, "LARGEST", 10)
    client.force_login(steward)

    answer = client.post(theirs(ola), {"words": "Kept words", "language": "en"})

    assert answer.status_code == 200
    assert "Kept words" in answer.content.decode()
    assert "could not be printed" in answer.content.decode()
