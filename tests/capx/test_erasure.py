import io
import json
import re
import zipfile
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.urls import reverse
from django.utils import timezone

from capx import erasure
from capx.traces import pattern_of
from exchange.actions import (
    agreements,
    calls,
    exchanges,
    follow_ups,
    invitations,
    listings,
    reports,
)
from exchange.models import (
    Agreement,
    AgreementLine,
    Artefact,
    BudgetLine,
    CallLetter,
    Event,
    Exchange,
    FollowUp,
    HandOver,
    Listing,
    Mention,
    Message,
    Practice,
    SearchDocument,
)
from exchange.notices import calls as told
from grandtour.actions import journeys, money, training
from grandtour.models import (
    Answer,
    ApplicationEvent,
    ChecklistItem,
    Conflict,
    Consent,
    Decision,
    DecisionLetter,
    Expectation,
    Leg,
    LookBack,
    LookBackAnswer,
    Needs,
    Plan,
    Question,
    Redaction,
    Sharing,
    SignUp,
    StopEvent,
    StopNote,
    Transcript,
    TravelReport,
)
from tests.again import shows_who_they_are
from tests.factories import (
    ExchangeFactory,
    ListingFactory,
    MembershipFactory,
    MessageFactory,
    OrganiserFactory,
    PersonFactory,
    PersonSkillFactory,
    PracticeFactory,
    SkillFactory,
)
from tests.grandtour.tours import (
    ApplicationFactory,
    AssignmentFactory,
    ClaimFactory,
    LineFactory,
    ReadFactory,
    ReceiptFactory,
    ReviewerFactory,
    SeatFactory,
    StopFactory,
    scored,
)
from tests.grandtour.trained import passed
from tests.grandtour.trained import published as trained
from tests.together import together
from tests.volunteers.test_imports import SIMPLE, arrive, line
from volunteers import mailbox
from volunteers.actions import care, watches
from volunteers.actions.organisers import organisers
from volunteers.gate import Wish
from volunteers.models import (
    Ask,
    Bandwidth,
    Block,
    Check,
    CheckIn,
    CheckInRhythm,
    Commitment,
    Import,
    ImportLine,
    ImportMatch,
    ImportRefusal,
    Look,
    Notice,
    NoticePreference,
    Origin,
    Person,
    PersonLanguage,
    PersonSkill,
    Rest,
    SharingInvitation,
    Strain,
    Thanks,
)
from volunteers.models.bandwidth import days
from volunteers.models.care import Suggestion
from volunteers.models.sessions import SessionStore

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
WIKI = "https://meta.wikimedia.org/wiki/User:"
SOON = date(2026, 6, 1)
NAME, USERNAME, EMAIL = "Zyx Quorra", "zyxquorra", "zyx@quorra.example"
WORDS = f"I am {NAME}, write to {EMAIL} or user:{USERNAME}. Zyx"

