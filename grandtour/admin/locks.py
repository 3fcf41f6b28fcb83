"""The form with which an organiser begins a plan: how long, which seed, which locks."""

from collections.abc import Collection, Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import JsonResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from capx.desk import LONGEST_KEY
from capx.names import country_name
from grandtour.admin.finding import Found, FoundOne, answer
from grandtour.models import Application, Edition, Host, Plan
from grandtour.planning.problem import Locks, Pin
from grandtour.plans.reading import first_day, in_line
from grandtour.plans.running import Wish, locks_of

PARTIES = 2
PAIRS = 3
LONGEST_TERM = 80


def _person(row: Application) -> str:
    """Call somebody by name and country."""
    return f"{row.person} ({country_name(row.country)})"


def _host(row: Host) -> str:
    """Call a host by its affiliate."""
    return str(row.affiliate)


class People(forms.ModelMultipleChoiceField[Application]):
    """Some of those who are in line, by name and country."""

    def label_from_instance(self, obj: Application) -> str:
        """Call somebody by name and country."""
        return _person(obj)


class Hosts(forms.ModelMultipleChoiceField[Host]):
    """Some of the hosts, by name."""

    def label_from_instance(self, obj: Host) -> str:
        """Call a host by its affiliate."""
        return _host(obj)


class OnePerson(forms.ModelChoiceField[Application]):
    """One of those who are in line, by name and country."""

    label_from_instance = People.label_from_instance


class OneHost(forms.ModelChoiceField[Host]):
    """One of the hosts, by name."""

    label_from_instance = Hosts.label_from_instance


FINDS = {People: "people", Hosts: "hosts"}


def people_of(edition: Edition, left: Collection[int]) -> QuerySet[Application]:
    """Give who is in line, but for those who are left to others."""
    first = first_day(edition, timezone.localdate())
    rows = in_line(edition, first).exclude(pk__in=left).select_related("person")
    return rows.order_by("person__folded", "pk")


def hosts_of(edition: Edition, own: Collection[int]) -> QuerySet[Host]:
    """Give the hosts that take part, but for those of one's own affiliates."""
    rows = edition.hosts.filter(state=Host.State.ACCEPTED).exclude(pk__in=own)
    return rows.select_related("affiliate").order_by("affiliate__name", "pk")


def find(
    edition: Edition, left: Collection[int], own: Collection[int], asked: QueryDict
) -> JsonResponse:
    """Answer which people or hosts fit what was typed: names, countries, numbers, codes."""
    rows: Iterable[tuple[int, str, str]] = []
    if asked.get("find") == FINDS[People]:
        rows = (
            (row.pk, _person(row), f"{row.pk} {row.code}") for row in people_of(edition, left)
        )
    elif asked.get("find") == FINDS[Hosts]:
        rows = (
            (row.pk, _host(row), str(row.place))
            for row in hosts_of(edition, own).select_related("place")
        )
    return answer(rows, asked.get("term", "")[:LONGEST_TERM], asked.get("page", ""))


