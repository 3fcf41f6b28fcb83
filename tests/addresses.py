"""Every address of the site, filled in with rows of a small world, to be walked."""

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.urls import get_resolver
from django.urls.resolvers import URLResolver
from django.utils import timezone

from exchange.actions import agreements, calls, exchanges, invitations, reports
from exchange.models import (
    Agreement,
    CallLetter,
    Exchange,
    HandOver,
    Invitation,
    Listing,
    OpenCall,
    Practice,
    Report,
)
from exchange.notices.listings import still_true_path
from grandtour.actions.training import draft
from grandtour.models import (
    Application,
    Assignment,
    ChecklistItem,
    Conflict,
    Cost,
    Decision,
    DecisionLetter,
    Host,
    LookBack,
    LookBackAnswer,
    Plan,
    Seat,
    Sharing,
    StopEvent,
    TrainingVersion,
)
from grandtour.notices.afterwards import look_back_path
from grandtour.planning.problem import Ended
from grandtour.planning.problem import Plan as Answer
from grandtour.planning.written import written
from tests.factories import (
    AffiliateFactory,
    ListingFactory,
    MembershipFactory,
    OrganiserFactory,
    PersonFactory,
    PersonSkillFactory,
    PlaceFactory,
    PracticeFactory,
)
from tests.grandtour.tours import (
    ApplicationFactory,
    AssignmentFactory,
    EditionFactory,
    HostFactory,
    LineFactory,
    PhaseFactory,
    ReadFactory,
    ReceiptFactory,
    ReviewerFactory,
    ReviewingFactory,
    SeatFactory,
    StopFactory,
)
from tests.grandtour.trained import published
from volunteers import mailbox
from volunteers.actions.commitments import Words, take_on
from volunteers.imports import work
from volunteers.imports.reading import Arrival, arrive
from volunteers.models import (
    Affiliate,
    Ask,
    Bandwidth,
    Block,
    BottleneckSnapshot,
    CheckIn,
    Commitment,
    Import,
    Membership,
    Notice,
    Person,
    Region,
    Rest,
    Skill,
    StewardAccess,
    Thanks,
    Watch,
)
from volunteers.models.bandwidth import days
from volunteers.models.check_ins import monday
from volunteers.models.notices import NoticeKind
from volunteers.notices import check_in_path, more_path

# What the tests of Django and allauth prove: nothing of ours is said there.
ELSEWHERE = ("accounts/social/",)


def routes():
    """List the route of every address, as it stands in the address files."""
    return sorted(set(_routes(get_resolver(), "")))


def _routes(resolver, prefix):
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern, route)
        elif not route.startswith(ELSEWHERE):
            yield route


@dataclass
class World:
    """Somebody of each kind, and one row of each kind between them."""

    author: Person
    asker: Person
    member: Person
    steward: Person
    stranger: Person
    organiser: Person
    ruler: Person
    affiliate: Affiliate
    membership: Membership
    skill: Skill
    listing: Listing
    exchange: Exchange
    practice: Practice
    report: Report
    notice: Notice
    block: Block
    rest: Rest
    watch: Watch
    wanted: Listing
    call: OpenCall
    file: Import
    imported: Commitment
    check_in: CheckIn
    answered: CheckIn
    hand_over: HandOver
    invitation: Invitation
    thanks: Thanks
    said: Bandwidth
    taken: Commitment
    shared: StewardAccess
    host: Host
    application: Application
    assignment: Assignment
    letter: DecisionLetter
    seat: Seat
    plan: Plan
    home: Seat
    item: ChecklistItem
    passed_on: Sharing
    looks_back: LookBack
    cost: Cost
    stuck: LookBackAnswer
    invited: StopEvent
    taught: TrainingVersion
    draft: TrainingVersion
    others: dict[str, Any]

    def people(self):
        """List the people by what they are here."""
        named = {f.name: getattr(self, f.name) for f in fields(self)}
        return {name: row for name, row in named.items() if isinstance(row, Person)}


