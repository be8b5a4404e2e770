"""Settings: everything that differs between installations comes from the environment."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

PACKAGE = Path(__file__).resolve().parent.parent


def database_of(url: str) -> dict[str, object]:
    """Turn `postgresql://user:password@host:port/name?host=/socket` into Django's form."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "mutakhir",
        "USER": unquote(parts.username or query.pop("user", "")),
        "PASSWORD": unquote(parts.password or query.pop("password", "")),
        "HOST": query.pop("host", None) or parts.hostname or "",
        "PORT": query.pop("port", None) or str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": "10", **query},
    }


DATABASE_URL = os.environ.get("DATABASE_URL", "postgresql://mutakhir@/mutakhir")
DATABASES = {"default": database_of(DATABASE_URL)}

DEBUG = False
SECRET_KEY = os.environ.get("MUTAKHIR_SECRET") or secrets.token_urlsafe(48)
ALLOWED_HOSTS = os.environ.get("MUTAKHIR_HOSTS", "127.0.0.1,localhost,testserver").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("MUTAKHIR_ORIGINS", "").split(",") if origin]
DATA = Path(os.environ.get("MUTAKHIR_DATA") or Path.home() / ".mutakhir")
TRAINING = os.environ.get("MUTAKHIR_TRAINING", "1") == "1"
"""A training node takes NIKs with the unassigned province prefix 99; a node for real data refuses them."""
SECOND_FACTOR_REQUIRED = os.environ.get("MUTAKHIR_SECOND_FACTOR", "required") == "required"
"""Whether the roles that parameters/sign_in.toml names must have a second factor; a demonstration leaves it open."""
PROXIES = frozenset(filter(None, os.environ.get("MUTAKHIR_PROXIES", "").split(",")))
"""Addresses of proxies of our own, which say in X-Forwarded-For who asks."""

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django_cotton",
    "django_htmx",
    "procrastinate.contrib.django",
    "mutakhir.store",
    "mutakhir.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "mutakhir.web.turnstile.TurnstileMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "mutakhir.web.middleware.EdgeMiddleware",
]
COTTON_ISOLATE_BY_DEFAULT = True
ROOT_URLCONF = "mutakhir.site.urls"
WSGI_APPLICATION = "mutakhir.site.wsgi.application"
AUTH_USER_MODEL = "store.Account"
AUTHENTICATION_BACKENDS = ["mutakhir.web.sessions.Accounts"]
LOGIN_URL = "/masuk"
LOGIN_REDIRECT_URL = "/"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_ENGINE = "mutakhir.web.session_store"
SESSION_COOKIE_AGE = 24 * 60 * 60
"""The longest that a session can be; parameters/sign_in.toml ends it sooner."""
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "mutakhir.web.problems.token_missing"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "web" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Jakarta"

STATIC_URL = "/static/"
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+\.[0-9a-f]{12}\..+$"
"""Compiled files carry twelve signs of their digest in their names: browsers may keep them for ever."""

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "mutakhir.web.shell.shell",
            ],
            "builtins": ["django.templatetags.i18n"],
        },
    }
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