# Every way in which a row names a person: what is left of it, and where it is given to them.
GONE, STAYS = "gone", "stays"
ROWS = {
    "volunteers.Membership.person": (GONE, "person/memberships"),
    "volunteers.Person_groups.person": (GONE, "person/groups"),
    "volunteers.Person_user_permissions.person": (GONE, "nobody gives these one by one"),
    "volunteers.PersonLanguage.person": (GONE, "person/languages"),
    "volunteers.PersonSkill.person": (GONE, "person/skills"),
    "volunteers.Block.person": (GONE, "person/blocks"),
    "volunteers.Block.blocked": (GONE, "whom others do not wish to meet is theirs to know"),
    "volunteers.Ask.person": (STAYS, "person/asks-of-me"),
    "volunteers.Ask.asker": (STAYS, "person/asks-by-me"),
    "volunteers.Check.person": (GONE, "person/checks-of-me"),
    "volunteers.Check.asker": (GONE, "person/checks-by-me"),
    "volunteers.Watch.watcher": (GONE, "person/waiting-for"),
    "volunteers.Watch.person": (GONE, "who waits for somebody is theirs to know"),
    "volunteers.Origin.person": (GONE, "person/what-came-of-what"),
    "volunteers.StewardAccess.person": (GONE, "person/shared-with-stewards"),
    "volunteers.SharingInvitation.person": (GONE, "person/asked-to-share"),
    "volunteers.Look.person": (GONE, "person/stewards-who-looked"),
    "volunteers.Look.steward": (GONE, "person/looks-as-steward"),
    "volunteers.Bandwidth.person": (GONE, "person/bandwidth"),
    "volunteers.Rest.person": (GONE, "person/rests"),
    "volunteers.Strain.person": (GONE, "person/strains"),
    "volunteers.Commitment.person": (GONE, "person/commitments"),
    "volunteers.Import.by": (STAYS, "person/imports"),
    "volunteers.ImportLine.person": (GONE, "person/imported-lines"),
    "volunteers.ImportMatch.person": (GONE, "person/contacts-i-stand-for"),
    "volunteers.ImportRefusal.person": (GONE, "person/files-i-refuse"),
    "volunteers.CheckIn.person": (GONE, "person/check-ins"),
    "volunteers.CheckInRhythm.person": (GONE, "person/check-in-rhythm"),
    "volunteers.Session.person": (GONE, "person/signed-in-until"),
    "volunteers.Notice.recipient": (GONE, "person/notices"),
    "volunteers.NoticePreference.person": (GONE, "person/no-mail-about"),
    "volunteers.Thanks.giver": (STAYS, "person/thanks-given"),
    "volunteers.Thanks.receiver": (GONE, "person/thanks-received"),
    "exchange.Listing.author": (STAYS, "exchange/listings"),
    "exchange.Exchange.provider": (STAYS, "exchange/exchanges"),
    "exchange.Exchange.receiver": (STAYS, "exchange/exchanges"),
    "exchange.Exchange.counterpart": (STAYS, "exchange/exchanges"),
    "exchange.Exchange.ended_by": (STAYS, "exchange/events"),
    "exchange.Message.author": (STAYS, "exchange/messages"),
    "exchange.Event.person": (STAYS, "exchange/events"),
    "exchange.Agreement.proposed_by": (STAYS, "exchange/agreements"),
    "exchange.FollowUp.person": (STAYS, "exchange/follow-ups"),
    "exchange.CallLetter.person": (GONE, "exchange/called"),
    "exchange.Mention.person": (GONE, "exchange/named-in-letters"),
    "exchange.HandOver.giver": (STAYS, "exchange/hand-overs"),
    "exchange.HandOver.taker": (STAYS, "exchange/hand-overs"),
    "exchange.Invitation.person": (GONE, "exchange/invitations"),
    "exchange.Practice.author": (STAYS, "exchange/practices"),
    "exchange.Doubt.person": (STAYS, "says nothing, and not for a minute"),
    "exchange.SearchDocument.author": (GONE, "made of the listing, which they have"),
    "exchange.Report.reporter": (STAYS, "exchange/reports"),
    "exchange.Report.person": (STAYS, "who reported somebody is never told"),
    "exchange.Report.decided_by": (STAYS, "exchange/decisions-by-me"),
    "exchange.Decision.by": (STAYS, "exchange/decisions-by-me"),
    "grandtour.Application.person": (STAYS, "grand-tour/applications"),
    "grandtour.ApplicationEvent.person": (STAYS, "grand-tour/what-happened"),
    "grandtour.Reviewer.person": (STAYS, "grand-tour/reading"),
    "grandtour.ReviewEvent.person": (STAYS, "grand-tour/done-about-applications"),
    "grandtour.Decision.by": (STAYS, "grand-tour/decisions-by-me"),
    "grandtour.Seat.person": (STAYS, "grand-tour/places"),
    "grandtour.Seat.ended_by": (STAYS, "grand-tour/places-i-took-from-journeys"),
    "grandtour.Stop.accepted_by": (STAYS, "grand-tour/stops-i-said-yes-to"),
    "grandtour.Expectation.proposed_by": (STAYS, "grand-tour/expectations"),
    "grandtour.Consent.person": (STAYS, "grand-tour/what-i-agreed-to"),
    "grandtour.StopNote.person": (STAYS, "grand-tour/notes-about-stops"),
    "grandtour.LookBack.person": (GONE, "grand-tour/asked-what-stuck"),
    "grandtour.LookBackAnswer.person": (GONE, "grand-tour/what-stuck"),
    "grandtour.JourneyEvent.by": (STAYS, "grand-tour/what-i-did-in-journeys"),
    "grandtour.Completion.person": (GONE, "grand-tour/trainings-passed"),
    "grandtour.LessonDone.person": (GONE, "grand-tour/lessons-done"),
    "grandtour.ExerciseAnswer.person": (GONE, "grand-tour/answers-in-trainings"),
    "grandtour.SignUp.person": (GONE, "grand-tour/events-i-come-to"),
    "grandtour.StopEvent.announced_by": (STAYS, "grand-tour/events-i-announced"),
    "grandtour.Plan.asked_by": (STAYS, "grand-tour/plans"),
    "grandtour.Plan.accepted_by": (STAYS, "grand-tour/plans"),
    "grandtour.Cost.decided_by": (STAYS, "grand-tour/costs-i-decided"),
    "grandtour.Cost.paid_by": (STAYS, "grand-tour/costs-i-paid"),
    "admin.LogEntry.user": (STAYS, "person/done-as-organiser"),
    "account.EmailAddress.user": (GONE, "person/e-mail-addresses"),
    "mfa.Authenticator.user": (GONE, "person/second-factors"),
    "socialaccount.SocialAccount.user": (GONE, "person/connected-accounts"),
}
ALSO = {
    *(
        "person/profile",
        "person/lines-of-my-files",
        "exchange/listing-skills",
        "exchange/listing-budgets",
    ),
    "exchange/calls",
    *("grand-tour/days-away", "grand-tour/answers"),
    *("grand-tour/reviews", "grand-tour/scores", "grand-tour/conflicts"),
    "grand-tour/legs",
    *("grand-tour/things-to-see-to", "grand-tour/reports", "grand-tour/shared-at-home"),
    "grand-tour/what-stuck",
    "grand-tour/costs",
    *("exchange/agreement-sums", "exchange/practice-skills", "exchange/practice-artefacts"),
}


def naming():
    """List every field of every table that names a person."""
    return {
        f"{model._meta.label}.{field.name}": field
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if field.related_model is Person
    }


def talk(listing, counterpart, *, agree):
    """Let two people write, and perhaps agree, with the name in every text."""
    exchange = exchanges.ask(
        listing, counterpart, exchanges.Words(message=WORDS, why=WORDS[:400]), at=NOON
    )
    author = listing.author
    exchanges.say(exchange, author, WORDS, at=NOON)
    if agree:
        terms = Agreement(what=WORDS, where=NAME, outcome=WORDS, first_day=SOON, last_day=SOON)
        line = AgreementLine(
            side="provider", amount=5, currency="EUR", what_for=NAME, payer=USERNAME
        )
        draft = agreements.Draft(terms, [line], read=0)
        agreements.propose(exchange, author, draft, at=NOON)
        agreements.confirm(exchange, counterpart, 1, at=NOON)
    exchange.refresh_from_db()
    return exchange


def finished(exchange):
    """Let both say that it happened, with the name in their words."""
    for person in (exchange.provider, exchange.receiver):
        said = FollowUp(happened=True, worked=WORDS, did_not=NAME)
        follow_ups.tell(exchange, person, said, at=NOON + timedelta(days=40))
    exchange.refresh_from_db()