def world():
    """Make the world."""
    town = PlaceFactory()
    affiliate = AffiliateFactory(name="Wikimedia Testland", slug="testland", place=town)
    people = {
        name: PersonFactory(username=name, name=name.title())
        for name in ("author", "asker", "member", "steward", "stranger")
    }
    people["organiser"] = OrganiserFactory(username="organiser")
    people["ruler"] = OrganiserFactory(username="ruler", is_superuser=True)
    for name, role in (("author", "editor"), ("member", "member"), ("steward", "steward")):
        MembershipFactory(affiliate=affiliate, person=people[name], role=role)
    waiting = MembershipFactory(affiliate=affiliate, confirmed_at=None)
    skill = PersonSkillFactory(person=people["author"], skill__slug="video-editing").skill
    listing = ListingFactory(
        author=people["author"],
        affiliate=affiliate,
        title="Cutting films",
        skills=[skill],
        place=affiliate.place,
    )
    exchange = agreed(listing, people["asker"])
    wanted = ListingFactory(author=people["author"], title="A camera", kind="request")
    wanted.skills.add(skill)
    report, _new = reports.report(
        listing, people["asker"], reports.Concern("spam"), at=timezone.now()
    )
    edition = _open_edition()
    return World(
        **people,
        affiliate=affiliate,
        membership=waiting,
        skill=skill,
        listing=listing,
        exchange=exchange,
        practice=PracticeFactory(author=people["author"], title="How we cut films"),
        report=report,
        notice=Notice.objects.filter(recipient=people["asker"]).first(),
        block=Block.objects.create(person=people["asker"], blocked=PersonFactory()),
        rest=Rest.objects.create(
            person=people["asker"], period=days(date(2099, 1, 1), date(2099, 1, 9))
        ),
        wanted=wanted,
        call=called(wanted, people["asker"]),
        watch=Watch.objects.create(
            person=people["member"],
            watcher=people["asker"],
            what="Help",
            link="/catalogue/",
            begun_at=timezone.now(),
            next_look_at=timezone.now() + timedelta(days=1),
        ),
        file=brought(affiliate, people["steward"]),
        imported=Commitment.objects.create(
            person=people["asker"],
            affiliate=affiliate,
            what="Help desk",
            source="import",
            key="1:1",
            period=days(date(2099, 1, 1), date(2099, 1, 9)),
            weekly_hours=1,
        ),
        check_in=CheckIn.objects.create(
            person=people["asker"], week=monday(timezone.localdate()), asked_at=timezone.now()
        ),
        answered=CheckIn.objects.create(
            person=people["author"],
            week=monday(timezone.localdate()),
            asked_at=timezone.now(),
            state="answered",
            answered_at=timezone.now(),
            answer="too_much",
        ),
        hand_over=HandOver.objects.create(
            exchange=exchange,
            giver=people["author"],
            taker=people["steward"],
            ask=Ask.objects.create(
                person=people["steward"],
                asker=people["author"],
                asked_at=timezone.now(),
                answered_at=timezone.now(),
            ),
            offered_at=timezone.now(),
        ),
        invitation=invited_to_learn(people["author"], people["asker"], skill),
        thanks=Thanks.objects.create(
            giver=people["steward"],
            receiver=people["author"],
            affiliate=affiliate,
            key="affiliate:1",
            words="Thank you for the films",
        ),
        said=Bandwidth.objects.create(
            person=people["asker"],
            period=days(date(2099, 1, 1), date(2099, 1, 9)),
            weekly_hours=5,
        ),
        taken=take_on(
            people["asker"], Words("Keeping the books", Decimal(2), date(2099, 1, 1))
        ),
        shared=StewardAccess.objects.create(
            person=people["member"],
            affiliate=affiliate,
            period=days(date(2099, 1, 1), date(2099, 1, 9)),
            granted_at=timezone.now(),
            revoked_at=timezone.now(),
        ),
        host=HostFactory(affiliate=affiliate, place=town, edition=edition),
        application=ApplicationFactory(person=people["asker"], edition=edition),
        assignment=(read := read_by(people["member"], people["asker"], town)),
        letter=decided(read.application, people["ruler"]),
        seat=(seat := offered(people["asker"], affiliate)),
        plan=planned(seat, people["organiser"]),
        home=(home := came_home(people["asker"], affiliate)),
        **_of_home(home),
        cost=claimed(people["asker"]),
        invited=invited(affiliate, people["author"]),
        **_taught(),
        others=_of_other_apps(people["asker"]) | _sums_about(skill),
    )


