"""Who reads: asking people, giving applications out, and how far everybody is."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from capx.states import IllegalMove
from grandtour.actions import assignments, reviewers
from grandtour.admin.review.screens import Screen, key_of
from grandtour.models import Reviewer
from grandtour.reports.overview import loads
from volunteers import gate
from volunteers.models import Person


class AskForm(forms.Form):
    """Whom to ask, and for what."""

    username = forms.CharField(label=gettext_lazy("Username"), max_length=255)
    reads = forms.BooleanField(
        label=gettext_lazy("Reads and scores"), required=False, initial=True
    )
    decides = forms.BooleanField(
        label=gettext_lazy("Decides"),
        required=False,
        help_text=gettext_lazy(
            "Deciding happens at the desk: they need to be able to enter it."
        ),
    )
    most = forms.IntegerField(
        label=gettext_lazy("Applications at most"),
        required=False,
        min_value=1,
        max_value=1000,
    )
    why = forms.CharField(
        label=gettext_lazy("Why them"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("They read this. Needed where somebody has little room."),
        widget=forms.Textarea({"rows": 2, "dir": "auto"}),
    )

    def clean_username(self) -> str:
        """Find somebody by what they are called here."""
        said = str(self.cleaned_data["username"]).replace("\0", "").strip()
        self.person = Person.objects.here().filter(username__iexact=said).first()
        if self.person is None:
            raise forms.ValidationError(_("Nobody here is called so."))
        return said

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two."""
        cleaned = super().clean() or self.cleaned_data
        if not (cleaned.get("reads") or cleaned.get("decides")):
            self.add_error("reads", _("Say whether they read, decide or both."))
        return cleaned

    def rights(self) -> reviewers.Rights:
        """Give what they are asked for."""
        said = self.cleaned_data
        return reviewers.Rights(said["reads"], said["decides"], said["most"], said["why"])


class GiveOutForm(forms.Form):
    """How many are to read each application."""

    wanted = forms.IntegerField(
        label=gettext_lazy("Reviewers for each application"),
        min_value=1,
        max_value=10,
        initial=3,
    )


def readers(screen: Screen) -> HttpResponse:
    """Show who reads and how far they are; ask somebody, or give applications out."""
    data = screen.request.POST if screen.request.method == "POST" else None
    press = data.get("do", "") if data else ""
    ask_form = AskForm(data if press == "ask" else None, prefix="ask")
    give_form = GiveOutForm(data if press == "give" else None, prefix="give")
    if press:
        screen.must(screen.assigns)
    done = (
        (press == "ask" and ask_form.is_valid() and _ask(screen, ask_form))
        or (press == "give" and give_form.is_valid() and _give_out(screen, give_form))
        or (press == "stop" and _stop(screen))
    )
    if done:
        return redirect(screen.to("readers"))
    rows = loads(screen.edition)
    context = {
        "rows": rows,
        "ask_form": ask_form,
        "give_form": give_form,
        "states": Reviewer.State,
        "stoppable": (Reviewer.State.ASKED, Reviewer.State.READING),
        "number": screen.edition.applications.filter(state="in_review").count(),
        # The mean of who has read one is what they gave it.
        "hides_means": screen.viewer.blind or bool(screen.viewer.closed),
    }
    title = _("Reviewers of %(edition)s") % {"edition": screen.edition}
    return screen.show("readers", title, **context)


REFUSALS = {
    reviewers.AskedAlready: ("username", gettext_lazy("This person has been asked already.")),
    reviewers.Applies: (
        "username",
        gettext_lazy("They would like to travel in this edition: let others read."),
    ),
    reviewers.HasSeenNames: (
        "username",
        gettext_lazy(
            "They see whose applications these are: ask them before the first one is sent."
        ),
    ),
    gate.TooManyChecks: (
        "username",
        gettext_lazy("You have asked very often. Try again later."),
    ),
    gate.Tight: ("why", gettext_lazy("They have little room: say why it has to be them.")),
    gate.Hidden: (
        "username",
        gettext_lazy(
            "An organiser has hidden you, so you cannot ask anybody now; the mail about it "
            "says how to answer."
        ),
    ),
    gate.NotTakingRequests: (
        "username",
        gettext_lazy("They are not taking requests at the moment."),
    ),
}


def _ask(screen: Screen, form: AskForm) -> bool:
    """Ask somebody to read; or say beside the form why that cannot be."""
    person = form.person
    if person is None:
        return False
    try:
        if person != screen.user:
            gate.note_check(person, asker=screen.user, now=screen.now)
        reviewers.ask(screen.edition, person, form.rights(), screen.user, at=screen.now)
    except tuple(REFUSALS) as refused:
        field, words = next(said for of, said in REFUSALS.items() if isinstance(refused, of))
        form.add_error(field, words)
        return False
    screen.log(f"asked to read: {person.username}")
    messages.success(screen.request, _("Asked. They answer yes or no."))
    return True


def _give_out(screen: Screen, form: GiveOutForm) -> bool:
    """Give applications out as evenly as can be."""
    wanted = form.cleaned_data["wanted"]
    done = assignments.give_out(screen.edition, wanted, screen.user, at=screen.now)
    screen.log(f"given out: {done.given}")
    if done.given:
        words = ngettext(
            "%(number)s reading given out; each reviewer has a mail.",
            "%(number)s readings given out; each reviewer has a mail.",
            done.given,
        )
        messages.success(screen.request, words % {"number": done.given})
    elif not done.missing:
        messages.info(screen.request, _("Everything is given out already. Nobody got a mail."))
    if done.missing:
        words = ngettext(
            "%(number)s reader is missing: ask more people, or raise somebody's limit.",
            "%(number)s readers are missing: ask more people, or raise somebody's limit.",
            done.missing,
        )
        messages.warning(screen.request, words % {"number": done.missing})
    return True


def _stop(screen: Screen) -> bool:
    """Let somebody read no more."""
    key = key_of(screen.request.POST.get("of", ""))
    reviewer = get_object_or_404(screen.edition.reviewers.select_related("person"), pk=key)
    try:
        if reviewer.state == Reviewer.State.ASKED:
            reviewers.take_back(reviewer, at=screen.now)
        else:
            reviewers.stop(reviewer, screen.user, at=screen.now)
    except IllegalMove:
        messages.warning(screen.request, _("It has changed meanwhile: nothing was done."))
    else:
        screen.log(f"reads no more: {reviewer.person.username}")
        messages.success(screen.request, _("Done. What they have not read is free for others."))
    return True
