"""Editions, hosts, applications and journeys for tests; each is complete and true."""

from datetime import UTC, date, datetime, time, timedelta

import factory
from factory.django import DjangoModelFactory

from grandtour.actions import reviews
from grandtour.models import (
    Application,
    Assignment,
    BudgetLine,
    Consent,
    Cost,
    Criterion,
    Edition,
    Expectation,
    Fund,
    Host,
    Journey,
    Phase,
    Receipt,
    Reviewer,
    Seat,
    Stay,
    Stop,
    StopEvent,
    Window,
)
from tests.factories import AffiliateFactory, PersonFactory, PlaceFactory
from volunteers.models.bandwidth import days

DAY = date(2026, 2, 10)
NOON = datetime(2026, 2, 10, 12, tzinfo=UTC)
MAY = (date(2026, 5, 1), date(2026, 5, 31))


class EditionFactory(DjangoModelFactory):
    """An edition one can apply to on DAY, and travel in in May and June."""

    state = Edition.State.OPEN
    name = factory.Sequence(lambda n: f"Grand Tour {2026 + n}")
    slug = factory.Sequence(lambda n: f"grand-tour-{2026 + n}")
    theme = "Knowledge that is missing"
    about = "Visit those who fill the gaps."
    how_chosen = "Three people read every application without names."
    success = "Half of what was learnt is in use half a year later."
    applications_first_day = date(2026, 2, 1)
    applications_last_day = date(2026, 2, 28)
    travel_first_day = date(2026, 5, 1)
    travel_last_day = date(2026, 6, 30)
    carbon_budget = 4000

    class Meta:
        model = Edition


class HostFactory(DjangoModelFactory):
    """A host who offers a stay in May."""

    state = Host.State.OFFERED
    edition = factory.SubFactory(EditionFactory)
    affiliate = factory.SubFactory(AffiliateFactory)
    place = factory.SubFactory(PlaceFactory)
    languages = ["en", "pl"]
    programme = "Two days in the archive, one at the shipyard."
    venue = Host.Venue.BORROWED
    offered_at = NOON

    class Meta:
        model = Host
        skip_postgeneration_save = True

    @factory.post_generation
    def stays(self, _create, extracted, **_others):
        """Give it its days: pairs of a first and a last."""
        for first, last in [MAY] if extracted is None else extracted:
            Stay.objects.create(host=self, period=days(first, last))


class ApplicationFactory(DjangoModelFactory):
    """A draft that can be sent: with days in May."""

    state = Application.State.DRAFT
    edition = factory.SubFactory(EditionFactory)
    person = factory.SubFactory(PersonFactory)
    country = "PL"
    place = factory.SubFactory(PlaceFactory)
    purpose = "I organise"
    goals = "How others scan newspapers with volunteers of eighty years."
    languages = ["en"]
    travels_by = ["rail"]
    first_time = True

    class Meta:
        model = Application
        skip_postgeneration_save = True

    @factory.post_generation
    def windows(self, _create, extracted, **_others):
        """Give it its days: pairs of a first and a last."""
        for first, last in [MAY] if extracted is None else extracted:
            Window.objects.create(application=self, period=days(first, last))


class ReviewingFactory(EditionFactory):
    """An edition whose applications are read on DAY, blind and by two criteria."""

    state = Edition.State.REVIEWING
    applications_first_day = date(2026, 1, 1)
    applications_last_day = date(2026, 1, 31)

    class Meta:
        skip_postgeneration_save = True

    @factory.post_generation
    def criteria(self, _create, extracted, **_others):
        """Give it criteria: a name, a weight, and a scale from 0 to 4."""
        for number, (name, weight) in enumerate(extracted or [("Home", 3), ("New", 1)], 1):
            Criterion.objects.create(edition=self, number=number, name=name, weight=weight)

    @factory.post_generation
    def phases(self, _create, extracted, **others):
        """Give it one phase in February in which all can be done that is said."""
        if extracted is not False:
            last = date(2026, 2, 20)
            PhaseFactory(edition=self, last_day=last, **{"may_decide": True} | others)


class PhaseFactory(DjangoModelFactory):
    """Ten days of blind reading around DAY."""

    edition = factory.SubFactory(EditionFactory)
    name = "Reading"
    first_day = date(2026, 2, 1)
    last_day = date(2026, 2, 12)

    class Meta:
        model = Phase


class ReviewerFactory(DjangoModelFactory):
    """Somebody who has said yes to reading."""

    state = Reviewer.State.READING
    edition = factory.SubFactory(ReviewingFactory)
    person = factory.SubFactory(PersonFactory)
    asked_at = NOON
    answered_at = NOON

    class Meta:
        model = Reviewer


class ReadFactory(ApplicationFactory):
    """An application that reviewers read."""

    state = Application.State.IN_REVIEW
    edition = factory.SubFactory(ReviewingFactory)
    submitted_at = NOON
    consented_at = NOON


class AssignmentFactory(DjangoModelFactory):
    """That somebody reads an application."""

    application = factory.SubFactory(ReadFactory)
    reviewer = factory.SubFactory(
        ReviewerFactory, edition=factory.SelfAttribute("..application.edition")
    )
    assigned_at = NOON

    class Meta:
        model = Assignment