def _open_edition():
    """Make an edition that takes applications now."""
    now = timezone.localdate()
    return EditionFactory(
        name="Grand Tour of Testland",
        slug="tour-of-testland",
        applications_first_day=now - timedelta(days=2),
        applications_last_day=now + timedelta(days=9),
        travel_first_day=now + timedelta(days=60),
        travel_last_day=now + timedelta(days=120),
    )


def read_by(reader, applicant, town):
    """Let somebody read an application of somebody else now, blind."""
    now = timezone.localdate()
    edition = ReviewingFactory(name="Reading Tour", slug="reading-tour", phases=False)
    PhaseFactory(
        edition=edition,
        first_day=now - timedelta(days=1),
        last_day=now + timedelta(days=9),
        may_decide=True,
    )
    application = ReadFactory(edition=edition, person=applicant, place=town)
    reviewer = ReviewerFactory(edition=edition, person=reader)
    # Who applied was a guest of the reader's affiliate; organisers have said it is no matter.
    Conflict.objects.create(
        application=application,
        reviewer=reviewer,
        kind=Conflict.Kind.HOST,
        found_at=timezone.now(),
        lifted_at=timezone.now(),
    )
    return AssignmentFactory(application=application, reviewer=reviewer)


def decided(application, by):
    """Decide about an application, with a letter that has not gone."""
    now = timezone.now()
    decision = Decision.objects.create(
        application=application, outcome="shortlisted", by=by, decided_at=now
    )
    return DecisionLetter.objects.create(
        decision=decision, language="en", subject="Welcome", body="Hello", written_at=now
    )


def offered(person, affiliate):
    """Offer somebody a place in a journey that comes to an affiliate."""
    now = timezone.now()
    stop = StopFactory(
        journey__state="offered",
        host__affiliate=affiliate,
        host__state="accepted",
        host__decided_at=now,
    )
    return SeatFactory(
        journey=stop.journey,
        application__person=person,
        application__state="placed",
        state="offered",
        offered_at=now,
        reply_by=now + timedelta(days=9),
    )


def came_home(person, affiliate):
    """Let somebody be home again from a journey that came to an affiliate."""
    now = timezone.now()
    stop = StopFactory(
        journey__state="returned",
        journey__edition__state="evaluating",
        host__affiliate=affiliate,
        host__state="accepted",
        host__decided_at=now,
        arrive=date(2026, 6, 1),
        leave=date(2026, 6, 5),
    )
    return SeatFactory(
        journey=stop.journey,
        application__person=person,
        application__state="travelled",
        state="returned",
        accepted_at=now,
    )


def _of_home(seat):
    """Make what somebody has to do with when they are home again."""
    now = timezone.now()
    return {
        "item": ChecklistItem.objects.create(seat=seat, what="papers", due=now.date()),
        "passed_on": Sharing.objects.create(seat=seat, day=now.date(), what="A talk"),
        "looks_back": LookBack.objects.create(person=seat.person, seat=seat, asked_at=now),
        "stuck": LookBackAnswer.objects.create(
            edition=seat.edition,
            side="traveller",
            seat=seat,
            person=seat.person,
            stuck="much",
            words="The kettle.",
        ),
    }


def claimed(person):
    """Let somebody claim what they paid for a confirmed journey in June, with a receipt."""
    now = timezone.now()
    stop = StopFactory(arrive=date(2026, 6, 8))
    seat = SeatFactory(
        journey=stop.journey,
        application__person=person,
        application__state="confirmed",
        state="confirmed",
        accepted_at=now,
    )
    cost = ReceiptFactory(cost__seat=seat).cost
    LineFactory(fund__edition=seat.edition)
    return cost


