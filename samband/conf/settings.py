"""Django's settings. What a system writes lies under SAMBAND_HOME; secrets come from files or the environment."""

import contextlib
import os
import re
import secrets
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from psycopg.conninfo import conninfo_to_dict

from . import environment
from .database.patience import ALIVE, CONNECT_SECONDS

BASE = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("SAMBAND_HOME", "var")).resolve()
DEBUG = os.environ.get("SAMBAND_DEBUG") == "1"


def _secret(name: str) -> str:
    """A secret from the environment, else from a file of ours that only we may read, made at first use."""
    if given := os.environ.get(f"SAMBAND_{name.upper()}"):
        return given
    path = HOME / "secrets" / name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        _make_secret(path)
    return path.read_text().strip()


def _make_secret(path: Path) -> None:
    """Whole from its first moment: of several processes that begin at once, all read the first one's."""
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with open(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        os.unlink(draft)


def _database(url: str) -> dict[str, object]:
    parts = conninfo_to_dict(url)
    return {
        "ENGINE": "samband.conf.database",
        "NAME": parts.pop("dbname", "samband"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": False,
        "OPTIONS": {
            "connect_timeout": CONNECT_SECONDS,
            **ALIVE,
            **parts,
            "server_side_binding": True,
            "prepare_threshold": 3,
        },
        "TEST": {"NAME": os.environ.get("SAMBAND_TEST_DB", "test_samband"), "SERIALIZE": False},
    }


SECRET_KEY = _secret("secret_key")
PAYMENT_SANDBOX_SECRET = _secret("payment_sandbox_secret")
GIFT_CARD_SECRET = _secret("gift_card_secret")
CARRIER_SANDBOX_SECRET = _secret("carrier_sandbox_secret")
IDENTITY_SECRET = _secret("identity_secret")
STAFF_SECRET = _secret("staff_secret")
DATABASES = {"default": _database(os.environ.get("SAMBAND_DATABASE_URL", "postgresql:///samband"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

SITE_URL = os.environ.get("SAMBAND_SITE_URL", f"http://{os.environ.get('SAMBAND_BIND', '127.0.0.1:8000')}")
_SITE_HOST = re.sub(r":\d+$", "", urlsplit(SITE_URL).netloc)
ALLOWED_HOSTS = os.environ.get("SAMBAND_HOSTS", f"127.0.0.1,localhost,[::1],testserver,{_SITE_HOST}").split(",")
SECURE = SITE_URL.startswith("https://")
PROXIES = environment.proxies()
CAPTURE_URL = os.environ.get("SAMBAND_CAPTURE_URL", SITE_URL).rstrip("/")
CSRF_TRUSTED_ORIGINS = [SITE_URL]

PAYEE_NAME = os.environ.get("SAMBAND_PAYEE_NAME", "Samband")
# Without https this is a trial: transfers can be looked at with the account that stands in Iceland's IBAN rules.
PAYEE_IBAN = os.environ.get("SAMBAND_PAYEE_IBAN", "" if SECURE else "IS140159260076545510730339").replace(" ", "")
PAYEE_BIC = os.environ.get("SAMBAND_PAYEE_BIC", "")

STRIPE_SECRET_KEY = os.environ.get("SAMBAND_STRIPE_SECRET_KEY", "")
STRIPE_PUBLISHABLE_KEY = os.environ.get("SAMBAND_STRIPE_PUBLISHABLE_KEY", "")
STRIPE_WEBHOOK_SECRET = os.environ.get("SAMBAND_STRIPE_WEBHOOK_SECRET", "")
STRIPE_API_BASE = os.environ.get("SAMBAND_STRIPE_API_BASE", "https://api.stripe.com")
STRIPE_JS = os.environ.get("SAMBAND_STRIPE_JS", "https://js.stripe.com/v3/")

EASYPOST_API_KEY = os.environ.get("SAMBAND_EASYPOST_API_KEY", "")
EASYPOST_WEBHOOK_SECRET = os.environ.get("SAMBAND_EASYPOST_WEBHOOK_SECRET", "")
EASYPOST_API_BASE = os.environ.get("SAMBAND_EASYPOST_API_BASE", "https://api.easypost.com/v2")

ROOMS = [
    "samband.commerce.catalog",
    "samband.commerce.pricing",
    "samband.commerce.inventory",
    "samband.commerce.cart",
    "samband.commerce.orders",
    "samband.commerce.payments",
    "samband.commerce.fulfillment",
    "samband.commerce.tills",
    "samband.commerce.spots",
    "samband.customers.accounts",
    "samband.customers.identity",
    "samband.customers.identity.proposing",
    "samband.customers.touchpoints",
    "samband.customers.profiles",
    "samband.customers.segments",
    "samband.customers.consent",
    "samband.customers.rights",
    "samband.engagement.messaging",
    "samband.staff",
    "samband.tries",
]
DOORS = [
    "samband.channels.shop",
    "samband.channels.api",
    "samband.channels.hooks",
    "samband.channels.pos",
    "samband.channels.kiosk",
    "samband.channels.capture",
    "samband.console",
]


def _standing(app: str) -> bool:
    return (BASE.parent / app.replace(".", "/") / "apps.py").exists()


INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    *filter(_standing, ROOMS),
    *filter(_standing, DOORS),
    "samband.timeline",
    "samband.conf",
]
if _standing("samband.staff"):
    AUTH_USER_MODEL = "staff.Member"

MIDDLEWARE = [
    "samband.conf.middleware.behind_proxies",
    "samband.conf.middleware.request_id",
    "samband.conf.cookies.guarded_cookies",
    *(["samband.conf.observing.door.observed"] if environment.metrics() or environment.traces() else []),
    "samband.channels.shop.ahead.kept_pages",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "samband.console.sessions.staff_session",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "samband.conf.middleware.content_security",
]
ROOT_URLCONF = "samband.conf.urls"
WSGI_APPLICATION = "samband.conf.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "samband.conf.templates.environment",
            "autoescape": True,
            "context_processors": ["django.template.context_processors.request"],
        },
    }
]

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "samband.conf.errors.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
HSTS_SECONDS = 60 * 60 * 24 * 365
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 10
FILE_UPLOAD_PERMISSIONS = 0o600

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("is", "Íslenska"), ("pl", "Polski"), ("lv", "Latviešu"), ("el", "Ελληνικά")]
LOCALE_PATHS = [BASE / "locale"]

STATIC_URL = "/static/"
MEDIA_ROOT = HOME / "media"
MEDIA_URL = "/media/"
SEARCH_ROOT = HOME / "search"

EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if os.environ.get("SAMBAND_SMTP_HOST")
    else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = HOME / "mail"
EMAIL_HOST = os.environ.get("SAMBAND_SMTP_HOST", "")
EMAIL_PORT = environment.smtp_port()
EMAIL_HOST_USER = os.environ.get("SAMBAND_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("SAMBAND_SMTP_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("SAMBAND_SMTP_TLS") == "1"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("SAMBAND_MAIL_FROM", "Samband <shop@samband.example>")

BACKUP_DAYS = environment.backup_days()
RECORD_DAYS = environment.record_days()

LOGGING_CONFIG = "samband.conf.logging.configure"
LOGGING: dict[str, object] = {"by": "structlog"}
