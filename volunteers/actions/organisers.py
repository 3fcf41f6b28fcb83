"""Who organises, and what organisers may do in the admin."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q

from volunteers.models import Person

NAME = "Organisers"
# By app and verb, the models; states and words of others are changed by nobody.
MAY = {
    "volunteers": {
        "view": [
            *("person", "affiliate", "membership", "skill", "skilllabel", "place", "notice"),
            *("bottlenecksnapshot", "region"),
        ],
        "add": ["affiliate", "skill", "skilllabel"],
        "change": ["person", "affiliate", "skill", "skilllabel", "notice"],
        "delete": ["skilllabel"],
    },
    "exchange": {
        "view": ["listing", "practice", "exchange", "event", "report", "decision"],
        "change": ["report"],
    },
    "grandtour": {
        "view": [
            *("edition", "criterion", "measure", "host", "stay", "phase", "reviewer"),
            "compensation",
            *("application", "review", "decision", "plan", "journey", "cost"),
            *("lookbackanswer", "needs"),
            *("training", "trainingversion", "lesson", "exercise", "requiredtraining"),
        ],
        "add": [
            *("edition", "criterion", "measure", "phase", "compensation"),
            *("training", "lesson", "exercise", "requiredtraining"),
        ],
        "change": [
            *("edition", "criterion", "measure", "host", "phase", "plan", "journey", "cost"),
            *("training", "trainingversion", "lesson", "exercise", "requiredtraining"),
            "compensation",
        ],
        "delete": [
            *("criterion", "measure", "phase", "lesson", "exercise", "requiredtraining"),
            "compensation",
        ],
        "assign": ["review"],
        "decide": ["application"],
    },
}


@transaction.atomic
def organisers() -> Group:
    """Bring the group of organisers to exactly these permissions; twice is the same as once."""
    group, _made = Group.objects.get_or_create(name=NAME)
    wanted = Q(pk__in=[])
    for app, verbs in MAY.items():
        for verb, names in verbs.items():
            codes = [f"{verb}_{name}" for name in names]
            wanted |= Q(content_type__app_label=app, codename__in=codes)
    group.permissions.set(Permission.objects.filter(wanted))
    return group


@transaction.atomic
def appoint(person: Person) -> None:
    """Let a person look after the site."""
    person.groups.add(organisers())
    Person.objects.filter(pk=person.pk).update(is_staff=True)


@transaction.atomic
def release(person: Person) -> None:
    """Let a person be one among others again."""
    person.groups.remove(organisers())
    Person.objects.filter(pk=person.pk).update(is_staff=False)