def about(person):
    """Write what belongs to a profile."""
    skill = PersonSkillFactory(person=person).skill
    PersonLanguage.objects.create(person=person, language="pl", level="N")
    Bandwidth.objects.create(person=person, period=days(SOON, SOON), weekly_hours=5)
    Rest.objects.create(
        person=person, period=days(date(2027, 1, 1), date(2027, 1, 2)), words=NAME
    )
    Strain.objects.create(person=person, kind="overload", began_day=SOON)
    Commitment.objects.create(
        person=person,
        what=NAME,
        source="by_hand",
        key="1",
        skill=skill,
        period=days(SOON, SOON),
        weekly_hours=1,
    )
    NoticePreference.objects.create(person=person, kind="thanks")
    CheckIn.objects.create(
        person=person,
        week=date(2026, 4, 27),
        asked_at=NOON,
        answered_at=NOON,
        state="answered",
        answer="stretched",
        words=WORDS,
    )
    CheckInRhythm.objects.create(person=person, every="month", next_day=SOON)
    person.groups.add(organisers())
    person.user_permissions.add(Permission.objects.first())
    EmailAddress.objects.create(user=person, email=EMAIL, primary=True, verified=True)
    SocialAccount.objects.create(
        user=person, provider="mediawiki", uid="7", extra_data={"username": NAME}
    )
    Authenticator.objects.create(user=person, type="totp", data={"secret": "hush"})
    logged(person, about=person, name=NAME, message=WORDS)
    return skill


def logged(by, *, about, name, message):
    return LogEntry.objects.create(
        user=by,
        content_type=ContentType.objects.get_for_model(about),
        object_id=str(about.pk),
        object_repr=name,
        action_flag=CHANGE,
        change_message=message,
    )


def files(person, affiliate):
    """Let a steward bring a file about people that names one of them everywhere."""
    made = Import.objects.create(
        affiliate=affiliate,
        by=person,
        kind="activities",
        state="read",
        file_name=f"{NAME}.csv",
        letters="utf-8",
        header=["Name"],
        created_at=NOON,
    )
    own = Import.objects.create(
        by=person,
        kind="activities",
        state="read",
        file_name="my hours.csv",
        letters="utf-8",
        header=["Name"],
        created_at=NOON,
    )
    ImportLine.objects.create(of=own, number=2, cells=[NAME], reason="no_day")
    about = {"of": made, "cells": [NAME, EMAIL], "name": NAME, "email": EMAIL}
    ImportLine.objects.create(number=2, person=person, what=NAME, **about)
    ImportLine.objects.create(number=3, reason="wrong_day", about=NAME, username=NAME, **about)
    ImportMatch.objects.create(affiliate=affiliate, contact="7", person=person)
    ImportRefusal.objects.create(affiliate=affiliate, person=person)


def elsewhere(person, membership):
    """Name somebody where nothing points at their row: at the desk, and in mail to nobody."""
    change = {"name": "membership", "object": str(membership)}
    message = json.dumps([{"changed": {**change, "fields": ["Role"]}}])
    logged(OrganiserFactory(), about=membership.affiliate, name="Testland", message=message)
    mailbox.post_to_address(EMAIL.upper(), subject="Hello", body=f"Dear {NAME}")


@pytest.fixture
def friend(db):
    return PersonFactory(username="friend", name="Ola")


@pytest.fixture
def leaver(friend):
    """Give somebody a row in every table there is."""
    person = PersonFactory(
        username=USERNAME,
        name=NAME,
        email=EMAIL,
        wiki_name=USERNAME,
        pronouns="ze",
        about=WORDS,
        is_staff=True,
    )
    skill = about(person)
    signed_in = SessionStore()
    signed_in.update({SESSION_KEY: str(person.pk), "email": EMAIL})
    signed_in.save()
    mine = ListingFactory(author=person, title=f"Video by {NAME}", body=WORDS, skills=[skill])
    BudgetLine.objects.create(
        listing=mine, side="provider", amount=1, currency="EUR", what_for=NAME, payer=NAME
    )
    SearchDocument.objects.write(mine)
    ListingFactory(author=person, title="Unanswered")
    ListingFactory(author=person, title="Draft", state="draft", published_at=None)
    helped = talk(mine, friend, agree=True)
    finished(helped)
    Mention.objects.create(person=person, exchange=helped)
    called(person, friend, skill)
    invited_to_learn(person, friend, skill)
    talk(ListingFactory(author=friend, title="From Ola"), person, agree=True)
    talk(ListingFactory(author=friend, title="Also from Ola"), person, agree=False)
    talk(mine, PersonFactory(), agree=False)
    practice = PracticeFactory(
        author=person, title=f"By {NAME}", tried=WORDS, source=NAME, source_url=f"{WIKI}Quorra"
    )
    practice.skills.add(skill)
    Artefact.objects.create(practice=practice, name=f"By {NAME}", url="https://example.org/")
    Artefact.objects.create(practice=practice, name="Deck", url=f"{WIKI}Zyx_Quorra/Deck")
    PracticeFactory(author=person, title="Draft", state="draft", published_at=None)
    handed(person, friend, Exchange.objects.first())
    moderation(person, friend)
    Thanks.objects.create(giver=person, receiver=friend, key="1", about=NAME, words=WORDS)
    Thanks.objects.create(giver=friend, receiver=person, key="2", about="", words=WORDS)
    Block.objects.create(person=person, blocked=PersonFactory())
    Block.objects.create(person=PersonFactory(), blocked=person)
    Check.objects.create(person=person, asker=friend, checked_at=NOON)
    for one, other in ((person, friend), (friend, person)):
        watches.wait(one, other, watches.Subject("Help", "/catalogue/1/ask/"), Wish(), at=NOON)
    Check.objects.create(person=friend, asker=person, checked_at=NOON)
    offer = {"source": "place", "source_key": 1, "made": "offer", "made_key": 1}
    Origin.objects.create(person=person, made_at=NOON, told_at=NOON, **offer)
    membership = MembershipFactory(person=person, role="steward")
    applied(person, membership.affiliate, skill)
    read_by_others(person)
    read_others(person)
    travels(person)
    elsewhere(person, membership)
    files(person, membership.affiliate)
    cared_for(person, friend, membership)
    Notice.objects.create(
        recipient=person, key="n", kind="ask", subject=NAME, body=WORDS, link="/"
    )
    Person.objects.filter(pk=person.pk).update(last_login=NOON)
    person.refresh_from_db()
    return person


