"""Questions over many rows, answered in SQL."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Case, Exists, OuterRef, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _

from exchange.models import Listing
from volunteers.models import Person, PersonSkill
from volunteers.models.skills import label_of

How = PersonSkill.How
MOST = 3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A listing that somebody could post: the sentence, and the form filled in for it."""

    words: str
    href: str


def first_listings(person: Person) -> list[Suggestion]:
    """Suggest offers of what a person can do, and requests of what they wish to learn.

    A skill about which they have a listing already is left out.
    """
    posted = Listing.objects.filter(author=person, skills=OuterRef("skill"))
    order = Case(When(how=How.TEACHES, then=0), When(how=How.HAS, then=1), default=Value(2))
    said = (
        PersonSkill.objects.filter(~Exists(posted), person=person, skill__retired=False)
        .annotate(name=label_of("skill_id"), rank=order)
        .select_related("skill")
        .order_by("rank", "pk")
    )
    once: dict[int, PersonSkill] = {}
    for row in said[:20]:
        once.setdefault(row.skill_id, row)
    return [_suggest(row, row.name) for row in once.values()][:MOST]  # type: ignore[attr-defined]  # annotated


def _suggest(row: PersonSkill, name: str) -> Suggestion:
    """Write the sentence for one skill."""
    skill = {"skill": name}
    if row.how == How.TEACHES:
        words = _("You said you can teach %(skill)s: offer an hour of it?")
        title = _("An hour of %(skill)s")
    elif row.how == How.HAS:
        words = _("You said you can do %(skill)s: offer an hour of it?")
        title = _("An hour of help with %(skill)s")
    else:
        words = _("You said you want to learn %(skill)s: ask for an hour of it?")
        title = _("An introduction to %(skill)s")
    kind = "request" if row.how == How.WANTS else "offer"
    query = {"kind": kind, "of": "skill", "skills": row.skill.slug, "title": title % skill}
    return Suggestion(words % skill, f"{reverse('exchange:post')}?{urlencode(query)}")
