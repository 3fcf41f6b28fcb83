"""Settings: one file, read from the environment, closed where a variable is missing."""

from pathlib import Path

import django_stubs_ext
import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
NEEDED = {
    "SECRET_KEY": "a long random text that only this site knows",
    "DATABASE_URL": "where PostgreSQL is: postgres://name:password@host:5432/database",
    "REDIS_URL": "where Redis or Valkey is: redis://host:6379/0",
    "EMAIL_URL": "how mail leaves: smtp+tls://name:password@host:587",
    "ALLOWED_HOSTS": "the site's own names, with commas between them",
}
env = environ.Env()
missing = [f"  {name}: {what}" for name, what in NEEDED.items() if not env.ENVIRON.get(name)]
if missing:
    raise ImproperlyConfigured(
        "Capacity Exchange cannot start: these are missing from the environment\n"
        + "\n".join(missing)
        + "\nTo try it on this machine alone, run: make run"
    )

SECRET_KEY = env("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
# On one machine, without TLS (`make run`, tests): the cookies would never come back.
INSECURE_HTTP = env.bool("INSECURE_HTTP", default=False)
# What `make run` shows: the bar with the sample accounts, and the page of mails.
SAMPLE = env.bool("SAMPLE", default=False)
MAIL_FOLDER = env("MAIL_FOLDER", default="")
SITE_URL = env("SITE_URL", default=f"https://{ALLOWED_HOSTS[0]}")

INSTALLED_APPS = [
    "capx",
    "volunteers",
    "exchange",
    "grandtour",
    "capx.admin_with_desk.WithDesk",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "capx.collected.Collected",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.mediawiki",
    "csp",
    "django_filters",
    "django_htmx",
    "pgtrigger",
    "template_partials",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "capx.answers.SignInFirst",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "capx.answers.Courtesies",
]
ROOT_URLCONF = "capx.urls"
WSGI_APPLICATION = "capx.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "capx.chrome.chrome",
            ],
        },
    },
]

# One pool of connections in each process; no connection outlives its request.
# What the address says after `?` (sslmode and the like) goes to libpq as it is.
DATABASE = env.db("DATABASE_URL")
POOL = {"min_size": 1, "max_size": env.int("DATABASE_POOL", default=8), "timeout": 5}
DATABASES = {
    "default": {
        **DATABASE,
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        # What is asked a third time on a connection is prepared, where a cursor allows it.
        "OPTIONS": {"prepare_threshold": 2, **DATABASE.get("OPTIONS", {}), "pool": POOL},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Rate limits live in PostgreSQL, so that they hold while the broker is away.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "capx_cache",
        # Beyond so many, Django drops a third of them whatever their age: limits would be lost.
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    }
}
# Sessions know whose they are: they end with the account, and go when they are over.
SESSION_ENGINE = "volunteers.models.sessions"

AUTH_USER_MODEL = "volunteers.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"

ACCOUNT_ADAPTER = "volunteers.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    name: f"volunteers.forms.accounts.{form}"
    for name, form in {
        "login": "LoginForm",
        "signup": "SignupForm",
        "request_login_code": "RequestLoginCodeForm",
        "confirm_login_code": "ConfirmLoginCodeForm",
        "confirm_email_verification_code": "ConfirmEmailVerificationCodeForm",
        "confirm_password_reset_code": "ConfirmPasswordResetCodeForm",
        "reset_password": "ResetPasswordForm",
        "reset_password_from_key": "ResetPasswordKeyForm",
        "change_password": "ChangePasswordForm",
        "set_password": "SetPasswordForm",
        "change_email": "ChangeEmailForm",
        "add_email": "AddEmailForm",
        "reauthenticate": "ReauthenticateForm",
    }.items()
}
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*"]
ACCOUNT_SIGNUP_REDIRECT_URL = "volunteers:me"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http" if INSECURE_HTTP else "https"
# Codes, not links: on a phone a link opens another browser than the one that waits.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)
MFA_ADAPTER = "volunteers.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = MFA_PASSKEY_SIGNUP_ENABLED = True
MFA_FORMS = {"add_webauthn": "volunteers.forms.accounts.AddPasskeyForm"}
MFA_TOTP_ISSUER = "Capacity Exchange"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = INSECURE_HTTP

SOCIALACCOUNT_ADAPTER = "volunteers.adapters.SocialAccountAdapter"
# Wikimedia hands on only addresses it has confirmed, and often none.
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_EMAIL_REQUIRED = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
MEDIAWIKI_URL = env("MEDIAWIKI_URL", default="https://meta.wikimedia.org")
MEDIAWIKI_CLIENT_ID = env("MEDIAWIKI_CLIENT_ID", default="")
SOCIALACCOUNT_PROVIDERS = {
    "mediawiki": {
        "APPS": [
            {
                "name": "Wikimedia",
                "client_id": MEDIAWIKI_CLIENT_ID,
                "secret": env("MEDIAWIKI_CLIENT_SECRET", default=""),
            }
        ]
        if MEDIAWIKI_CLIENT_ID
        else [],
        "OAUTH_PKCE_ENABLED": True,
        "REST_API": f"{MEDIAWIKI_URL}/w/rest.php",
        "USERPAGE_TEMPLATE": f"{MEDIAWIKI_URL}/wiki/User:{{username}}",
        "USER_AGENT": f"CapacityExchange ({SITE_URL})",
        "VERIFIED_EMAIL": True,
    }
}

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("ar", _("Arabic")),
    ("de", _("German")),
    ("en", _("English")),
    ("es", _("Spanish")),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["capx.formats"]
TIME_ZONE = "UTC"
USE_TZ = True

FORMS_URLFIELD_ASSUME_HTTPS = True  # as Django 6 does without being told

STATIC_URL = "static/"
STATIC_ROOT = env("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))
MODULES = BASE_DIR / "node_modules"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("codex", MODULES / "@wikimedia" / "codex" / "dist"),
    ("tokens", MODULES / "@wikimedia" / "codex-design-tokens" / "dist"),
    ("htmx", MODULES / "htmx.org" / "dist"),
]
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

EMAIL_CONFIG = env.email("EMAIL_URL")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 20
# Between ten in the evening and eight in the morning, where somebody lives, mail waits.
QUIET_HOURS = env.bool("QUIET_HOURS", default=True)
DEFAULT_FROM_EMAIL = env("MAIL_FROM", default=f"Capacity Exchange <noreply@{ALLOWED_HOSTS[0]}>")

CELERY_BROKER_URL = env("REDIS_URL")
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
    # A task only says 'now': one that is lost comes again by the timetable. And a worker that
    # holds unacknowledged ones dies of a broker that goes away (Kombu 5.7).
    "ack_emulation": False,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = TIME_ZONE

# Fields look like Codex: templates/django/forms/.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        # A form that leads to Wikimedia's sign-in is sent there by a redirect.
        "form-action": [SELF, *([MEDIAWIKI_URL] if MEDIAWIKI_CLIENT_ID else [])],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not INSECURE_HTTP
SECURE_HSTS_SECONDS = 0 if INSECURE_HTTP else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not INSECURE_HTTP
SECURE_REDIRECT_EXEMPT = [r"^health/$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
}