def applied(person, affiliate, skill):
    """Let somebody apply to one edition, and begin to in another."""
    told = {"goals": WORDS, "brings": WORDS, "spreads": NAME, "voice_note": f"{WIKI}Quorra"}
    for state in ("submitted", "draft"):
        application = ApplicationFactory(person=person, affiliate=affiliate, **told)
        application.wants.add(skill)
        question = Question.objects.create(edition=application.edition, number=1, words="Who?")
        Answer.objects.create(application=application, question=question, words=WORDS)
        Needs.objects.create(application=application, diet=WORDS)
        if state == "submitted":
            application.move(state, submitted_at=NOON, consented_at=NOON)
            ApplicationEvent.objects.create(
                application=application, person=person, state=state, at=NOON
            )


def read_by_others(person):
    """Let others read, hide, write down, decide and write a letter about somebody."""
    application = ReadFactory(person=person, goals=WORDS)
    scored(application, ReviewerFactory(edition=application.edition), 4, 4, words=WORDS)
    Redaction.objects.create(application=application, kind="name", phrase=NAME)
    Transcript.objects.create(application=application, words=WORDS)
    for published_at in (NOON, None):
        decision = Decision.objects.create(
            application=application,
            outcome="shortlisted",
            by=PersonFactory(),
            decided_at=NOON,
            published_at=published_at,
        )
        DecisionLetter.objects.create(
            decision=decision, language="en", subject=NAME, body=WORDS, written_at=NOON
        )


def read_others(person):
    """Let somebody read, and decide, about others."""
    reviewer = ReviewerFactory(person=person)
    for application in ReadFactory.create_batch(2, edition=reviewer.edition):
        scored(application, reviewer, 1, 1, words=WORDS)
    AssignmentFactory(reviewer=reviewer, application__edition=reviewer.edition)
    Conflict.objects.create(
        application=ReadFactory(edition=reviewer.edition),
        reviewer=reviewer,
        kind="declared",
        found_at=NOON,
    )
    Decision.objects.create(
        application=ReadFactory(), outcome="waiting", by=person, decided_at=NOON
    )


def travels(person):
    """Let somebody have had a place, refuse it, say yes for a host, and plan a round."""
    stop = StopFactory(accepted_at=NOON, accepted_by=person)
    seat = SeatFactory(journey=stop.journey, application__person=person)
    seat.move("offered", offered_at=NOON, reply_by=NOON)
    journeys.refuse(seat, journeys.Given("other", WORDS, person), at=NOON)
    again = SeatFactory(journey=stop.journey, application=seat.application)
    Leg.objects.create(
        journey=stop.journey,
        seat=again,
        target=stop,
        mode="rail",
        km=300,
        grams=1338,
        grams_plain=1338,
        factor="rail-international",
        factor_kg=0.00446,
        factor_kg_plain=0.00446,
        source="DESNZ",
        year=2025,
    )
    said = Expectation.objects.create(
        seat=again,
        stop=stop,
        version=1,
        side="traveller",
        proposed_by=person,
        proposed_at=NOON,
        goals=WORDS,
        programme=WORDS,
        questions=[NAME],
        afterwards=WORDS,
    )
    Consent.objects.create(expectation=said, side="traveller", person=person, at=NOON)
    came_home(again, stop, person)
    spends(person, again)
    learns(person)
    SignUp.objects.create(
        event=invited(person, stop), person=person, place=1, signed_up_at=NOON
    )
    Plan.objects.create(
        edition=stop.journey.edition,
        state="accepted",
        asked_by=person,
        asked_at=NOON,
        accepted_by=person,
        accepted_at=NOON,
        ended_at=NOON,
        worth=1,
        bound=1,
        result={},
    )


def learns(person):
    """Let somebody have passed a training, and be in the middle of another."""
    passed(trained("Passed"), person)
    lesson = trained("Begun").lessons.get(number=1)
    training.finish(lesson, person, {lesson.exercises.get(number=2).pk: WORDS}, at=NOON)


def invited(person, stop):
    """Let somebody announce an event for a host."""
    begins = datetime.combine(stop.arrive, time(18), UTC)
    return StopEvent.objects.create(
        stop=stop,
        title="Open evening",
        words="Come.",
        where="Library",
        languages=["en"],
        zone="UTC",
        begins_at=begins,
        ends_at=begins + timedelta(hours=1),
        announced_by=person,
        announced_at=NOON,
        changed_at=NOON,
    )


def came_home(seat, stop, person):
    """Let somebody have written everything that one writes after a journey."""
    ChecklistItem.objects.create(seat=seat, what="report", due=SOON)
    StopNote.objects.create(
        stop=stop, seat=seat, person=person, written_at=NOON, good=WORDS, better=WORDS
    )
    link = f"https://example.org/{USERNAME}"
    report = TravelReport.objects.create(
        seat=seat,
        submitted_at=NOON,
        learnt=WORDS,
        changes=WORDS,
        for_next=WORDS,
        voice_note=link,
    )
    report.skills.add(SkillFactory())
    Sharing.objects.create(seat=seat, day=SOON, what=NAME, link=link)
    LookBack.objects.create(person=person, seat=seat, asked_at=NOON)
    LookBackAnswer.objects.create(
        edition=seat.edition,
        side="traveller",
        seat=seat,
        person=person,
        stuck="much",
        words=WORDS,
    )


