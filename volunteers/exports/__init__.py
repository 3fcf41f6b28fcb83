"""What a person has here, to take away: profile, hours, notices, ways to sign in."""

import re
from collections.abc import Iterable, Iterator

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.admin.models import LogEntry
from django.db.models import F, QuerySet

from volunteers.models import CheckInRhythm, ImportLine, Origin, Person

AT_ONCE = 500
PROFILE = [
    *("username", "wiki_name", "name", "email", "pronouns", "about", "country", "place__name"),
    *("time_zone", "language", "ways", "contact", "visibility", "may_be_asked", "open_asks"),
    *("date_joined", "last_login", "is_staff", "hidden_at", "counted_at"),
]
COMMITMENT = [
    *("what", "source", "key", "skill__slug", "period", "weekly_hours", "state"),
    *("affiliate__name", "let_go_at"),
]
IMPORT = ["affiliate__name", "kind", "state", "file_name", "created_at", "ended_at"]
MY_LINE = ["of__file_name", "number", "cells", "reason", "outcome"]
IMPORT_LINE = ["of__affiliate__name", "number", "what", "period", "weekly_hours", "outcome"]
CHECK_IN = ["week", "state", "asked_at", "answered_at", "answer", "still_right", "words"]
NOTICE = [
    *("kind", "subject", "body", "link", "to", "by_mail"),
    *("created_at", "not_before", "sent_at", "read_at"),
]
ACCESS = [
    *("affiliate__name", "weeks", "check_ins", "costs"),
    *("period", "granted_at", "revoked_at"),
]
WATCH = [
    *("what", "link", "first_day", "last_day", "weekly_hours"),
    *("begun_at", "next_look_at", "told_at"),
]
ASK = ["asked_at", "answered_at", "declined", "invited", "why"]
THANKS = [
    *("key", "about", "affiliate__name", "words"),
    *("giver_shows", "receiver_shows", "created_at"),
]


def sheets(person: Person) -> dict[str, Iterable[dict[str, object]]]:
    """Give each kind of row, read only when it is written."""
    return {**_about(person), **_hours(person), **_between(person), **_account(person)}


def _about(person: Person) -> dict[str, Iterable[dict[str, object]]]:
    return {
        "profile": Person.objects.filter(pk=person.pk).values(*PROFILE),
        "languages": person.languages.order_by("pk").values("language", "level"),
        "skills": person.person_skills.order_by("pk").values("skill__slug", "how"),
        "memberships": person.memberships.order_by("pk").values(
            "affiliate__name", "role", "confirmed_at"
        ),
    }


def _hours(person: Person) -> dict[str, Iterable[dict[str, object]]]:
    return {
        "bandwidth": person.bandwidth.order_by("pk").values("period", "weekly_hours"),
        "rests": person.rests.order_by("pk").values("period", "words", "alone", "covers"),
        "strains": person.strains.order_by("pk").values("kind", "began_day", "ended_day"),
        "shared-with-stewards": person.steward_access.order_by("pk").values(*ACCESS),
        "asked-to-share": person.sharing_invitations.order_by("pk").values(
            "affiliate__name", asked_at=F("quiet__startswith")
        ),
        "commitments": person.commitments.order_by("pk").values(*COMMITMENT),
        **_imports(person),
        "check-ins": person.check_ins.order_by("pk").values(*CHECK_IN),
        "check-in-rhythm": CheckInRhythm.objects.filter(person=person).values(
            "every", "next_day", "unanswered"
        ),
    }


def _imports(person: Person) -> dict[str, Iterable[dict[str, object]]]:
    about = ImportLine.objects.filter(person=person).order_by("pk")
    return {
        "imports": person.imports.order_by("pk").values(*IMPORT),
        "imported-lines": about.values(*IMPORT_LINE),
        "contacts-i-stand-for": person.import_matches.order_by("pk").values(
            "affiliate__name", "contact"
        ),
        "lines-of-my-files": _own_files(person).values(*MY_LINE).iterator(AT_ONCE),
        "files-i-refuse": person.import_refusals.order_by("pk").values("affiliate__name"),
    }


def _own_files(person: Person) -> "QuerySet[ImportLine]":
    """Keep the lines of files of one's own hours, also those that were refused."""
    mine = ImportLine.objects.filter(of__by=person, of__affiliate=None)
    return mine.order_by("of", "number")


def files(person: Person) -> Iterator[tuple[str, bytes]]:
    """Give the files of one's own hours that wait to be read; each is gone once it is read."""
    for one in person.imports.filter(affiliate=None).exclude(content=b"").order_by("pk"):
        name = re.sub(r"[^\w.-]+", "_", one.file_name)
        yield f"{one.pk}-{name}", bytes(one.content)


def _between(person: Person) -> dict[str, Iterable[dict[str, object]]]:
    return {
        "asks-of-me": person.asks.order_by("pk").values(*ASK, by=F("asker__username")),
        "asks-by-me": person.asks_made.order_by("pk").values(*ASK, of=F("person__username")),
        "checks-of-me": person.checks.order_by("pk").values(
            "checked_at", by=F("asker__username")
        ),
        "checks-by-me": person.checks_made.order_by("pk").values(
            "checked_at", of=F("person__username")
        ),
        "stewards-who-looked": person.looks.order_by("pk").values(
            "day", "affiliate__name", by=F("steward__username")
        ),
        "looks-as-steward": person.looks_taken.order_by("pk").values(
            "day", "affiliate__name", at=F("person__username")
        ),
        "waiting-for": person.watches.order_by("pk").values(*WATCH, of=F("person__username")),
        "what-came-of-what": Origin.objects.filter(person=person)
        .order_by("pk")
        .values("source", "source_key", "made", "made_key", "made_at", "told_at"),
        "thanks-received": person.thanks_received.order_by("pk").values(
            *THANKS, by=F("giver__username")
        ),
        "thanks-given": person.thanks_given.order_by("pk").values(
            *THANKS, to=F("receiver__username")
        ),
        "blocks": person.blocks.order_by("pk").values("blocked__username", "created_at"),
        "notices": person.notices.order_by("pk").values(*NOTICE).iterator(AT_ONCE),
        "no-mail-about": person.muted.order_by("pk").values("kind"),
    }


def _account(person: Person) -> dict[str, Iterable[dict[str, object]]]:
    addresses = EmailAddress.objects.filter(user=person).order_by("pk")
    social = SocialAccount.objects.filter(user=person).order_by("pk")
    factors = Authenticator.objects.filter(user=person).order_by("pk")
    done = LogEntry.objects.filter(user=person).order_by("pk")
    return {
        "e-mail-addresses": addresses.values("email", "verified", "primary"),
        "connected-accounts": social.values(
            "provider", "uid", "extra_data", "date_joined", "last_login"
        ),
        "second-factors": factors.values("type", "created_at", "last_used_at"),
        "signed-in-until": person.sessions.order_by("pk").values("expire_date"),
        "groups": person.groups.order_by("pk").values("name"),
        "done-as-organiser": done.values("action_time", "object_repr", "change_message"),
    }
