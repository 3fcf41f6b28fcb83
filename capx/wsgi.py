"""The web server's door."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "capx.settings")

application = get_wsgi_application()
# What is loaded now stays: the collector need not look through it again and again, which takes
# a tenth of a second each time, and some visitor waits for it.
gc.collect()
gc.freeze()
