"""The addresses of the Grand Tour."""

from django.urls import path

from grandtour.views import (
    afterwards,
    applications,
    editions,
    evaluation,
    expectations,
    hosts,
    journeys,
    looking_back,
    reviews,
)

app_name = "grandtour"
urlpatterns = [
    path("grand-tour/", editions.editions, name="editions"),
    path("grand-tour/hosts/<int:pk>/", hosts.host, name="host"),
    path("grand-tour/hosts/<int:pk>/edit/", hosts.edit, name="edit_host"),
    path("grand-tour/hosts/<int:pk>/withdraw/", hosts.withdraw, name="withdraw_host"),
    path("grand-tour/hosts/<int:pk>/take-up/", hosts.take_up, name="take_up_host"),
    path("grand-tour/applications/<int:pk>/", applications.application, name="application"),
    path("grand-tour/applications/<int:pk>/edit/", applications.edit, name="edit_application"),
    path(
        "grand-tour/applications/<int:pk>/autosave/",
        applications.autosave,
        name="autosave_application",
    ),
    path(
        "grand-tour/applications/<int:pk>/withdraw/",
        applications.withdraw,
        name="withdraw_application",
    ),
    path(
        "grand-tour/applications/<int:pk>/take-up/",
        applications.take_up,
        name="take_up_application",
    ),
    path(
        "grand-tour/applications/<int:pk>/discard/",
        applications.discard,
        name="discard_application",
    ),
    path("grand-tour/reading/<int:pk>/", reviews.read, name="read"),
    path("grand-tour/reading/<int:pk>/autosave/", reviews.autosave, name="autosave_review"),
    path("grand-tour/reading/<int:pk>/reopen/", reviews.reopen, name="reopen_review"),
    path("grand-tour/reading/<int:pk>/others/", reviews.read_others, name="read_others"),
    path("grand-tour/reading/<int:pk>/abstain/", reviews.abstain, name="abstain"),
    path("grand-tour/reading/<int:pk>/conflict/", reviews.declare, name="declare_conflict"),
    path("grand-tour/<slug:slug>/review/", reviews.queue, name="review"),
    path("grand-tour/<slug:slug>/review/answer/", reviews.answer, name="answer_review"),
    path("grand-tour/<slug:slug>/review/stop/", reviews.stop, name="stop_review"),
    path("grand-tour/<slug:slug>/review/export/", reviews.export, name="export_review"),
    path("grand-tour/journeys/<int:pk>/", journeys.journey, name="journey"),
    path("grand-tour/journeys/<int:pk>/accept/", journeys.accept, name="accept_seat"),
    path("grand-tour/journeys/<int:pk>/refuse/", journeys.refuse, name="refuse_seat"),
    path("grand-tour/journeys/<int:pk>/dates.ics", journeys.dates, name="journey_dates"),
    path("grand-tour/stops/<int:pk>/welcome/", journeys.welcome, name="welcome"),
    path("grand-tour/stops/<int:pk>/refuse/", journeys.refuse_stop, name="refuse_stop"),
    path(
        "grand-tour/places/<int:pk>/stops/<int:stop>/",
        expectations.expectation,
        name="expectation",
    ),
    path(
        "grand-tour/places/<int:pk>/stops/<int:stop>/write/",
        expectations.write,
        name="write_expectation",
    ),
    path(
        "grand-tour/places/<int:pk>/stops/<int:stop>/confirm/",
        expectations.confirm,
        name="confirm_expectation",
    ),
    path("grand-tour/checklist/<int:pk>/", afterwards.tick, name="tick"),
    path("grand-tour/stops/<int:pk>/note/", afterwards.write_note, name="write_note"),
    path("grand-tour/places/<int:pk>/report/", afterwards.report, name="report"),
    path("grand-tour/places/<int:pk>/report/share/", afterwards.share, name="share"),
    path("grand-tour/shared/<int:pk>/take-back/", afterwards.unshare, name="unshare"),
    path("grand-tour/look-back/<str:token>/", looking_back.look_back, name="look_back"),
    path("grand-tour/<slug:slug>/evaluation/", evaluation.evaluation, name="evaluation"),
    path(
        "grand-tour/<slug:slug>/evaluation.wiki.txt",
        evaluation.wikitext,
        name="evaluation_wikitext",
    ),
    path("grand-tour/<slug:slug>/", editions.edition, name="edition"),
    path("grand-tour/<slug:slug>/apply/", applications.apply, name="apply"),
    path("grand-tour/<slug:slug>/offer-to-host/", hosts.begin, name="offer_to_host"),
]
