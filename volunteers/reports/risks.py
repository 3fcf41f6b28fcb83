"""What a row of bottlenecks means to who reads it: the change, and what would help."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from volunteers.load import monday_of
from volunteers.models import Affiliate, BottleneckSnapshot, Skill

Level = BottleneckSnapshot.Level
TONES = {Level.RED: "stopped", Level.AMBER: "waits", Level.FINE: "good"}
NEIGHBOURS = 3


@dataclass(frozen=True, slots=True)
class Help:
    """Something to do: what, and where."""

    words: str
    href: str


@dataclass(frozen=True)
class Risk:
    """A skill at risk: how it stands, how it stood the week before, who else has room."""

    row: BottleneckSnapshot
    before: BottleneckSnapshot | None
    neighbours: list[Affiliate] = field(default_factory=list)
    affiliate: Affiliate | None = None

    @property
    def tone(self) -> str:
        """Name the colour of the level."""
        return TONES.get(Level(self.row.level), "")

    @property
    def change(self) -> str:
        """Say what is different from the week before."""
        was, now = self.before, self.row
        if was is None:
            return _("new")
        if was.level != now.level:
            return _("last week: %(level)s") % {"level": was.get_level_display()}
        if was.score is not None and now.score is not None and was.score != now.score:
            return f"{now.score - was.score:+d}".replace("-", "\N{MINUS SIGN}")
        if was.band != now.band:
            return _("how full last week: %(band)s") % {"band": was.get_band_display()}
        return _("as last week")

    @property
    def full(self) -> str:
        """Say how full those are who carry it: a part of their room, or a word."""
        if self.row.use is None:
            return self.row.get_band_display()
        return _("%(use)s %% of the room") % {"use": self.row.use}

    @property
    def carried(self) -> str:
        """Say how many carry it, and how few of them half."""
        half = self.row.truck_factor
        if self.row.carriers is None or half is None:
            return _("by few")
        words = ngettext(
            "%(people)s or more; one carries half",
            "%(people)s or more; %(half)s carry half",
            half,
        )
        return words % {"people": self.row.carriers, "half": half}

    @cached_property
    def helps(self) -> list[Help]:
        """List what would help, each with the form filled in for it."""
        label, slug = self.row.label, self.row.skill.slug
        skill = {"skill": label}
        beside = [
            Help(_("Ask %(name)s, who have room") % {"name": one}, self._ask(one))
            for one in self.neighbours
        ]
        search = urlencode({"kind": "offer", "skill": slug})
        return [
            Help(
                _("Offer a training"),
                self._post("offer", "training", _("%(skill)s: a training") % skill),
            ),
            Help(
                _("Ask for a training"),
                self._post("request", "training", _("A training in %(skill)s") % skill),
            ),
            Help(
                _("Invite people who want to learn it"),
                self._invite(_("%(skill)s: a training") % skill),
            ),
            *(
                beside
                or [Help(_("Look who offers it"), f"{reverse('exchange:catalogue')}?{search}")]
            ),
            Help(_("Agree on another date"), reverse("exchange:exchanges")),
            Help(
                _("Ask for money for it"),
                self._post("request", "funding", _("Money for %(skill)s") % skill),
            ),
        ]

    def _ask(self, neighbour: Affiliate) -> str:
        """Give the address of the form by which a neighbour's people are asked, filled in."""
        skill = {"skill": self.row.label}
        query = {
            "skills": self.row.skill.slug,
            "title": _("Help with %(skill)s") % skill,
            "body": _("We are looking for somebody who can help us with %(skill)s.") % skill,
        }
        if self.affiliate:
            query["affiliate"] = self.affiliate.slug
        return f"{reverse('exchange:ask_people', args=[neighbour.slug])}?{urlencode(query)}"

    def _invite(self, title: str) -> str:
        """Give the address that leads to one's training, or to the form of one, filled in."""
        query = {"skills": self.row.skill.slug, "title": title}
        if self.affiliate:
            query["affiliate"] = self.affiliate.slug
        return f"{reverse('exchange:teach')}?{urlencode(query)}"

    def _post(self, kind: str, of: str, title: str) -> str:
        """Give the address of the form, filled in, for the affiliate if it is about one."""
        query = {"kind": kind, "of": of, "skills": self.row.skill.slug, "title": title}
        if self.affiliate:
            query["affiliate"] = self.affiliate.slug
        return f"{reverse('exchange:post')}?{urlencode(query)}"


def risks(rows: Iterable[BottleneckSnapshot], affiliate: Affiliate | None) -> list[Risk]:
    """Put beside each row how it stood, and whose members have room, in three queries."""
    found = list(rows)
    if not found:
        return []
    before = _before(found)
    beside = _neighbours(found, affiliate)
    return [
        Risk(row, before.get(row.skill_id), beside[row.skill_id], affiliate) for row in found
    ]


def _before(rows: list[BottleneckSnapshot]) -> dict[int, BottleneckSnapshot]:
    """Read how these skills stood in the last snapshot of the week before."""
    last = BottleneckSnapshot.objects.last_before(monday_of(rows[0].day))
    skills = [row.skill_id for row in rows]
    known = last.filter(scope=rows[0].scope, skill__in=skills)
    return {row.skill_id: row for row in known}


def _neighbours(
    rows: list[BottleneckSnapshot], own: Affiliate | None
) -> dict[int, list[Affiliate]]:
    """Find a few affiliates that have each of these skills and room, the emptiest first."""
    skills = Skill.objects.filter(pk__in=[row.skill_id for row in rows])
    keys: dict[int, list[int]] = defaultdict(list)
    others = BottleneckSnapshot.objects.exclude(scope=rows[0].scope)
    able = others.with_room(skills, rows[0].day, NEIGHBOURS)
    for skill, scope in able.order_by("use", "pk").values_list("skill", "scope"):
        keys[skill].append(int(scope.partition(":")[2]))
    wanted = {key for some in keys.values() for key in some}
    known = Affiliate.objects.in_bulk(wanted)
    found: dict[int, list[Affiliate]] = defaultdict(list)
    for skill, some in keys.items():
        found[skill] = [known[key] for key in some if key in known and known[key] != own]
    return found
