"""A backup is taken while the server writes, restored on an empty host, and compared; a broken one changes nothing.

Everything runs in processes of its own, as a keeper would, on the database the suite runs on.
"""

import contextlib
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.backup import key_of, read_key, spoken_key
from config.databases import CannotCopy, Sqlite, compare, of_environment
from config.restore import CannotRestore, restore

pytestmark = pytest.mark.database
ROOT = Path(__file__).resolve().parents[2]
KEY = spoken_key(b"twenty bytes of key.")
FLIPS = 1000 if os.environ.get("PEERLINE_LONG") else 40
OTHERS = {name: value for name, value in os.environ.items() if not name.startswith("PEERLINE_")}
DJANGO = {"DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(ROOT), "PEERLINE_ENGINE": "simulated"}


class Host:
    """A state folder and its database."""

    def __init__(self, state: Path, database: object) -> None:
        self.state = state
        self.environment = {**OTHERS, **DJANGO, **database.environment(), "PEERLINE_STATE": str(state)}  # type: ignore[attr-defined]
        self.environment["PEERLINE_BACKUP_KEY"] = KEY

    def python(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, *arguments]
        return subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)

    def run(self, *arguments: str) -> str:
        """`./run …`; what it said, after it went well."""
        done = self.python("-m", "peerline", *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def refuses(self, *arguments: str) -> str:
        done = self.python("-m", "peerline", *arguments)
        assert done.returncode == 1, done.stdout + done.stderr
        return done.stdout

    def ask(self, expression: str) -> str:
        code = f"import django; django.setup()\nfrom peerline.people.models import Person\n{expression}"
        done = self.python("-c", code)
        assert done.returncode == 0, done.stderr
        return done.stdout


@contextlib.contextmanager
def host(folder: Path) -> Iterator[Host]:
    """An empty one."""
    folder.mkdir(parents=True, exist_ok=True)
    with of_environment(folder).another(folder) as database:
        yield Host(folder, database)


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Host]:
    with host(tmp_path_factory.mktemp("server")) as one:
        one.run("manage", "migrate", "-v", "0")
        assert one.python("tests/backup/seed.py").returncode == 0
        yield one


@pytest.fixture(scope="module")
def backup(server, tmp_path_factory) -> Path:
    """Of a server that nobody uses just then."""
    target = tmp_path_factory.mktemp("backups") / "one.backup"
    server.run("backup", str(target))
    return target


@pytest.fixture
def empty(tmp_path) -> Iterator[Host]:
    with host(tmp_path / "restored") as one:
        yield one


@pytest.mark.req("R12")
def test_a_backup_under_load_is_one_instant_and_holds_every_commit_promised_before_it(server, empty, tmp_path):
    target = tmp_path / "busy.backup"
    command = [sys.executable, "tests/backup/seed.py", "write"]
    with subprocess.Popen(command, cwd=ROOT, env=server.environment, stdout=subprocess.PIPE, text=True) as writer:
        before = [int(writer.stdout.readline()) for _ in range(20)]
        server.run("backup", str(target))
        during = [int(writer.stdout.readline()) for _ in range(5)]
        writer.kill()
        promised = before + during + [int(line) for line in writer.stdout.read().split()]
    said = empty.run("restore", str(target))
    there = "print(*Person.objects.filter(nickname__startswith='Later').order_by('pk').values_list('pk', flat=True))"
    restored = [int(pk) for pk in empty.ask(there).split()]
    assert restored == promised[: len(restored)] and set(before) <= set(restored)
    assert "holds what was backed up" in said
    print(f"{len(promised)} commits went on, {len(restored)} are in the backup")


