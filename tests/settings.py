"""Settings of the test run: a state folder of its own for each process, SQLite unless PEERLINE_DATABASE_URL says otherwise."""

import os
import tempfile

os.environ.setdefault("PEERLINE_STATE", tempfile.mkdtemp(prefix="peerline-tests-"))
if (worker := os.environ.get("PYTEST_XDIST_WORKER")) and not os.environ["PEERLINE_STATE"].endswith(f"/{worker}"):
    os.environ["PEERLINE_STATE"] += f"/{worker}"  # what one process writes, another must not count as its own
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
