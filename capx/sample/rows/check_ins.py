"""Writes how people with accounts said they are doing, and what they ask others to take on."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from capx.sample.rows.known import Known
from exchange.models import HandOver
from volunteers import notices
from volunteers.models import Ask, CheckIn, CheckInRhythm, Commitment, Notice
from volunteers.models.bandwidth import today
from volunteers.models.check_ins import monday

WELL, STRETCHED, TOO_MUCH = CheckIn.Answer
A_MONTH = timedelta(days=30)
# The latest last; what was left out was not answered.
ANSWERED = {
    "hanna": ("month", (WELL, WELL, None, WELL, STRETCHED, STRETCHED, WELL)),
    "lucia": ("month", (WELL, STRETCHED, STRETCHED, TOO_MUCH)),
    "maarten": ("2w", (STRETCHED, None, STRETCHED, TOO_MUCH, STRETCHED)),
    "salma": ("quarter", (WELL, WELL)),
}
ASKED_NOW = "hanna"
WORDS = {
    ("hanna", 4): "Drei Anfragen in einer Woche waren zu viel.",
    ("lucia", 3): "La jornada anual se me come las tardes.",
    ("maarten", 3): "Jaarrekening en bestuur tegelijk: dat gaat zo niet.",
}
# Who asks whom to take on which of their commitments.
HANDED = (
    ("maarten", "Voorzitter commissie beleid", "hanna", "Ik kom er niet meer aan toe."),
    ("lucia", "Talleres de los jueves en la biblioteca", "salma", "¿Te animas con los jueves?"),
)


def write_check_ins(at: datetime, known: Known) -> None:
    """Write the answers of some months, and how often each wishes to be asked."""
    rows = [row for who in ANSWERED for row in answers(who, at, known)]
    CheckIn.objects.bulk_create(rows)
    CheckInRhythm.objects.bulk_create(
        CheckInRhythm(person=known.people[who], every=every, next_day=at.date() + A_MONTH / 2)
        for who, (every, _said) in ANSWERED.items()
    )


def ask_now(at: datetime, known: Known) -> None:
    """Ask one of them today: the one mail that goes out when the sample starts, to be tried."""
    rhythm = CheckInRhythm.objects.select_related("person").get(person=known.people[ASKED_NOW])
    week = monday(today(rhythm.person, at))
    asked = CheckIn.objects.create(person=rhythm.person, week=week, asked_at=at)
    notices.ask_how_they_are([(asked, rhythm)])
    letter = Notice.objects.filter(key=notices.check_in_key(asked))
    letter.update(created_at=at, not_before=at)


def answers(who: str, at: datetime, known: Known) -> Iterator[CheckIn]:
    """Make the questions to one person, with their answers."""
    person = known.people[who]
    every, said = ANSWERED[who]
    between = timedelta(days=CheckInRhythm.DAYS[every])
    for number, how in enumerate(said):
        asked_at = at - between * (len(said) - number) + A_MONTH / 3
        row = CheckIn(person=person, week=monday(today(person, asked_at)), asked_at=asked_at)
        if how is None:
            row.state = CheckIn.State.LAPSED
        else:
            row.state, row.answer = CheckIn.State.ANSWERED, how
            row.answered_at = asked_at + timedelta(hours=3)
            row.words = WORDS.get((who, number), "")
            row.still_right = how != TOO_MUCH
        yield row


def write_hand_overs(at: datetime, known: Known) -> None:
    """Let some ask others to take something on."""
    offered_at = at - timedelta(days=1)
    for giver, what, taker, words in HANDED:
        people = {"giver": known.people[giver], "taker": known.people[taker]}
        ask = Ask.objects.create(
            person=people["taker"], asker=people["giver"], asked_at=offered_at, why=words
        )
        mine = Commitment.objects.get(person=people["giver"], what=what)
        HandOver.objects.create(
            **people, commitment=mine, ask=ask, words=words, offered_at=offered_at
        )