def invited(affiliate, author):
    """Let a host invite neighbours to a stop that is two months ahead."""
    first = timezone.localdate() + timedelta(days=60)
    edition = EditionFactory(
        state="decided", travel_first_day=first, travel_last_day=first + timedelta(days=60)
    )
    stop = StopFactory(
        journey__edition=edition,
        host__affiliate=affiliate,
        host__state="accepted",
        host__decided_at=timezone.now(),
        arrive=first,
        leave=first + timedelta(days=4),
        accepted_at=timezone.now(),
        accepted_by=author,
    )
    for number, country in ((1, "PL"), (2, "DE")):
        SeatFactory(journey=stop.journey, number=number, country=country, state="confirmed")
    stop.journey.state = "confirmed"
    stop.journey.save(update_fields=["state"])
    begins = datetime.combine(first + timedelta(days=1), time(18), UTC)
    return StopEvent.objects.create(
        stop=stop,
        title="Open evening",
        words="Come and see.",
        where="Library",
        languages=["en"],
        zone="UTC",
        begins_at=begins,
        ends_at=begins + timedelta(hours=2),
        announced_by=author,
        announced_at=timezone.now(),
        changed_at=timezone.now(),
    )


def _taught():
    """Make a training that can be done, and the draft of its next version."""
    taught = published()
    return {"taught": taught, "draft": draft(taught.training)}


def planned(seat, organiser):
    """Let an organiser have planned the edition of a journey, with nobody in it."""
    now = timezone.now()
    nothing = Plan(
        edition=seat.edition,
        asked_by=organiser,
        asked_at=now,
        ended_at=now,
        state="done",
        worth=0,
        bound=0,
        grams=0,
        grams_plain=0,
        cost=0,
        travellers=0,
        groups=0,
        took=1,
        result=written(Answer((), 0, 0, 1, "", Ended.PROVEN)),
        reasons_state="known",
        reasons={"travellers": [], "stays": []},
        baseline={},
    )
    nothing.save()
    return nothing


def called(listing, person):
    """Let the author ask everybody, and one person hear of it."""
    now = timezone.now()
    call = calls.begin(listing, now.date() + timedelta(days=7), at=now)
    CallLetter.objects.create(call=call, person=person, written_at=now)
    return call


def invited_to_learn(author, person, skill):
    """Let somebody invite to their training a person who wants to learn it."""
    PersonSkillFactory(person=person, skill=skill, how="wants")
    day = timezone.localdate() + timedelta(days=40)
    training = ListingFactory(
        author=author, of="training", seats=5, first_day=day, last_day=day, skills=[skill]
    )
    return invitations.invite(training, person, at=timezone.now())


def brought(affiliate, steward):
    """Let a steward bring a file that waits: a good line, a refused one, a stranger's."""
    lines = [
        "Activity Date,Duration,Subject,Target Contact ID,Target Contact,Username",
        "2026-03-02,90,Help desk,1,Member,member",
        "2026-03-02,,Help desk,1,Member,member",
        "2026-03-02,90,Help desk,2,Somebody,",
    ]
    arrival = Arrival(steward, affiliate, "hours.csv", "\n".join(lines).encode())
    made = arrive(arrival, at=timezone.now())
    work.begin(made.pk, at=timezone.now())
    made.refresh_from_db()
    return made


def agreed(listing, asker):
    """Let somebody ask, and both agree on next month."""
    now = timezone.now()
    exchange = exchanges.ask(listing, asker, exchanges.Words(message="Hello?"), at=now)
    day = now.date() + timedelta(days=30)
    terms = Agreement(what="One film", first_day=day, last_day=day)
    agreements.propose(exchange, listing.author, agreements.Draft(terms, [], read=0), at=now)
    agreements.confirm(exchange, asker, 1, at=now)
    exchange.refresh_from_db()
    return exchange


