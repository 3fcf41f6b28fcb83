"""The Celery application, its timetable, and the one way a page wakes it."""

import logging
import os
from typing import Any

from celery import Celery, Task
from celery.schedules import crontab
from django.db import transaction
from kombu.exceptions import OperationalError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "capx.settings")

logger = logging.getLogger(__name__)

app = Celery("capx")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
TIMETABLE: dict[str, dict[str, Any]] = {
    "send-notices": {"task": "volunteers.tasks.send_notices", "schedule": 15.0},
    "remind": {"task": "exchange.tasks.remind", "schedule": 600.0},
    "accompany-journeys": {
        "task": "grandtour.tasks.accompany",
        "schedule": crontab(minute="20"),
    },
    "ask-check-ins": {"task": "volunteers.tasks.ask_check_ins", "schedule": 600.0},
    "look-for-those-who-wait": {
        "task": "exchange.tasks.look_for_those_who_wait",
        "schedule": 600.0,
    },
    "settle-room": {"task": "exchange.tasks.settle_room", "schedule": 60.0},
    "freshen-search": {"task": "exchange.tasks.freshen_search", "schedule": 900.0},
    "go-on-with-imports": {"task": "volunteers.tasks.go_on_with_imports", "schedule": 60.0},
    "forget-imports": {
        "task": "volunteers.tasks.forget_imports",
        "schedule": crontab(hour="3", minute="50"),
    },
    "remind-of-weeks": {
        "task": "volunteers.tasks.remind_of_weeks",
        "schedule": crontab(hour="4", minute="20"),
    },
    "forget-what-is-over": {
        "task": "volunteers.tasks.forget_what_is_over",
        "schedule": crontab(hour="3", minute="30"),
    },
    "forget-checks": {
        "task": "volunteers.tasks.forget_checks",
        "schedule": crontab(hour="3", minute="40"),
    },
    "count-bottlenecks": {
        "task": "volunteers.tasks.count_bottlenecks",
        "schedule": crontab(hour="2", minute="20"),
    },
    "remind-of-the-tour": {"task": "grandtour.tasks.remind", "schedule": 3600.0},
    "find-conflicts": {"task": "grandtour.tasks.find_conflicts", "schedule": 600.0},
    "purge-needs": {
        "task": "grandtour.tasks.purge_needs",
        "schedule": crontab(hour="3", minute="30"),
    },
    "look-after-weeks": {
        "task": "grandtour.tasks.look_after_weeks",
        "schedule": crontab(hour="3", minute="20"),
    },
    "run-plans": {"task": "grandtour.tasks.run_plans", "schedule": 60.0},
    "follow-up-offers": {"task": "grandtour.tasks.follow_up_offers", "schedule": 600.0},
    "check-search": {
        "task": "exchange.tasks.check_search",
        "schedule": crontab(hour="3", minute="10"),
    },
}
for entry in TIMETABLE.values():
    if isinstance(entry["schedule"], float):
        # What nobody has taken up by then is said anew: it must not pile up.
        entry["options"] = {"expires": entry["schedule"]}
app.conf.beat_schedule = TIMETABLE


def nudge(task: "Task[Any, Any]") -> None:
    """Run a task after the commit; without a broker the timetable finds the work later."""

    def send() -> None:
        try:
            task.apply_async(retry=False)
        except OperationalError:
            logger.warning("The broker is away; %s waits for the timetable.", task.name)

    transaction.on_commit(send)
