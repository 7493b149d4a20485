"""Django's settings, from the installation's configuration; nothing here is set by hand."""

from __future__ import annotations

from typing import Any

from passerelle.project.configuration import configuration
from passerelle.project.installation import answered_hosts, database_settings, mail_settings
from passerelle.project.secret import secret_key

_how = configuration()

SECRET_KEY = _how.secret_key or secret_key(_how.data)
DEBUG = _how.debug
ALLOWED_HOSTS = answered_hosts(_how)
CSRF_TRUSTED_ORIGINS = [_how.public_url] if _how.public_url else []
PUBLIC_URL = _how.public_url
ROOT_URLCONF = "passerelle.project.urls"
ASGI_APPLICATION = "passerelle.project.asgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "passerelle.apps.running",
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

DATABASES = {"default": database_settings(_how)}

AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]

LANGUAGE_CODE = _how.language
LANGUAGES = [("fr", "Français"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = _how.timezone

# Every `{% static %}` address tells its content's version, so browsers may keep it for long.
STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "passerelle.project.static_files.VersionedFiles"},
}
WHITENOISE_USE_FINDERS = True  # there is nothing to collect
WHITENOISE_AUTOREFRESH = _how.debug
WHITENOISE_MAX_AGE = 0 if _how.debug else 86_400

DATA = _how.data
HISTORY_URL = _how.history_url
LOGGING_CONFIG = None  # project/service/logs.py sets the logs up, before Django
vars().update(mail_settings(_how))