def _of_other_apps(person):
    """Make what only the desk shows."""
    social = SocialAccount.objects.create(user=person, provider="mediawiki", uid="1")
    app = SocialApp.objects.create(provider="mediawiki", name="Meta", client_id="x")
    return {
        "auth/group": Group.objects.get(name="Organisers"),
        "account/emailaddress": EmailAddress.objects.create(user=person, email=person.email),
        "mfa/authenticator": Authenticator.objects.create(
            user=person, type="recovery_codes", data={"seed": encrypt("x"), "used_mask": 0}
        ),
        "socialaccount/socialaccount": social,
        "socialaccount/socialapp": app,
        "socialaccount/socialtoken": SocialToken.objects.create(account=social, app=app),
    }


def _sums_about(skill):
    """Make what a night has summed up."""
    about = {"day": timezone.now().date(), "scope": "all", "level": "fine", "band": "fine"}
    return {
        "volunteers/bottlenecksnapshot": BottleneckSnapshot.objects.create(
            skill=skill, carriers=5, truck_factor=3, score=40, use=50, **about
        ),
        "volunteers/region": Region.objects.create(
            slug="here", names={"en": "Here"}, countries=["PL"]
        ),
    }


def address(route, w):
    """Fill in a route; KeyError for one that nobody has thought of."""
    if "<" not in route:
        return f"/{route}"
    if route.startswith("admin/"):
        return _desk(route, w)
    own = {
        "catalogue/<int:pk>/<str:slug>/": w.listing,
        "practices/<int:pk>/<str:slug>/": w.practice,
        "hand-overs/<int:pk>/": w.hand_over,
    }
    if route in own:
        return own[route].get_absolute_url()
    signed = {
        "check-in/<str:token>/": check_in_path(w.check_in),
        "check-in/<str:token>/more/": more_path(w.answered),
        "grand-tour/look-back/<str:token>/": look_back_path(w.looks_back),
    }
    if route in signed:
        return signed[route]
    slugs = {
        "skills/": w.skill.slug,
        "grand-tour/": w.host.edition.slug,
        "me/training/": w.taught.training.slug,
    }
    if "/review/" in route:
        slugs["grand-tour/"] = w.assignment.application.edition.slug
    if "/evaluation" in route:
        slugs["grand-tour/"] = w.home.edition.slug
    slug = next((s for start, s in slugs.items() if route.startswith(start)), None)
    values = {
        "<slug:slug>": slug or w.affiliate.slug,
        "<name:username>": w.author.username,
        "<int:year>": "2026",
        "<int:stop>": "1",
        "<int:number>": "1",
        "<slug:section>": "skills",
        "<str:kind>": "languages",
        "<str:what>/<int:pk>": f"exchange/{w.exchange.pk}",
        "<int:pk>": str(_key(route, w)) if "<int:pk>" in route else "",
        "<str:what>/<str:key>": f"listing/{w.listing.pk}",
        "<str:key>": "nothing.1",
        "<name:token>": mailbox.unsubscribe_path(w.asker, NoticeKind.ASK).split("/")[-2],
        "<str:token>": still_true_path(w.listing).split("/")[-2],
    }
    path = route
    for part, value in values.items():
        path = path.replace(part, value)
    if "<" in path:
        raise KeyError(route)
    return f"/{path}"


