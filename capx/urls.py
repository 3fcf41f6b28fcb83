"""Every address of the site, app by app."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from capx import paths  # noqa: F401 -- registers <name:…>
from capx.views import (
    care,
    data,
    health,
    home,
    learnt,
    mail,
    past,
    people,
    priorities,
    sharing,
    styleguide,
    visits,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("about/", home.about, name="about"),
    path("health/", health.health, name="health"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("catalogue/<int:pk>/visit/", visits.visit, name="visit"),
    path("", include("exchange.urls")),
    path("", include("volunteers.urls")),
    path("", include("grandtour.urls")),
    path("people/<name:username>/", people.person, name="person"),
    path("affiliates/<slug:slug>/", people.affiliate, name="affiliate"),
    path("affiliates/<slug:slug>/care/", care.desk, name="care"),
    path("affiliates/<slug:slug>/care/ask/", care.invite, name="care_ask"),
    path("affiliates/<slug:slug>/care/suggest/", care.suggest, name="care_suggest"),
    path("me/sharing/<slug:slug>/", sharing.share, name="share"),
    path(
        "affiliates/<slug:slug>/priorities/",
        priorities.this_year,
        name="priorities_this_year",
    ),
    path(
        "affiliates/<slug:slug>/priorities/<int:year>/",
        priorities.priorities,
        name="priorities",
    ),
    path(
        "affiliates/<slug:slug>/priorities/<int:year>/table.csv",
        priorities.table,
        name="priorities_table",
    ),
    path(
        "affiliates/<slug:slug>/priorities/<int:year>/wikitext.txt",
        priorities.wikitext,
        name="priorities_wikitext",
    ),
    path("grand-tour/places/<int:pk>/practice/", learnt.report, name="learnt_report"),
    path("grand-tour/places/<int:pk>/offer/<slug:slug>/", learnt.offer, name="learnt_offer"),
    path(
        "grand-tour/applications/<int:pk>/practice/",
        learnt.application,
        name="learnt_application",
    ),
    path("grand-tour/<slug:slug>/money/practice/", learnt.money, name="learnt_money"),
    path("me/bandwidth/past/", past.past, name="past"),
    path("me/data/", data.data, name="data"),
    path("me/forget/", data.forget, name="forget"),
    path("me/forgotten/", data.forgotten, name="forgotten"),
    path("sample/mail/", mail.mails, name="mails"),
    path("sample/mail/<str:key>/", mail.mail, name="mail"),
    path("accounts/", include("allauth.urls")),
    path("i18n/setlang/", login_not_required(set_language), name="set_language"),
    path("admin/", admin.site.urls),
]
