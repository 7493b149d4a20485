"""Django's settings, from the installation's configuration; nothing here is set by hand."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from passerelle.project.configuration import configuration
from passerelle.project.installation import answered_hosts, database_settings, mail_settings
from passerelle.project.secret import secret_key

_how = configuration()

SECRET_KEY = _how.secret_key or secret_key(_how.data)
DEBUG = _how.debug
ALLOWED_HOSTS = answered_hosts(_how)
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
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "passerelle.apps.accounts.headers.HeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "passerelle.apps.accounts.middleware.OwnLanguageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "passerelle.apps.desk.zone.agreement_zone",
    "django.contrib.messages.middleware.MessageMiddleware",
    "passerelle.apps.accounts.middleware.SecondFactorMiddleware",
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
WHITENOISE_MAX_AGE = 0 if _how.debug else 3_600  # modules name each other without a version

DATA = _how.data
HISTORY_URL = _how.history_url
CAPTURE_PUBLIC_URL = _how.collector_url or _how.public_url
CAPTURE_IP_ADDRESSES = _how.ip_addresses
CAPTURE_EVENTS_PER_SECOND = _how.events_per_second
CAPTURE_EVENT_BYTES = _how.event_kilobytes * 1024
LOGGING_CONFIG = None  # project/service/logs.py sets the logs up, before Django
vars().update(mail_settings(_how))

# --- Signing in and security: apps/accounts ---------------------------------------------------
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",  # by address, whatever its case
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "passerelle.apps.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if _how.verify_email else "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # a stranger's address gets no mail from us
ACCOUNT_EMAIL_NOTIFICATIONS = True  # "your password was changed"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = None  # asked on the form; else the browser's end ends the session
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if _how.https else "http"
MFA_ADAPTER = "passerelle.apps.accounts.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Passerelle"
MFA_TOTP_TOLERANCE = 1  # a telephone's clock may be half a minute off
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody signs up, so no address is claimed by a stranger
TWO_FACTORS = _how.two_factors

SOCIALACCOUNT_ADAPTER = "passerelle.apps.accounts.adapters.SingleSignOnAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True  # by an address that the provider says is verified
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SINGLE_SIGN_ON_URL = _how.single_sign_on_url
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {"openid_connect": {"OAUTH_PKCE_ENABLED": True}}
if SINGLE_SIGN_ON_URL:
    SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"] = [
        {
            "provider_id": "company",
            "name": _how.single_sign_on_name or "OpenID Connect",
            "client_id": _how.single_sign_on_id,
            "secret": _how.single_sign_on_secret,
            "settings": {"server_url": SINGLE_SIGN_ON_URL},
        }
    ]

# Attempts to sign in are counted here, by all processes together; few and small.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_cache",
    }
}

SESSION_COOKIE_AGE = _how.session_days * 86_400
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _how.https
if _how.https:  # no other host of the domain can then set them
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    # Without a proxy that is believed, every request would seem plain and be sent round in circles.
    SECURE_SSL_REDIRECT = bool(_how.trusted_proxies)
SECURE_HSTS_SECONDS = _how.hsts_days * 86_400 if _how.https else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
TRUSTED_PROXIES = _how.trusted_proxies
if _how.public_url:
    CSRF_TRUSTED_ORIGINS = ["{0.scheme}://{0.netloc}".format(urlsplit(_how.public_url))]
PUBLIC_URL = _how.public_url.rstrip("/")

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000  # a form; files are streamed to disk
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 5
UPLOAD_MAX_BYTES = _how.upload_megabytes * 1_000_000  # a whole request; project/asgi.py
# Privacy: apps/people/privacy*.py
RETENTION_DAYS = _how.retention_days
ANONYMOUS_DAYS = _how.anonymous_days
CONSENT_NEEDED = {
    "everywhere": {"email", "phone", "sms", "post"},
    "electronic": {"email", "sms"},  # as the law on electronic mail asks in the Union
    "nowhere": set[str](),
}[_how.consent_needed]
# --- end of signing in and security -----------------------------------------------------------