def spends(person, seat):
    """Let somebody claim and be refused, and decide and pay what somebody else claimed."""
    waits = ClaimFactory(seat=seat, what=WORDS)
    ReceiptFactory(cost=waits, file_name=f"{NAME}.pdf")
    money.refuse(ClaimFactory(seat=seat, what=WORDS), WORDS[:400], OrganiserFactory(), at=NOON)
    other = ClaimFactory()
    line = LineFactory(fund__edition=other.edition)
    money.approve(other, money.Grant(line, 100), person, at=NOON)
    money.pay(other, person, at=NOON)


def invited_to_learn(person, friend, skill):
    """Let each invite the other to a training; nobody answers."""
    for teaches, learns, title in ((person, friend, f"By {NAME}"), (friend, person, "By Ola")):
        training = ListingFactory(
            author=teaches,
            of="training",
            title=title,
            seats=3,
            first_day=SOON,
            last_day=SOON,
            skills=[skill],
        )
        PersonSkill.objects.get_or_create(person=learns, skill=skill, how="wants")
        invitations.invite(training, learns, WORDS[:400], at=NOON)


def called(person, friend, skill):
    """Let two people ask everybody, and each hear of it; nobody answers."""
    for caller, hears, title in ((person, friend, f"By {NAME}"), (friend, person, "By Ola")):
        wanted = ListingFactory(author=caller, title=title, kind="request", skills=[skill])
        call = calls.begin(wanted, SOON, at=NOON)
        CallLetter.objects.create(call=call, person=hears, written_at=NOON)
        told.called(call, wanted, hears)


def cared_for(person, friend, membership):
    """Let somebody share, be asked to, be looked at by a steward, and look as one."""
    affiliate, at = membership.affiliate, membership.confirmed_at
    care.share(person, affiliate, care.Shared(days(SOON, SOON)), at=at)
    quiet = DateTimeTZRange(NOON, NOON + SharingInvitation.PAUSE)
    SharingInvitation.objects.create(person=person, affiliate=affiliate, quiet=quiet)
    Look.objects.create(person=person, steward=friend, affiliate=affiliate, day=SOON)
    Look.objects.create(person=friend, steward=person, affiliate=affiliate, day=SOON)


def handed(person, friend, exchange):
    """Let each ask the other to take something on, and hear a no."""
    for giver, taker in ((person, friend), (friend, person)):
        ask = Ask.objects.create(person=taker, asker=giver, asked_at=NOON, answered_at=NOON)
        HandOver.objects.create(
            exchange=exchange,
            giver=giver,
            taker=taker,
            ask=ask,
            words=WORDS[:400],
            state="declined",
            offered_at=NOON,
            ended_at=NOON,
        )


def moderation(person, friend):
    """Let somebody report, be reported, and decide."""
    theirs = ListingFactory(author=friend, title="Reported")
    reports.report(theirs, person, reports.Concern("spam", WORDS), at=NOON)
    reports.report(person, friend, reports.Concern("spam", WORDS), at=NOON)
    made, _new = reports.report(theirs, PersonFactory(), reports.Concern("spam"), at=NOON)
    reports.leave(theirs, reports.Ruling(person, WORDS, NOON, made.pk))


