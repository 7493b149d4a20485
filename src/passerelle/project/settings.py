"""Django's settings, from the installation's configuration; nothing here is set by hand."""

from __future__ import annotations

from typing import Any

import dj_database_url

from passerelle.project.configuration import configuration
from passerelle.project.secret import secret_key

_how = configuration()

SECRET_KEY = _how.secret_key or secret_key(_how.data)
DEBUG = _how.debug
ALLOWED_HOSTS = _how.allowed_hosts or ["localhost", "127.0.0.1", "[::1]", _how.host]
ROOT_URLCONF = "passerelle.project.urls"
ASGI_APPLICATION = "passerelle.project.asgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "passerelle.apps.shell",
    "passerelle.apps.accounts",
    "passerelle.apps.capture",
    "passerelle.apps.people",
    "passerelle.apps.history",
    "passerelle.apps.scoring",
    "passerelle.apps.desk",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "passerelle.apps.desk.zone.agreement_zone",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

CSRF_FAILURE_VIEW = "passerelle.apps.shell.errors.stale_form"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "passerelle.apps.shell.context.page",
                "passerelle.apps.desk.navigation.navigation",
            ],
        },
    },
]

_database = dj_database_url.parse(_how.database, conn_max_age=600)
if _database["ENGINE"] == "django.db.backends.sqlite3":
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",  # a writer waits at its beginning, never half-way
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            "PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456"
        ),
    }
DATABASES = {"default": _database}

AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]

LANGUAGE_CODE = _how.language
LANGUAGES = [("fr", "Français"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = _how.timezone

STATIC_URL = "/static/"
HISTORY_URL = _how.history_url
