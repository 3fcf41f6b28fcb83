"""The form with which an organiser begins a plan: how long, which seed, which locks."""

from collections.abc import Collection, Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from capx.names import country_name
from grandtour.models import Application, Edition, Host, Plan
from grandtour.planning.problem import Locks, Pin
from grandtour.plans.reading import in_line
from grandtour.plans.running import Wish, locks_of

PARTIES = 2
PAIRS = 3


class People(forms.ModelMultipleChoiceField[Application]):
    """Some of those who are in line, by name and country."""

    def label_from_instance(self, obj: Application) -> str:
        """Call somebody by name and country."""
        return f"{obj.person} ({country_name(obj.country)})"


class Hosts(forms.ModelMultipleChoiceField[Host]):
    """Some of the hosts, by name."""

    def label_from_instance(self, obj: Host) -> str:
        """Call a host by its affiliate."""
        return str(obj.affiliate)


class OnePerson(forms.ModelChoiceField[Application]):
    """One of those who are in line, by name and country."""

    label_from_instance = People.label_from_instance


class OneHost(forms.ModelChoiceField[Host]):
    """One of the hosts, by name."""

    label_from_instance = Hosts.label_from_instance


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
        people = in_line(edition).exclude(pk__in=left).select_related("person")
        hosts = edition.hosts.filter(state=Host.State.ACCEPTED).exclude(pk__in=own)
        hosts = hosts.select_related("affiliate")
        people, hosts = people.order_by("country", "pk"), hosts.order_by("affiliate__name")
        rows: dict[Any, Any] = {People: people, Hosts: hosts}
        shown = {kind: _choices(kind, some) for kind, some in rows.items()}
        for name, label in self._labels().items():
            kind: Any = Hosts if name.startswith("hosts") else People
            self.fields[name] = kind(rows[kind], label=label, required=False)
            self._show(name, shown[kind])
        for number in range(PAIRS):
            for side, one, of, label in (
                ("who", OnePerson, People, _("This traveller")),
                ("host", OneHost, Hosts, _("with this host")),
            ):
                name, field = (
                    f"pair_{number}_{side}",
                    one(rows[of], label=label, required=False),
                )
                self.fields[name] = field
                self._show(name, [("", str(field.empty_label)), *shown[of]])
            if (  # others decide it
                self.initial.get(f"pair_{number}_who") in left
                or self.initial.get(f"pair_{number}_host") in own
            ):
                del self.initial[f"pair_{number}_who"], self.initial[f"pair_{number}_host"]

    def _show(self, name: str, choices: list[tuple[Any, str]]) -> None:
        """Offer in a field what was read once for all of them."""
        field: Any = self.fields[name]
        field.choices = choices

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