def columns_with_text():
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT table_name, column_name FROM information_schema.columns
            WHERE table_schema = 'public' AND table_name NOT LIKE 'pg%%'
            AND column_name <> 'password'  -- random letters, which may spell anything
            AND (data_type IN ('text', 'character varying', 'jsonb', 'json', 'tsvector')
                OR data_type = 'ARRAY')
            ORDER BY 1, 2
            """
        )
        return cursor.fetchall()


def places_that_name(*words):
    """Search every text of the whole database."""
    found = []
    with connection.cursor() as cursor:
        for table, column in columns_with_text():
            cursor.execute(
                f'SELECT count(*) FROM "{table}" WHERE "{column}"::text ILIKE ANY(%s)',  # noqa: S608
                [[f"%{word}%" for word in words]],
            )
            if cursor.fetchone()[0]:
                found.append(f"{table}.{column}")
    return found


def test_every_row_that_names_a_person_is_thought_of():
    assert set(naming()) == set(ROWS)


def test_the_leaver_of_these_tests_has_a_row_everywhere(leaver):
    empty = [
        name
        for name, field in naming().items()
        if not field.model._base_manager.filter(**{field.name: leaver}).exists()
    ]

    assert empty == ["exchange.Exchange.ended_by"]


def test_what_is_theirs_goes_and_what_others_need_stays(leaver):
    erasure.forget(leaver, at=NOON, keep_practices=True)

    left = {
        name: STAYS
        if field.model._base_manager.filter(**{field.name: leaver}).exists()
        else GONE
        for name, field in naming().items()
    }
    assert left == {name: fate for name, (fate, _file) in ROWS.items()}


@pytest.mark.parametrize("keep_practices", [True, False])
def test_nothing_in_the_database_names_somebody_who_left(leaver, keep_practices):
    assert len(places_that_name("quorra", "zyx")) > 20

    erasure.forget(leaver, at=NOON, keep_practices=keep_practices)

    assert places_that_name("quorra", "zyx") == []


def test_of_the_person_only_an_empty_row_is_left(leaver):
    erasure.forget(leaver, at=NOON, keep_practices=True)

    row = Person.objects.filter(pk=leaver.pk).values().get()
    bare = Person(
        pk=leaver.pk,
        username=f"forgotten-{leaver.pk}",
        date_joined=leaver.date_joined,
        visibility="hidden",
        may_be_asked=False,
        is_active=False,
        forgotten_at=NOON,
    )
    for field in Person._meta.concrete_fields:
        if field.name not in {"password", "folded"}:
            assert row[field.attname] == getattr(bare, field.attname), field.name
    assert row["password"].startswith("!")
    assert str(Person.objects.get(pk=leaver.pk)) == "somebody who left"


def test_what_goes_on_ends_and_the_others_hear_of_it(leaver, friend):
    Notice.objects.all().delete()

    erasure.forget(leaver, at=NOON, keep_practices=True)

    assert not Exchange.objects.involving(leaver).filter(state__in=["asked", "agreed"]).exists()
    told = Notice.objects.filter(recipient=friend).values_list("subject", "body")
    assert len(told) == 2
    assert all("somebody who left" in body for _subject, body in told)


def test_the_listings_are_found_no_more(leaver):
    erasure.forget(leaver, at=NOON, keep_practices=True)

    states = set(Listing.objects.filter(author=leaver).values_list("title", "state"))
    assert states == {("Video by […]", "withdrawn")}
    assert not SearchDocument.objects.filter(author=leaver.pk).exists()
    assert not Listing.objects.visible_to(AnonymousUser()).filter(author=leaver).exists()


def test_the_words_of_an_agreement_stay_without_the_name(leaver):
    erasure.forget(leaver, at=NOON, keep_practices=True)

    words = {agreement.what for agreement in Agreement.objects.all()}
    assert words == {"I am […], write to […] or user:[…]. […]"}
    assert not Message.objects.exclude(body__contains="I am […]").exists()
    assert Event.objects.exists()


def test_published_practices_stay_if_they_wish(leaver, client):
    erasure.forget(leaver, at=NOON, keep_practices=True)

    assert [str(p) for p in Practice.objects.visible_to(AnonymousUser())] == ["By […]"]


def test_of_a_practice_that_stays_nothing_leads_to_who_wrote_it(leaver, client):
    erasure.forget(leaver, at=NOON, keep_practices=True)

    practice = Practice.objects.get()
    page = client.get(practice.get_absolute_url()).content.decode()
    assert practice.source_url == ""
    assert list(practice.artefacts.values_list("name", "url")) == [
        ("By […]", "https://example.org/")
    ]
    assert "somebody who left" in page
    assert "forgotten" not in page
    assert "/people/" not in page.split("<main")[1]


def test_what_an_organiser_hid_does_not_come_back_by_leaving(leaver, client):
    Person.objects.filter(pk=leaver.pk).update(hidden_at=NOON)

    erasure.forget(leaver, at=NOON, keep_practices=True)

    assert Practice.objects.filter(state="published", hidden_at=None).exists()
    assert not Practice.objects.found_by(AnonymousUser()).exists()
    assert client.get(Practice.objects.get().get_absolute_url()).status_code == 404


def test_thanks_of_somebody_who_left_stay_on_the_page_without_the_name(leaver, friend, client):
    Thanks.objects.filter(giver=leaver).update(giver_shows=True, receiver_shows=True)

    erasure.forget(leaver, at=NOON, keep_practices=True)

    page = client.get(friend.get_absolute_url()).content.decode()
    assert "I am […], write to […]" in page
    assert "somebody who left" in page
    assert "forgotten" not in page


def test_thanks_of_somebody_whom_an_organiser_hid_stay_hidden(leaver, friend, client):
    Thanks.objects.filter(giver=leaver).update(giver_shows=True, receiver_shows=True)
    Person.objects.filter(pk=leaver.pk).update(hidden_at=NOON)

    erasure.forget(leaver, at=NOON, keep_practices=True)

    assert "I am […]" not in client.get(friend.get_absolute_url()).content.decode()


@pytest.mark.django_db
def test_the_history_of_the_desk_loses_the_name_and_nothing_else():
    person, other = PersonFactory(name="Žofia Nová"), PersonFactory(name="Žofia Malá")
    affiliate = MembershipFactory(person=person).affiliate
    about = [{"changed": {"name": "membership", "object": f"{person} in {affiliate}"}}]
    entries = [
        logged(other, about=affiliate, name=str(affiliate), message=message)
        for message in (json.dumps(about), f"Why: {person} asked", "[1] asked", "Žofia Malá")
    ]

    erasure.forget(person, at=NOON, keep_practices=True)

    left = [LogEntry.objects.get(pk=entry.pk).change_message for entry in entries]
    about[0]["changed"]["object"] = f"[…] in {affiliate}"
    assert left == [json.dumps(about), "Why: […] asked", "[1] asked", "Žofia Malá"]


def plan_of(statement, values):
    """Tell how PostgreSQL would find the rows of a SELECT."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {statement}", values)
        return "\n".join(line for (line,) in cursor.fetchall())


