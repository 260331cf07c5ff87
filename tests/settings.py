"""Settings of the test run: a state folder of its own, SQLite unless PEERLINE_DATABASE_URL says otherwise."""

import os
import tempfile

os.environ.setdefault("PEERLINE_STATE", tempfile.mkdtemp(prefix="peerline-tests-"))
os.environ.setdefault("PEERLINE_SECRET_KEY", "for the tests only")
os.environ.setdefault("PEERLINE_VAULT_KEYS", "for the tests only")
os.environ.setdefault("PEERLINE_LOOKUP_KEY", "for the tests only")
os.environ.setdefault("PEERLINE_ENGINE", "simulated")

from config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
WHITENOISE_AUTOREFRESH = True
PIN_WORK_FACTOR = 2  # a PIN's slow hash, quick