def scored(application, reviewer, *values, at=NOON, **others):
    """Let a reviewer give a review with these scores, in the order of the criteria."""
    assignment, _made = Assignment.objects.get_or_create(
        application=application, reviewer=reviewer, ended_at=None, defaults={"assigned_at": at}
    )
    criteria = application.edition.criteria.order_by("number").values_list("pk", flat=True)
    said = {"recommendation": "yes", "confidence": 2, **others}
    written = reviews.Written(dict(zip(criteria, values, strict=True)), **said)
    return reviews.give(assignment, written, at=at, day=at.date())


class JourneyFactory(DjangoModelFactory):
    """A journey without stops and travellers."""

    edition = factory.SubFactory(EditionFactory)
    number = factory.Sequence(lambda n: n + 1)

    class Meta:
        model = Journey


class StopFactory(DjangoModelFactory):
    """Four nights with a host, the first from the first of May."""

    journey = factory.SubFactory(JourneyFactory)
    host = factory.SubFactory(
        HostFactory, edition=factory.SelfAttribute("..journey.edition"), place__country="SE"
    )
    number = 1
    arrive = factory.LazyAttribute(lambda stop: MAY[0] + timedelta(days=4 * (stop.number - 1)))
    leave = factory.LazyAttribute(lambda stop: stop.arrive + timedelta(days=4))

    class Meta:
        model = Stop


class EventFactory(DjangoModelFactory):
    """An evening for everybody on the first day of a stop."""

    stop = factory.SubFactory(StopFactory)
    title = factory.Sequence(lambda n: f"Evening {n}")
    words = "Bring your own newspapers."
    begins_at = factory.LazyAttribute(
        lambda event: datetime.combine(event.stop.arrive, time(18), UTC)
    )
    ends_at = factory.LazyAttribute(lambda event: event.begins_at + timedelta(hours=2))
    zone = "UTC"
    where = "The library"
    languages = ["en"]
    announced_by = factory.SubFactory(PersonFactory)
    announced_at = changed_at = NOON

    class Meta:
        model = StopEvent


def settle(seat):
    """Let a traveller and each host agree on what they expect."""
    for stop in seat.journey.stops.all():
        words = {"goals": "To scan.", "programme": "Scanning.", "afterwards": "Scan at home."}
        expectation = Expectation.objects.create(
            seat=seat,
            stop=stop,
            version=1,
            side="traveller",
            proposed_by=seat.person,
            proposed_at=NOON,
            **words,
        )
        for side in ("traveller", "host"):
            Consent.objects.create(
                expectation=expectation, side=side, person=seat.person, at=NOON
            )


class SeatFactory(DjangoModelFactory):
    """A place that a plan proposes to somebody who lives in Poland."""

    journey = factory.SubFactory(JourneyFactory)
    application = factory.SubFactory(
        ApplicationFactory,
        edition=factory.SelfAttribute("..journey.edition"),
        country=factory.SelfAttribute("..country"),
        state=Application.State.SHORTLISTED,
        submitted_at=NOON,
        consented_at=NOON,
    )
    edition = factory.SelfAttribute("journey.edition")
    person = factory.SelfAttribute("application.person")
    number = 1
    country = "PL"

    class Meta:
        model = Seat

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        """Let what is to be confirmed have been agreed on."""
        confirmed = kwargs.get("state") == "confirmed"
        if confirmed:
            kwargs |= {"state": "accepted", "accepted_at": kwargs.get("accepted_at", NOON)}
        seat = super()._create(model_class, *args, **kwargs)
        if confirmed:
            settle(seat)
            seat.state = "confirmed"
            seat.save(update_fields=["state"])
        return seat


class FundFactory(DjangoModelFactory):
    """A thousand euros for an edition."""

    edition = factory.SubFactory(EditionFactory)
    name = factory.Sequence(lambda n: f"Fund {n}")
    kind = Fund.Kind.MOVEMENT
    amount = 100_000
    currency = "EUR"

    class Meta:
        model = Fund


class LineFactory(DjangoModelFactory):
    """Three hundred euros of a fund, for travel."""

    fund = factory.SubFactory(FundFactory)
    what_for = factory.Sequence(lambda n: f"Travel {n}")
    requested = 40_000
    granted = 30_000

    class Meta:
        model = BudgetLine


class ClaimFactory(DjangoModelFactory):
    """A hundred euros that a traveller of a confirmed journey asks for."""

    state = Cost.State.CLAIMED
    kind = Cost.Kind.EXPENSE
    seat = factory.SubFactory(SeatFactory, state="confirmed", accepted_at=NOON)
    edition = factory.SelfAttribute("seat.journey.edition")
    what = "Train from Gdynia to Lund"
    day = DAY
    amount = claimed_amount = 10_000
    currency = claimed_currency = "EUR"
    created_at = NOON

    class Meta:
        model = Cost


class ReceiptFactory(DjangoModelFactory):
    """A small PDF."""

    cost = factory.SubFactory(ClaimFactory)
    content = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"
    media_type = "application/pdf"
    file_name = "ticket.pdf"
    added_at = NOON

    class Meta:
        model = Receipt
