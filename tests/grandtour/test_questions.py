"""Questions instead of a letter: asked by an edition, answered, kept, sent, read blind."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from capx.templatetags.controls import optional
from grandtour.actions import editions
from grandtour.models import Answer, Application, Question
from grandtour.reports.blind import Blind
from grandtour.reports.shown import shown
from tests.grandtour.test_pages import NO_LINES, whole
from tests.grandtour.tours import (
    DAY,
    NOON,
    ApplicationFactory,
    EditionFactory,
    ReadFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_february")]


@pytest.fixture
def application():
    """Give a draft in an edition that asks two questions."""
    made = ApplicationFactory(goals="", revision="one")
    for number, words in ((1, "What would you like to see?"), (2, "Who is it for?")):
        Question.objects.create(edition=made.edition, number=number, words=words)
    return made


def answered(application, *words):
    keys = application.edition.questions.order_by("number").values_list("pk", flat=True)
    return {f"answer_{key}": one for key, one in zip(keys, words, strict=True)}


def send(client, application, *words, **more):
    client.force_login(application.person)
    said = {"way": "questions", "goals": "", "revision": "one", "step": "send"} | more
    page = reverse("grandtour:edit_application", args=[application.pk])
    return client.post(page, whole(**said, **answered(application, *words)))


def test_answers_are_sent_instead_of_a_letter(client, application):
    send(client, application, "How they scan.", "For my library.")

    application.refresh_from_db()
    assert (application.state, application.way) == ("submitted", "questions")
    page = client.get(application.get_absolute_url()).content.decode()
    assert "Who is it for?" in page
    assert "For my library." in page


def test_questions_are_read_before_anybody_begins(client, application):
    page = client.get(reverse("grandtour:apply", args=[application.edition.slug]))

    assert "Who is it for?" in page.content.decode()


def test_what_a_way_of_telling_it_asks_for_is_not_called_optional(client, application):
    client.force_login(application.person)

    form = client.get(reverse("grandtour:edit_application", args=[application.pk])).context[
        "form"
    ]

    assert not any(optional(field) for field in (form["way"], form["voice_note"]))
    assert not any(optional(field) for field in form.answers)


def test_a_missing_answer_is_asked_for_and_the_rest_is_kept(client, application):
    page = send(client, application, "How they scan.", "")

    assert "A sentence is enough." in page.content.decode()
    assert Application.objects.get().state == "draft"
    assert Answer.objects.get().words == "How they scan."


def test_answers_are_kept_while_they_are_written_and_emptied_ones_go(client, application):
    client.force_login(application.person)
    address = reverse("grandtour:autosave_application", args=[application.pk])
    for second, words in enumerate((("One", "Two"), ("One", " "))):
        said = whole(
            way="questions", revision="one", **NO_LINES, **answered(application, *words)
        )
        with time_machine.travel(NOON + timedelta(seconds=second), tick=False):
            assert client.post(address, said).status_code == 200

    assert [answer.words for answer in Answer.objects.all()] == ["One"]
    form = client.get(reverse("grandtour:edit_application", args=[application.pk]))
    assert "One" in form.content.decode()


def test_without_questions_nobody_chooses_how_to_tell_it(client):
    application = ApplicationFactory()
    client.force_login(application.person)

    page = client.get(reverse("grandtour:edit_application", args=[application.pk]))

    assert 'name="way"' not in page.content.decode()


def test_names_in_answers_are_hidden_from_those_who_read_blind():
    application = ReadFactory(person__name="Zyx Quorra")
    question = Question.objects.create(edition=application.edition, number=1, words="Who?")
    Answer.objects.create(
        application=application, question=question, words="I, Zyx Quorra, teach."
    )

    text = shown(application, named=False)["texts"][-1]
    assert text["heading"] == "Who?"
    assert "Quorra" not in text["text"]
    assert "teach" in text["text"]
    assert "Quorra" in shown(application, named=True)["texts"][-1]["text"]
    assert any("Quorra" in one.text for one in Blind(application).found())


def test_the_database_sends_no_letter_of_unanswered_questions(application):
    with pytest.raises(IntegrityError, match="sent_with_all_answers"), transaction.atomic():
        Application.objects.update(
            way="questions", state="submitted", submitted_at=NOON, consented_at=NOON
        )
    Question.objects.all().delete()
    with pytest.raises(IntegrityError, match="sent_with_all_answers"), transaction.atomic():
        Application.objects.update(
            way="questions", state="submitted", submitted_at=NOON, consented_at=NOON
        )


def test_an_answer_is_to_a_question_of_its_own_edition_and_fixes_its_words(application):
    elsewhere = Question.objects.create(edition=EditionFactory(), number=1, words="What?")
    with pytest.raises(IntegrityError, match="of_its_own_edition"), transaction.atomic():
        Answer.objects.create(application=application, question=elsewhere, words="It.")

    ours = application.edition.questions.first()
    Answer.objects.create(application=application, question=ours, words="It.")
    with pytest.raises(IntegrityError, match="stays_once_answered"), transaction.atomic():
        Question.objects.filter(pk=ours.pk).update(words="Something else?")


def test_a_copy_asks_the_same(application):
    later = [DAY + timedelta(days=number) for number in (400, 430, 500, 560)]
    made = editions.copy(application.edition, "Next", "next", editions.Days(*later))

    assert [str(question) for question in made.questions.order_by("number")] == [
        "What would you like to see?",
        "Who is it for?",
    ]
