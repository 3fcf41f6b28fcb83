"""The addresses of people, affiliates, skills and notices."""

from django.urls import path

from capx import paths  # noqa: F401 -- registers <name:…>
from volunteers.views import (
    affiliates,
    check_ins,
    me,
    notices,
    people,
    rest,
    sharing,
    skills,
    suggest,
)

app_name = "volunteers"
urlpatterns = [
    path("people/", people.people, name="people"),
    path("people/<name:username>/block/", people.block, name="block"),
    path("me/", me.me, name="me"),
    path("me/account/", me.account, name="account"),
    path("me/blocked/", people.blocked, name="blocked"),
    path("me/blocked/<int:pk>/unblock/", people.unblock, name="unblock"),
    path("me/check-ins/", check_ins.check_ins, name="check_ins"),
    path("me/check-ins/rhythm/", check_ins.rhythm, name="rhythm"),
    path("me/check-ins/delete/", check_ins.delete_check_ins, name="delete_check_ins"),
    path("check-in/<str:token>/", check_ins.check_in, name="check_in"),
    path("check-in/<str:token>/more/", check_ins.more, name="check_in_more"),
    path("me/notices/", notices.preferences, name="preferences"),
    path("me/looked/", rest.looked, name="looked"),
    path("me/rest/", rest.rest, name="rest"),
    path("me/rest/hours/", rest.hours, name="hours"),
    path("me/rest/now/", rest.rest_now, name="rest_now"),
    path("me/rest/end/", rest.come_back, name="come_back"),
    path("me/rest/<int:pk>/forget/", rest.forget_rest, name="forget_rest"),
    path("me/sharing/", sharing.sharing, name="sharing"),
    path("me/looked/stewards/", sharing.looked, name="stewards_looked"),
    path("me/sharing/<slug:slug>/stop/", sharing.stop, name="stop_sharing"),
    path("me/profile/<slug:section>/", me.me, name="section"),
    path("affiliates/", affiliates.affiliates, name="affiliates"),
    path("affiliates/<slug:slug>/join/", affiliates.join, name="join"),
    path("affiliates/<slug:slug>/leave/", affiliates.leave, name="leave"),
    path("affiliates/<slug:slug>/edit/", affiliates.edit, name="affiliate_edit"),
    path("affiliates/<slug:slug>/people/", affiliates.people, name="affiliate_people"),
    path("affiliates/<slug:slug>/people/<int:pk>/confirm/", affiliates.confirm, name="confirm"),
    path("affiliates/<slug:slug>/people/<int:pk>/decline/", affiliates.decline, name="decline"),
    path("affiliates/<slug:slug>/people/<int:pk>/role/", affiliates.set_role, name="set_role"),
    path("skills/", skills.skills, name="skills"),
    path("skills/suggest/", suggest.suggest_skills, name="suggest_skills"),
    path("skills/<slug:slug>/", skills.skill, name="skill"),
    path("places/suggest/", suggest.suggest_places, name="suggest_places"),
    path("suggest/<str:kind>/", suggest.suggest_codes, name="suggest_codes"),
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.read_all, name="read_all"),
    path("notices/<int:pk>/open/", notices.open_notice, name="open_notice"),
    path("notices/unsubscribe/<name:token>/", notices.unsubscribe, name="unsubscribe"),
]