def _key(route, w):
    """Find the row whose key stands in an address."""
    rows = {
        "catalogue/<int:pk>/call/": w.wanted,
        "catalogue/<int:pk>/visit/": w.wanted,
        "catalogue/<int:pk>/invite/": w.invitation.listing,
        "invitations/": w.invitation,
        "catalogue/": w.listing,
        "calls/": w.call,
        "exchanges/": w.exchange,
        "hand-overs/": w.hand_over,
        "me/hand-over/": w.exchange,
        "practices/": w.practice,
        "reports/": w.report,
        "me/blocked/": w.block,
        "me/imported/": w.imported,
        "imports/": w.file,
        "me/thanks/": w.thanks,
        "me/bandwidth/rest/": w.rest,
        "me/sharing/": w.shared,
        "me/waiting/": w.watch,
        "me/bandwidth/hours/": w.said,
        "me/bandwidth/taken/": w.taken,
        "notices/": w.notice,
        "affiliates/": w.membership,
        "grand-tour/hosts/": w.host,
        "grand-tour/journeys/<int:pk>/costs/": w.cost.seat.journey,
        "grand-tour/costs/": w.cost,
        "grand-tour/journeys/": w.seat.journey,
        "grand-tour/places/<int:pk>/report/": w.home,
        "grand-tour/places/<int:pk>/practice/": w.home,
        "grand-tour/places/<int:pk>/offer/": w.home,
        "grand-tour/places/": w.seat,
        "grand-tour/checklist/": w.item,
        "grand-tour/shared/": w.passed_on,
        "grand-tour/events/": w.invited,
        "grand-tour/stops/<int:pk>/event/": w.invited.stop,
        "grand-tour/stops/<int:pk>/earlier/": w.home.journey.stops.get(),
        "grand-tour/stops/<int:pk>/note/": w.home.journey.stops.get(),
        "grand-tour/stops/": w.seat.journey.stops.get() if "/stops/" in route else None,
        "grand-tour/applications/<int:pk>/needs/": w.cost.seat.application,
        "grand-tour/applications/": w.application,
        "grand-tour/reading/": w.assignment,
    }
    found = [row.pk for start, row in rows.items() if route.startswith(start)]
    if not found and route.startswith("accounts/"):
        return 0
    return found[0] if found else {}[route]


def _review(path, w):
    """Fill in the rest of an address about how applications are read."""
    key = w.letter.pk if "/letters/" in path else w.assignment.application_id
    return "/" + path.replace("<int:key>", str(key))


def _money(route, w):
    """Find what an address of the desk about money is about."""
    edition = w.cost.edition
    rows = {"/of/": edition, "/fund/<": edition.funds.get(), "/line/<": _line(edition)}
    return next((row for part, row in rows.items() if part in route), w.cost)


def _line(edition):
    return edition.funds.get().lines.get()


def _desk(route, w):
    """Fill in an address of the organisers' desk."""
    rows = {
        "volunteers/affiliate": w.affiliate,
        "volunteers/notice": w.notice,
        "volunteers/person": w.stranger,
        "volunteers/place": w.affiliate.place,
        "volunteers/skill": w.skill,
        "exchange/exchange": w.exchange,
        "exchange/listing": w.listing,
        "exchange/practice": w.practice,
        "exchange/report": w.report,
        "grandtour/edition": w.assignment.application.edition
        if "/review/" in route
        else w.host.edition,
        "grandtour/host": w.host,
        "grandtour/journey": w.seat.journey,
        "grandtour/lookbackanswer": w.stuck,
        "grandtour/plan": w.plan,
        "grandtour/cost": w.cost,
        "grandtour/training": w.taught.training,
        "grandtour/trainingversion": w.draft,
        "grandtour/lesson": w.draft.lessons.get(number=1),
        **w.others,
    }
    kind = ContentType.objects.get_for_model(Listing).pk
    special = {
        "admin/r/<path:content_type_id>/<path:object_id>/": f"/admin/r/{kind}/{w.listing.pk}/",
        "admin/(?P<url>.*)$": "/admin/nothing/",
    }
    if route in special:
        return special[route]
    if "app_label" in route:
        return "/admin/volunteers/"
    row = rows["/".join(route.split("/")[1:3])]
    row = w.seat if "/seats/" in route else row
    row = w.plan.edition if "/plan/of/" in route else row
    row = _money(route, w) if "/cost/" in route else row
    path = route.replace("<path:object_id>", str(row.pk)).replace("<int:pk>", str(row.pk))
    path = path.replace("<str:verb>", "deactivate").replace("<str:what>", "listing")
    if "/review/" in path:
        return _review(path, w)
    path = path.replace("<int:key>", str(w.membership.pk))
    if "/about/" in path:
        path = f"admin/exchange/report/about/listing/{w.listing.pk}/"
    if "<" in path:
        raise KeyError(route)
    return f"/{path}"