@pytest.mark.req("R12", "T15")
def test_what_is_restored_is_what_was_there_and_what_is_wrong_with_it_is_named(server, backup, empty):
    empty.run("restore", str(backup))
    assert len(list((empty.state / "voices").iterdir())) == 3
    for path in (empty.state / "voices").iterdir():
        assert path.read_bytes() == (server.state / "voices" / path.name).read_bytes()
    for path in (empty.state / "secrets").iterdir():
        original = server.state / "secrets" / path.name
        assert path.stat().st_mode & 0o077 == 0 and (not original.exists() or path.read_text() == original.read_text())
    (next((empty.state / "voices").iterdir())).unlink()
    said = empty.ask(
        "from config.restore import look_over; from peerline.audit.models import Line\n"
        "print(Person.objects.order_by('pk')[0].first_name)\n"
        "Line.objects.filter(pk__lte=3).update(verb='people.forged')\n"
        "print(look_over())"
    )
    assert "Rosa" in said and "audit log was changed" in said and "1 voice messages have no sound" in said
    (empty.state / "secrets" / "vault_keys").write_text("another key")
    assert "cannot be opened" in empty.refuses("inspect")


def test_a_folder_that_is_not_empty_is_refused_and_stays_as_it_is(server, backup):
    before = sorted(path.name for path in server.state.iterdir())
    assert "is not empty" in server.refuses("restore", str(backup))
    assert sorted(path.name for path in server.state.iterdir()) == before
    assert "there already" in server.refuses("backup", str(backup))


@pytest.mark.req("R12")
def test_every_flipped_bit_is_noticed_and_nothing_is_left_behind(backup, tmp_path):
    whole, chance, state = backup.read_bytes(), random.Random(12), tmp_path / "state"
    broken = tmp_path / "broken.backup"
    for _ in range(FLIPS):
        flipped = bytearray(whole)
        flipped[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        broken.write_bytes(flipped)
        with pytest.raises(CannotRestore, match=r"broken|no sealed file"):
            restore(broken, read_key(KEY), state, lambda said: None, Sqlite(state / "peerline.sqlite3"))
        assert list(state.iterdir()) == []


@pytest.mark.parametrize("what", ["cut", "another key", "no backup"])
def test_a_cut_backup_a_wrong_key_and_any_other_file_are_refused(backup, tmp_path, what):
    state, broken = tmp_path / "state", tmp_path / "broken.backup"
    broken.write_bytes(
        {"cut": backup.read_bytes()[:-1000], "no backup": b"something else"}.get(what, backup.read_bytes())
    )
    key = b"another key, 20 long" if what == "another key" else read_key(KEY)
    with pytest.raises(CannotRestore):
        restore(broken, key, state, lambda said: None, Sqlite(state / "peerline.sqlite3"))
    assert list(state.iterdir()) == []


def test_a_database_that_is_not_what_was_backed_up_is_seen():
    compare({"people": [2, "ab"]}, {"people": [2, "ab"]})
    for found in ({"people": [2, "ac"]}, {"people": [1, "ab"]}, {}, {"people": [2, "ab"], "more": [0, ""]}):
        with pytest.raises(CannotCopy, match="do not hold"):
            compare({"people": [2, "ab"]}, found)


@pytest.mark.req("R12")
def test_a_backup_can_be_tried_and_that_it_was_is_written_down(server):
    assert "it holds everything" in server.run("backup", "--try")
    seen = server.ask("from peerline.home.models import Proof\nprint(Proof.objects.get(pk='backup').detail['rows'])")
    assert int(seen) > 50
    assert not list((server.state / "scratch").iterdir())


def test_the_key_is_told_once_and_when_asked_and_can_be_read_from_paper(tmp_path, monkeypatch):
    monkeypatch.delenv("PEERLINE_BACKUP_KEY", raising=False)
    (key, fresh), again = key_of(tmp_path), key_of(tmp_path)
    assert fresh and again == (key, False)
    kept = tmp_path / "secrets" / "backup_key"
    assert kept.read_text() == spoken_key(key) and kept.stat().st_mode & 0o077 == 0
    assert read_key(spoken_key(key).lower().replace("-", " ").replace("o", "0").replace("i", "1")) == key
    for wrong in ("", "ABCD", spoken_key(key)[:-1], "!" * 32):
        with pytest.raises(ValueError):
            read_key(wrong)


def test_the_key_is_shown_when_asked_for(server):
    assert KEY in server.run("backup", "--show-key")