class WishForm(forms.Form):
    """What an organiser asks of a plan."""

    seconds = forms.IntegerField(
        label=gettext_lazy("Seconds at most"),
        min_value=5,
        max_value=600,
        initial=60,
        help_text=gettext_lazy("Most plans are proven sooner."),
    )
    seed = forms.IntegerField(
        label=gettext_lazy("Seed"),
        min_value=1,
        max_value=2**31 - 1,
        initial=1,
        help_text=gettext_lazy("Decides ties; the same seed gives the same plan again."),
    )

    def __init__(
        self,
        *args: Any,
        edition: Edition,
        left: Collection[int] = (),
        own: Collection[int] = (),
        **kwargs: Any,
    ) -> None:
        """Offer those of one edition, but for whom the organiser leaves to others.

        `left` are applications, `own` hosts of affiliates that they belong to.
        """
        super().__init__(*args, **kwargs)
        self.left = {f"a{pk}" for pk in left} | {f"h{pk}" for pk in own}
        self.rows: dict[Any, Any] = {
            People: people_of(edition, left),
            Hosts: hosts_of(edition, own),
        }
        here = reverse("admin:grandtour_plan_of", args=[edition.pk])
        for name, label in self._labels().items():
            kind: Any = Hosts if name.startswith("hosts") else People
            widget = Found(f"{here}?find={FINDS[kind]}")
            self.fields[name] = kind(
                self.rows[kind], label=label, required=False, widget=widget
            )
        for number in range(PAIRS):
            for side, one, of, label in (
                ("who", OnePerson, People, _("This traveller")),
                ("host", OneHost, Hosts, _("with this host")),
            ):
                self.fields[f"pair_{number}_{side}"] = one(
                    self.rows[of],
                    label=label,
                    required=False,
                    widget=FoundOne(f"{here}?find={FINDS[of]}"),
                )
            if (  # others decide it
                self.initial.get(f"pair_{number}_who") in left
                or self.initial.get(f"pair_{number}_host") in own
            ):
                del self.initial[f"pair_{number}_who"], self.initial[f"pair_{number}_host"]
        self._show_chosen()

    def _show_chosen(self) -> None:
        """Write into the page only what is chosen in some field, read once for all of them."""
        for many, one in ((People, OnePerson), (Hosts, OneHost)):
            names = [name for name, of in self.fields.items() if isinstance(of, (many, one))]
            keys = {key for name in names for key in self._keys(name)}
            shown = _choices(many, self.rows[many].filter(pk__in=keys)) if keys else []
            for name in names:
                field: Any = self.fields[name]
                field.choices = shown if isinstance(field, many) else [("", ""), *shown]

    def _keys(self, name: str) -> set[int]:
        """Give the keys that stand in a field, sent or begun with."""
        value = self[name].value() or []
        said = value if isinstance(value, list | tuple) else [value]
        return {
            int(key) for key in map(str, said) if key.isdecimal() and len(key) < LONGEST_KEY
        }

    def _labels(self) -> dict[str, str]:
        """Name the locks."""
        return {
            "travel": _("Must travel"),
            "stay_home": _("Do not travel this time"),
            "hosts_visited": _("Hosts that must be visited"),
            "hosts_left_out": _("Hosts that are left out"),
            **{f"together_{n}": _("In one group") for n in range(PARTIES)},
            **{f"apart_{n}": _("In different groups") for n in range(PARTIES)},
        }

    def clean(self) -> dict[str, Any]:
        """Refuse what contradicts itself at first sight."""
        said = super().clean() or self.cleaned_data
        for one, other in (("travel", "stay_home"), ("hosts_visited", "hosts_left_out")):
            if set(said.get(one) or ()) & set(said.get(other) or ()):
                self.add_error(other, _("Somebody stands in both lists."))
        for number in range(PAIRS):
            who, host = (f"pair_{number}_{side}" for side in ("who", "host"))
            if bool(said.get(who)) != bool(said.get(host)):
                self.add_error(host, _("Choose the traveller and the host, or neither."))
        return said

    def locks(self, before: Locks) -> Locks:
        """Give the locks that were chosen; of those left to others they stay as they were."""
        said = self.cleaned_data
        return Locks(
            keep=(
                *_people(said["travel"]),
                *_hosts(said["hosts_visited"]),
                *self._pairs(),
                *self._of_others(before.keep),
            ),
            exclude=(
                *_people(said["stay_home"]),
                *_hosts(said["hosts_left_out"]),
                *self._of_others(before.exclude),
            ),
            together=(*self._parties("together"), *self._with_others(before.together)),
            apart=(*self._parties("apart"), *self._with_others(before.apart)),
        )

    def _pairs(self) -> tuple[Pin, ...]:
        """Give the travellers who are to visit a certain host."""
        said = self.cleaned_data
        chosen = [(said[f"pair_{n}_who"], said[f"pair_{n}_host"]) for n in range(PAIRS)]
        pins = [Pin(f"a{who.pk}", f"h{host.pk}") for who, host in chosen if who and host]
        return tuple(dict.fromkeys(pins))

    def _of_others(self, pins: Iterable[Pin]) -> list[Pin]:
        """Keep the locks about who is left to others."""
        return [pin for pin in pins if {pin.traveller, pin.stay} & self.left]

    def _with_others(self, parties: Iterable[frozenset[str]]) -> list[frozenset[str]]:
        """Keep the groups in which somebody is left to others."""
        return [party for party in parties if party & self.left]

    def _parties(self, name: str) -> tuple[frozenset[str], ...]:
        """Give the groups of two or more that were chosen."""
        chosen = [self.cleaned_data[f"{name}_{n}"] for n in range(PARTIES)]
        keys = [frozenset(f"a{row.pk}" for row in rows) for rows in chosen]
        return tuple(party for party in keys if len(party) > 1)

    def wish(self, based_on: Plan | None) -> Wish:
        """Give all that is asked."""
        said = self.cleaned_data
        before = locks_of(based_on)
        return Wish(said["seconds"], said["seed"], self.locks(before), based_on)


def _choices(kind: Any, rows: Iterable[Any]) -> list[tuple[Any, str]]:
    """Read some rows, each with its label."""
    return [(row.pk, kind.label_from_instance(None, row)) for row in rows]


def _people(rows: Iterable[Application]) -> list[Pin]:
    return [Pin(traveller=f"a{row.pk}") for row in rows]


def _hosts(rows: Iterable[Host]) -> list[Pin]:
    return [Pin(stay=f"h{row.pk}") for row in rows]


def _both(locks: Locks) -> list[Pin]:
    """Give the locks of a traveller with a host."""
    return [pin for pin in locks.keep if pin.traveller and pin.stay][:PAIRS]


def as_before(plan: Plan) -> dict[str, Any]:
    """Fill the form in with the locks of an earlier plan."""
    locks = locks_of(plan)
    pins = {"travel": locks.keep, "stay_home": locks.exclude}
    hosts = {"hosts_visited": locks.keep, "hosts_left_out": locks.exclude}
    return {
        "seconds": plan.seconds,
        "seed": plan.seed,
        **{
            name: [int(pin.traveller[1:]) for pin in of if pin.traveller and not pin.stay]
            for name, of in pins.items()
        },
        **{
            f"pair_{n}_{side}": int(key[1:])
            for n, pin in enumerate(_both(locks))
            for side, key in (("who", pin.traveller), ("host", pin.stay))
        },
        **{
            name: [int(pin.stay[1:]) for pin in of if pin.stay and not pin.traveller]
            for name, of in hosts.items()
        },
        **{
            f"{name}_{n}": [int(key[1:]) for key in party]
            for name, parties in (("together", locks.together), ("apart", locks.apart))
            for n, party in enumerate(parties[:PARTIES])
        },
    }
