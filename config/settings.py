"""Django settings, from the environment (docs/operating.md lists the names) and the data folder."""

import secrets
import sqlite3
from functools import partial
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from common import datafolder
from config import env, outward

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_FOLDER = datafolder.folder()
MODE = datafolder.mode()

# Two relaxations for a platform on loopback, each by its own name; an office's installation refuses both.
LOOPBACK_ADDRESSES = env.names("ZHENWEI_LOOPBACK_ADDRESSES")
LOOPBACK_POLITENESS = env.flag("ZHENWEI_LOOPBACK_POLITENESS", default=True)
if MODE == "production" and (LOOPBACK_ADDRESSES or not LOOPBACK_POLITENESS):
    raise env.SettingError(
        "ZHENWEI_LOOPBACK_ADDRESSES and ZHENWEI_LOOPBACK_POLITENESS are for the demo and tests; unset them"
    )
# Where links in alerts lead; without it a message names the case and carries no link.
PUBLIC_URL = outward.public_url("ZHENWEI_PUBLIC_URL")
SMTP_HOST, SMTP_PORT, SMTP_SECURITY, SMTP_USER, SMTP_PASSWORD, MAIL_FROM = outward.mail(MODE)
WEBHOOK_ALLOW = outward.webhook_allow("ZHENWEI_WEBHOOK_ALLOW")
CONTACT_URL = env.text("ZHENWEI_CONTACT_URL", "https://zhenwei.invalid/contact")

DEBUG = False
SECRET_KEY = env.secret_or_made(
    "ZHENWEI_SECRET_KEY", DATA_FOLDER / "keys" / "web.key", partial(secrets.token_urlsafe, 48)
)
if len(SECRET_KEY) < 50:
    raise env.SettingError(
        "ZHENWEI_SECRET_KEY or keys/web.key is shorter than 50 characters; remove or mend it"
    )
MASTER_KEYS = outward.master_keys("ZHENWEI_MASTER_KEY", DATA_FOLDER / "keys" / "master.key")
OWN_HOSTS = ["127.0.0.1", "[::1]", "localhost"]
ALLOWED_HOSTS = list(dict.fromkeys([*OWN_HOSTS, *env.names("ZHENWEI_HOSTS"), *outward.host_of(PUBLIC_URL)]))

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "audit_logs",
    "registry",
    "observations",
    "detection",
    "watch",
    "review",
    "alerting",
    "console",
    "config",
]
MIDDLEWARE = [
    # First, so that its headers stand on static files, redirects and errors of the others too.
    "console.middleware.ContentSecurityPolicy",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "console.middleware.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "console.middleware.SessionLimits",
    "console.middleware.PasswordChangeDue",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "console.context.installation",
            ],
        },
    }
]


def _wal_is_safe(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite is free of the WAL-reset defect (fixed in 3.44.6, 3.50.7 and 3.51.3)."""
    return version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)


JOURNAL_MODE = "WAL" if _wal_is_safe(sqlite3.sqlite_version_info) else "DELETE"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_FOLDER / "zhenwei.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            # FULL: a commit that was acknowledged survives a power cut.
            "init_command": f"PRAGMA journal_mode={JOURNAL_MODE}; PRAGMA synchronous=FULL;",
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "registry.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "start"
# Five failures from one address lock that name for that address: no stranger locks a duty officer out.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5  # hours; the customary 30 minutes of classified protection
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "console.gate.network"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# Proxies in front of the console: only they are believed on a visitor's address and scheme (config.web).
PROXIES = env.number("ZHENWEI_PROXIES", 0, 0, 5)
HTTPS = env.flag("ZHENWEI_HTTPS")
if HTTPS and not PROXIES:
    raise env.SettingError("ZHENWEI_HTTPS=on needs a proxy that speaks TLS: set ZHENWEI_PROXIES=1 for one")
SESSION_COOKIE_NAME = "zhenwei" if MODE == "production" else f"zhenwei_{MODE}"
CSRF_COOKIE_NAME = f"{SESSION_COOKIE_NAME}_csrf"
SESSION_COOKIE_AGE = 15 * 60  # idle limit; console.middleware.SessionLimits adds the absolute one
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
CSRF_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# How long a search answered by an export counts: after that the ledger awaits the next one.
EXPORT_HOLDS_DAYS = env.number("ZHENWEI_EXPORT_HOLDS_DAYS", 7, 1, 90)

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = f"{SESSION_COOKIE_NAME}_language"
LANGUAGE_COOKIE_SECURE, LANGUAGE_COOKIE_HTTPONLY, LANGUAGE_COOKIE_SAMESITE = HTTPS, True, "Lax"
LOCALE_PATHS = [BASE_DIR / "console" / "locale"]
# No form takes a file but that of `console.views.imports`, which says where its bytes go.
FILE_UPLOAD_HANDLERS: list[str] = []
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_ALLOW_ALL_ORIGINS = False

LOG_LEVEL = env.one_of("ZHENWEI_LOG_LEVEL", "WARNING", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {
        # A traceback for every request with a strange Host header would let strangers fill the disk.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        # A tick that was skipped is made good by the next one; a busy machine need not say so each time.
        "apscheduler": {"level": "ERROR"},
    },
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
}