@pytest.fixture
def crowd(db):
    """Let many people ask and thank each other, and one of them know only two."""
    one, *others = Person.objects.bulk_create(
        Person(username=f"crowd-{n}", email=f"{n}@example.org") for n in range(3000)
    )
    pairs = list(zip(others, reversed(others), strict=True))
    pairs = [pair for pair in pairs if pair[0] != pair[1]] * 2 + [
        (one, others[0]),
        (others[1], one),
    ]
    Ask.objects.bulk_create(Ask(asker=a, person=b, asked_at=NOON) for a, b in pairs)
    Thanks.objects.bulk_create(
        Thanks(giver=a, receiver=b, key=f"{n}", words="Thanks")
        for n, (a, b) in enumerate(pairs)
    )
    Notice.objects.bulk_create(
        Notice(recipient=other, key=f"{other.pk}", kind="ask", subject="Hello", body="")
        for other in others
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return one


def test_leaving_reads_what_is_near_and_not_everybody(crowd):
    caught = []

    def note(execute, sql, values, many, context):
        caught.append((sql, values))
        return execute(sql, values, many, context)

    with connection.execute_wrapper(note):
        erasure.forget(crowd, at=NOON, keep_practices=True)

    reads = [(sql, values) for sql, values in caught if sql.startswith("SELECT")]
    scans = r"Seq Scan on volunteers_(person|ask|thanks)\b"
    slow = [sql for sql, values in reads if re.search(scans, plan_of(sql, values))]
    assert len(reads) > 20
    assert slow == []


def test_whom_one_has_met_is_found_without_reading_everybody(crowd):
    met = Person.objects.met_by(crowd).filter(username="crowd-7")

    assert "Seq Scan" not in met.explain()


def test_practices_go_if_they_wish(leaver):
    erasure.forget(leaver, at=NOON, keep_practices=False)

    assert not Practice.objects.exists()


def test_forgotten_twice_is_forgotten_once(leaver):
    erasure.forget(leaver, at=NOON, keep_practices=True)
    notices = Notice.objects.count()

    erasure.forget(leaver, at=NOON + timedelta(days=1), keep_practices=False)

    leaver.refresh_from_db()
    assert leaver.forgotten_at == NOON
    assert Notice.objects.count() == notices
    assert Practice.objects.exists()


def test_half_a_forgetting_is_none(leaver, monkeypatch):
    def fail(*_args):
        raise RuntimeError

    monkeypatch.setattr(erasure.in_volunteers, "forget", fail)
    before = Exchange.objects.live().count()

    with pytest.raises(RuntimeError):
        erasure.forget(leaver, at=NOON, keep_practices=True)

    assert Person.objects.get(pk=leaver.pk).name == NAME
    assert Exchange.objects.live().count() == before


@pytest.mark.django_db
def test_a_taken_username_stops_nobody_from_leaving():
    person = PersonFactory()
    PersonFactory(username=f"forgotten-{person.pk}")

    erasure.forget(person, at=NOON, keep_practices=True)

    person.refresh_from_db()
    assert person.forgotten_at == NOON


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Ada Lovelace writes", "[…] writes"),
        ("ada lovelace writes", "[…] writes"),
        ("Ada, and Adam in Canada", "[…], and Adam in Canada"),
        ("mail ada@x.org.", "mail […]."),
        ("see /people/Ada%20Lovelace/", "see /people/[…]/"),
        ("see wiki/User:ada_lovelace", "see wiki/User:[…]"),
        ("user:May may come in May.", "user:[…] may come in […]."),
        ("nothing", "nothing"),
    ],
)
def test_a_name_is_taken_out_and_no_other_word(text, left):
    names = pattern_of(["Ada Lovelace", "", "ada@x.org", "May"])

    assert names.sub("[…]", text) == left


@pytest.mark.django_db(transaction=True)
def test_leaving_against_asking_leaves_no_ask_behind():
    def ask(listing, asker):
        with suppress(exchanges.NotOpen, Listing.DoesNotExist):
            exchanges.ask(listing, asker, exchanges.Words(message="Hello"), at=NOON)

    for _turn in range(3):
        listing, asker = ListingFactory(), PersonFactory()
        together(
            partial(erasure.forget, listing.author, at=NOON, keep_practices=True),
            partial(ask, listing, asker),
        )

        assert not Exchange.objects.live().exists()


def unpacked(person):
    archive = zipfile.ZipFile(io.BytesIO(b"".join(erasure.gift(person))))
    assert archive.testzip() is None
    names = [name for name in archive.namelist() if not name.startswith("files/")]
    sheets = {name: archive.read(name).decode() for name in names}
    readme = sheets.pop("README.txt")
    return readme, {name: json.loads(text) for name, text in sheets.items()}


def test_all_that_is_theirs_is_in_the_file(leaver):
    _readme, sheets = unpacked(leaver)

    promised = {f"{file}.json" for _fate, file in ROWS.values() if "/" in file}
    assert set(sheets) == promised | {f"{file}.json" for file in ALSO}
    assert [name for name, rows in sheets.items() if not rows] == []


def test_the_file_says_what_it_is_and_holds_no_secret(leaver):
    readme, sheets = unpacked(leaver)

    assert USERNAME in readme
    assert sheets["person/profile.json"][0]["email"] == EMAIL
    assert sheets["person/bandwidth.json"][0]["period"] == {
        "from": "2026-06-01",
        "before": "2026-06-02",
    }
    everything = json.dumps(sheets)
    assert "hush" not in everything
    assert leaver.password not in everything or not leaver.password


def test_nothing_of_others_is_in_the_file(leaver):
    stranger = PersonFactory(email="stranger@example.org")
    exchange = Exchange.objects.involving(leaver).first()
    hidden = MessageFactory(exchange=exchange, author=stranger, body="hidden words")
    Message.objects.filter(pk=hidden.pk).update(hidden_at=NOON)
    MessageFactory(body="not for you")

    everything = json.dumps(unpacked(leaver)[1])

    assert "hidden words" not in everything
    assert "not for you" not in everything
    assert "friend@example.org" not in everything


@pytest.mark.django_db
def test_somebody_with_nothing_gets_empty_lists():
    _readme, sheets = unpacked(PersonFactory(username="new"))

    filled = {name: rows for name, rows in sheets.items() if rows}
    assert set(filled) == {"person/profile.json"}


def test_the_file_is_streamed_on_request(client, leaver):
    client.force_login(leaver)
    shows_who_they_are(client)

    assert "Download" in client.get(reverse("data")).content.decode()
    answer = client.post(reverse("data"))

    assert answer.streaming
    assert answer["Content-Type"] == "application/zip"
    assert zipfile.is_zipfile(io.BytesIO(b"".join(answer.streaming_content)))


def test_the_page_says_what_goes_and_what_stays(client, leaver):
    client.force_login(leaver)

    page = client.get(reverse("forget")).content.decode()

    assert "What stays, without your name" in page
    assert leaver.memberships.get().affiliate.name in page
    assert "still going on" in page
    assert reverse("exchange:hand_over") in page


