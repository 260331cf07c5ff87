"""Settings. Everything a server keeper may set is a PEERLINE_… variable, listed in docs/reference/settings.md."""

import contextlib
import os
import secrets
from pathlib import Path

import environ

ROOT = Path(__file__).resolve().parent.parent
env = environ.Env()

STATE = Path(env("PEERLINE_STATE", default=str(ROOT / "state"))).resolve()
DEMO = env.bool("PEERLINE_DEMO", default=False)
DEMO_WEEKS = env.int("PEERLINE_DEMO_WEEKS", default=6)  # of its people's lives, played before the first start


def _secret(name: str) -> str:
    """A secret from the environment, or made once and kept in the state folder, readable by its owner only."""
    if given := env.str(f"PEERLINE_{name}", default=""):
        return str(given)
    path = STATE / "secrets" / name.lower()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _make_secret(path)
    return path.read_text().strip()


def _make_secret(path: Path) -> None:
    """Whoever is first wins, whole. Synced at once: what is sealed with a key must not outlive a power cut that it did not."""
    fresh = path.with_suffix(f".{os.getpid()}")
    fresh.touch(mode=0o600)
    with fresh.open("w") as file:
        file.write(secrets.token_urlsafe(48))
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):
        path.hardlink_to(fresh)
    fresh.unlink()
    for folder in (path.parent, STATE, STATE.parent):
        handle = os.open(folder, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)


SECRET_KEY = _secret("SECRET_KEY")
VAULT_KEYS = _secret("VAULT_KEYS").split(",")  # the first one seals; all of them open
LOOKUP_KEY = _secret("LOOKUP_KEY")  # keyed hashes of telephone numbers and addresses

DEBUG = env.bool("PEERLINE_DEBUG", default=False)
HTTP_BIND = env("PEERLINE_HTTP", default="127.0.0.1:8000")
SIP_BIND = env("PEERLINE_SIP", default="127.0.0.1:5060")
PUBLIC_URL = env("PEERLINE_PUBLIC_URL", default=f"http://{HTTP_BIND}").rstrip("/")
ALLOWED_HOSTS = env.list(
    "PEERLINE_HOSTS", default=["127.0.0.1", "localhost", "[::1]", PUBLIC_URL.split("//")[-1].split(":")[0]]
)
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
LOOPBACK_ONLY = HTTP_BIND.rsplit(":", 1)[0] in ("127.0.0.1", "localhost", "[::1]")

LINE_NUMBER = env("PEERLINE_LINE_NUMBER", default="+18005550142")  # what both partners see and save as a contact
LINE_ORGANIZATION = env.int("PEERLINE_LINE_ORGANIZATION", default=0)  # hears callers nobody could name; 0: the first
LOCALE_PACK = env("PEERLINE_LOCALE_PACK", default="us")  # which emergency and crisis lines are named
NUMBERS_FILE = Path(env("PEERLINE_NUMBERS", default=str(STATE / "numbers.csv")))  # E.164 → SIP address or carrier
ENGINE = env("PEERLINE_ENGINE", default="embedded")  # embedded | webhook | simulated
CARRIER = {
    "kind": env("PEERLINE_CARRIER", default="twilio"),  # whose signature: twilio | signalwire
    "account": env("PEERLINE_CARRIER_ACCOUNT", default=""),
    "token": env("PEERLINE_CARRIER_TOKEN", default=""),
    "url": env("PEERLINE_CARRIER_URL", default="https://api.twilio.com"),
    "guess_machines": env.bool("PEERLINE_CARRIER_GUESS_MACHINES", default=False),
}
CALLS_A_SECOND = env.float("PEERLINE_CALLS_A_SECOND", default=1.0)  # how many new calls the carrier takes in a second
LINES = env.int("PEERLINE_LINES", default=30)  # telephones that can ring or talk at once

TEXTS_A_SECOND = env.float("PEERLINE_TEXTS_A_SECOND", default=1.0)  # what the carrier takes from one number

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "config.apps.ConfigConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "peerline.ui",
    "peerline.jobs",
    "peerline.audit",
    "peerline.vault",
    "peerline.people",
    "peerline.messaging",
    "peerline.exchange",
    "peerline.entry",
    "peerline.programs",
    "peerline.plans",
    "peerline.outcomes",
    "peerline.pairs",
    "peerline.groups",
    "peerline.care",
    "peerline.monitoring",
    "peerline.home",
]

MIDDLEWARE = [
    # Headers first: what whitenoise serves carries them, too.
    "peerline.ui.headers.Headers",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "peerline.people.gate.Gate",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "peerline.ui.context.page",
            ],
        },
    }
]

DATABASES = {"default": env.db_url("PEERLINE_DATABASE_URL", default=f"sqlite:///{STATE / 'peerline.sqlite3'}")}
if "sqlite" in DATABASES["default"]["ENGINE"]:
    # FULL, not NORMAL: under WAL a power cut takes every commit since the last checkpoint otherwise.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
DATABASES["default"]["CONN_MAX_AGE"] = 60  # opening one costs as much as answering a page
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "entry:sign_in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "peerline.entry.allauth_adapters.AccountAdapter"
MFA_ADAPTER = "peerline.entry.allauth_adapters.SecondFactorAdapter"
ACCOUNT_SESSION_REMEMBER = False  # staff are signed out when the browser closes
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an administrator vouched for the address by inviting to it
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Peerline"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LOOPBACK_ONLY

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = [STATE / "locale"]  # all rooms' catalogues, compiled into one at set-up
USE_I18N = True
USE_TZ = True
TIME_ZONE = env("PEERLINE_TIME_ZONE", default="America/Detroit")

STATIC_URL = "/static/"
STATICFILES_DIRS = [ROOT / "static"]
STATIC_ROOT = STATE / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = STATE / "media"
PROTOCOLS = STATE / "protocols"  # a site's own protocols, beside those shipped
SCRATCH = STATE / "scratch"  # what others would put into the machine's own folder for such things
SCRATCH.mkdir(parents=True, exist_ok=True, mode=0o700)
FILE_UPLOAD_TEMP_DIR = SCRATCH
os.environ.setdefault("SQLITE_TMPDIR", str(SCRATCH))

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("PEERLINE_BEHIND_PROXY", default=False) else None
)
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PUBLIC_URL.startswith("https://") else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "media-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

EMAIL_CONFIG = env.email_url("PEERLINE_MAIL_URL", default="consolemail://")
vars().update({key: value for key, value in EMAIL_CONFIG.items() if key.startswith("EMAIL_")})
DEFAULT_FROM_EMAIL = env("PEERLINE_MAIL_FROM", default="Peerline <peerline@localhost>")
MAIL_ANSWERS_TO = env(
    "PEERLINE_MAIL_ANSWERS_TO", default=""
)  # talk@line.example: answers come to talk+token@line.example
MAIL_IN_URL = env("PEERLINE_MAIL_IN_URL", default="")  # imaps://user:password@host/INBOX, looked into each minute

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(name)s %(levelname)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"peerline": {"level": env("PEERLINE_LOG", default="INFO")}},
}
