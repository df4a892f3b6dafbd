"""Django settings. What differs between homes comes from the home and the environment, never from the database."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlparse

from linli.kernel.home import Home

ROOT = Path(__file__).resolve().parents[2]
HOME = Home.current()
DEBUG = False
LINLI_WRITE_GUARD = os.environ.get("LINLI_WRITE_GUARD", "") == "1"
LINLI_DEMO = HOME.is_demo
SECRET_KEY = HOME.secret("django").hex()
_PORTS = HOME.ports()

ALLOWED_HOSTS = os.environ.get("LINLI_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("LINLI_ORIGINS", "").split(",") if origin]
# The live stream's address as browsers see it; behind a reverse proxy it is a path of the same origin.
LINLI_LIVE_URL = os.environ.get("LINLI_LIVE_URL", "")
# The city folder to check and load when none is named: the only one there is.
_CITIES = [path.parent for path in (ROOT / "cities").glob("*/city.json")]
LINLI_CITY = os.environ.get("LINLI_CITY") or (str(_CITIES[0]) if len(_CITIES) == 1 else "")

# Floor order: `offered()` walks it from below.
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "axes",
    "django_htmx",
    "linli.ui",
    "linli.registers.record",
    "linli.registers.bus",
    "linli.registers.access",
    "linli.registers.calendar",
    "linli.registers.files",
    "linli.registers.places",
    "linli.engines.cases",
    "linli.doors",
    "linli.config",
]

# How many proxies of our own stand before the web.
LINLI_PROXIES = int(os.environ.get("LINLI_PROXIES", "0"))

MIDDLEWARE = [
    "linli.config.middleware.CallersAddress",
    "linli.config.middleware.SafetyHeaders",
    "linli.ui.statics.BuiltFiles",
    "linli.doors.loading.LoadingPage",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "linli.config.middleware.Refusals",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "linli.config.urls"
WSGI_APPLICATION = "linli.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "linli.config.context.frame",
            ],
        },
    }
]


def database(url: str) -> dict[str, Any]:
    """Turn a libpq address into Django's settings; query parameters become connection options."""
    parts = urlparse(url)
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    host = query.pop("host", None) or parts.hostname or ""
    pool_size = int(os.environ.get("LINLI_DATABASE_POOL", "10"))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": parts.port or "",
        "CONN_MAX_AGE": 0,
        # A connection that the server closed (a restart) is replaced, not handed out.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "pool": {"min_size": 0, "max_size": pool_size, "timeout": 10} if pool_size else False,
            "server_side_binding": False,
            **query,
        },
        "TEST": {"NAME": f"linli_test_{os.getpid()}"},
    }


DATABASES = {"default": database(HOME.database_url())}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "access.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "access:login"
LOGIN_REDIRECT_URL = "/work/"
LOGOUT_REDIRECT_URL = "/"
# GB/T 22239 §8: five failures lock the pair of account and address for half an hour.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "linli.registers.access.lockout.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600
# Two homes on one host differ by port only, and cookies do not see ports.
SESSION_COOKIE_NAME = f"linli_session_{_PORTS.web}"
CSRF_COOKIE_NAME = f"linli_csrf_{_PORTS.web}"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = os.environ.get("LINLI_HTTPS", "") == "1"
CSRF_FAILURE_VIEW = "linli.config.middleware.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "linli_language"
USE_I18N = USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

FRONTEND = ROOT / "build" / "frontend"
STATIC_URL = "/static/"
STATIC_ROOT = HOME.path / "static"
STATICFILES_DIRS: list[Path] = []
# Everything under the current build has its content's hash in its name, so it may be kept for ever.
WHITENOISE_AUTOREFRESH = False
WHITENOISE_USE_FINDERS = False
WHITENOISE_MAX_AGE = 31_536_000

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
FILE_UPLOAD_HANDLERS = [
    "linli.registers.files.uploads.LimitedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LINLI_LOG_LEVEL", "WARNING")},
}