@pytest.mark.django_db
@pytest.mark.parametrize("source", ["by_hand", "import", "journey", None])
def test_before_one_leaves_what_one_has_taken_on_can_be_passed_on(client, source):
    person, today = PersonFactory(), timezone.localdate()
    over = {"key": "over", "period": days(today - timedelta(9), today - timedelta(2))}
    for about in (over, {"key": "open", "period": days(today, today)}):
        if source or about is over:
            Commitment.objects.create(
                person=person,
                what="Keeping the books",
                source=source or "by_hand",
                weekly_hours=1,
                **about,
            )
    client.force_login(person)

    page = client.get(reverse("forget")).content.decode()

    assert (reverse("exchange:hand_over") in page) == bool(source)
    assert "still going on" not in page


def test_without_the_username_nobody_is_forgotten(client, leaver):
    client.force_login(leaver)
    shows_who_they_are(client)

    page = client.post(reverse("forget"), {"username": "someone else"}).content.decode()

    assert f"This is not your username. Yours is: {USERNAME}" in page
    assert "someone else" in page
    assert Person.objects.get(pk=leaver.pk).is_active


def test_forget_me(client, leaver):
    client.force_login(leaver)
    shows_who_they_are(client)

    page = client.post(reverse("forget"), {"username": USERNAME.upper()}, follow=True)

    assert "You are forgotten." in page.content.decode()
    assert not page.context["user"].is_authenticated
    assert Person.objects.get(pk=leaver.pk).forgotten_at
    assert not Practice.objects.exists()


@pytest.mark.parametrize("page", ["data", "forget"])
def test_who_finds_an_open_browser_takes_and_deletes_nothing(client, leaver, page):
    leaver.set_password("kartoffel-salat-9")
    leaver.save()
    client.force_login(leaver)

    answer = client.post(reverse(page), {"username": USERNAME})

    assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert Person.objects.get(pk=leaver.pk).is_active


def test_whoever_types_the_password_once_more_is_forgotten_as_they_asked(client, leaver):
    leaver.set_password("kartoffel-salat-9")
    leaver.save()
    client.force_login(leaver)
    asked = client.post(reverse("forget"), {"username": USERNAME})

    again = {"password": "kartoffel-salat-9", "next": reverse("forget")}
    page = client.post(asked.headers["Location"], again, follow=True)

    assert "You are forgotten." in page.content.decode()
    assert Person.objects.get(pk=leaver.pk).forgotten_at


def test_a_file_that_waits_to_be_read_is_given_as_it_was_sent(leaver):
    sent = b"Date;Hours\n2026-03-01;2\n"
    one = Import.objects.create(
        by=leaver,
        kind="activities",
        state="asked",
        file_name="../my hours.csv",
        content=sent,
        letters="utf-8",
        header=["Date", "Hours"],
        created_at=NOON,
    )

    archive = zipfile.ZipFile(io.BytesIO(b"".join(erasure.gift(leaver))))

    files = {name: archive.read(name) for name in archive.namelist() if "files/" in name}
    (receipt,) = (name for name in files if name.startswith("files/receipt-"))
    assert files.pop(receipt).startswith(b"%PDF-")
    assert files == {f"files/{one.pk}-.._my_hours.csv": sent}


def test_every_other_session_ends_with_the_account(client, leaver):
    client.force_login(leaver)

    erasure.forget(leaver, at=NOON, keep_practices=True)

    assert client.get(reverse("data")).status_code == 302


@pytest.mark.django_db
def test_an_ask_has_no_words_of_somebody_who_left():
    exchange = ExchangeFactory(counterpart__name="Zyx Quorra")
    Ask.objects.update(why="Zyx asks")

    erasure.forget(exchange.counterpart, at=NOON, keep_practices=True)

    assert Ask.objects.get().why == "[…] asks"


@pytest.mark.django_db
def test_a_file_that_waits_to_be_read_names_nobody_who_left():
    steward = MembershipFactory(role="steward")
    member = MembershipFactory(affiliate=steward.affiliate, person__name="Zyx Quorra").person
    sheet = SIMPLE + line(1, name="Zyx Quorra", day="03/04/2026") + line(2, day="03/04/2026")
    one = arrive(sheet, steward.person, steward.affiliate)
    assert one.state == "asked"

    erasure.forget(member, at=NOON, keep_practices=True)

    one.refresh_from_db()
    assert b"Zyx" not in bytes(one.content)
    assert bytes(one.content).count(b"\n") == 3


@pytest.mark.django_db
def test_the_name_of_a_former_steward_goes_from_what_they_suggested():
    was = MembershipFactory(role="steward", person__name="Zyx Quorra")
    member = MembershipFactory(affiliate=was.affiliate).person
    about = {"by": was.person, "day": NOON.date()}
    care.note_looks([member], was.affiliate, **about)
    care.suggest(was.affiliate, member, Suggestion.REST, by=was.person, at=NOON)
    assert "Zyx" in Notice.objects.get(recipient=member).body
    was.delete()

    erasure.forget(was.person, at=NOON, keep_practices=True)

    assert "Zyx" not in Notice.objects.get(recipient=member).body


@pytest.mark.django_db
def test_an_organiser_can_leave_too():
    organiser = OrganiserFactory()
    listing = ListingFactory(skills=[SkillFactory()])
    reports.hide(listing, reports.Ruling(organiser, "Why", NOON, 0))

    erasure.forget(organiser, at=NOON, keep_practices=True)

    organiser.refresh_from_db()
    assert not organiser.is_staff


@pytest.mark.django_db
def test_withdrawn_before_leaving_is_no_trouble():
    listing = ListingFactory()
    listings.withdraw(listing, at=NOON)

    erasure.forget(listing.author, at=NOON, keep_practices=True)

    assert not Listing.objects.exists()
