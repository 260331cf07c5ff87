"""Peerline as a process of its own, which is killed again and again while a life is played, and begun anew.

The people, their telephones and the carrier live on in the test's process. What they want of Peerline goes to the other one:
what a telephone reports, what somebody does on a page, a turn of the worker. It kills itself, with SIGKILL, before a query
that chance names; in a report or a turn also when all is written and nobody was answered yet. Whoever asked asks again.
"""

import inspect
import multiprocessing
import os
import signal
import sqlite3
from collections import Counter
from contextlib import closing, contextmanager
from datetime import timedelta

from django.db import connection

from config.life import events, house, office, participants, plans, play, sessions
from config.life.stage import nowhere
from peerline.exchange import switchboard
from peerline.jobs import services as jobs
from peerline.kernel import clock
from peerline.pairs import conditions

UP_AGAIN = timedelta(seconds=61)  # and a job held by one that died is free again after its lease
QUERIES = 900  # at most, from one death to the next
PAGE = 8  # pages ask few questions of the database: each counts as so many

PAGES = [
    (participants, "pair_services"), (participants, "messaging"), (plans, "services"), (sessions, "services"),
    (sessions, "training"), (office, "care"), (office, "needs"), (office, "training"), (office, "pair_services"),
    (office, "program_services"), (office, "proposals"), (office, "flags"), (office, "people"), (events, "inbox"),
    (events, "mail"), (events, "program_services"),
]  # fmt: skip


class Mortal:
    """`deaths`: how often it died, by what was asked of it."""

    def __init__(self, chance, stage):
        self.chance, self.stage, self.deaths = chance, stage, Counter()
        self._process = self._pipe = None

    def ask(self, kind, work, /, *args, **named):
        """What it answers, or raises, however often it dies of it."""
        while True:
            if self._process is None:
                self._begin()
            try:
                self._pipe.send((clock.now(), kind != "page", work, args, named))
                answered, what = self._pipe.recv()
            except (EOFError, ConnectionError):
                self.deaths[kind] += 1
                assert self._over() == -signal.SIGKILL
                self.stage.at += UP_AGAIN
                continue
            if answered:
                return what
            raise what

    def round(self, names):
        """A round of regular work. What it died of is free again after a while, and the worker, which looks all the time, then
        takes it up; in a play somebody must say so."""
        before = self.deaths["turn"]
        self.ask("turn", regular, names)
        if self.deaths["turn"] > before:
            self.stage.after(lambda: self.round(names), seconds=jobs.TAKEN_AGAIN.total_seconds() + 1)

    def _begin(self):
        """Born of a server that has loaded Peerline and never opened a database: it inherits nothing from the tests' process."""
        server = multiprocessing.get_context("forkserver")
        server.set_forkserver_preload(["tests.life.loaded"])
        self._pipe, theirs = server.Pipe()
        database = {name: connection.settings_dict[name] for name in ("NAME", "OPTIONS")}
        self._process = server.Process(
            target=_live, args=(theirs, database, self.chance.randint(1, QUERIES)), daemon=True
        )
        self._process.start()
        theirs.close()

    def _over(self):
        self._process.join()
        code, self._process = self._process.exitcode, None
        self._pipe.close()
        return code

    def end(self):
        if self._process is not None:
            self._process.kill()
            self._over()

    def serve(self, monkeypatch):
        """From here on whatever this stage's people want is asked of it."""
        self.stage.line.engine.open(lambda report: self.ask("report", switchboard.take, "simulated", report))
        for room in (house, play):
            monkeypatch.setattr(room, "drain", lambda: self.ask("turn", jobs.drain))
        monkeypatch.setattr(house, "run_regular", lambda only: self.round(_names(only)))
        for room, name in PAGES:
            monkeypatch.setattr(room, name, Page(self, getattr(room, name)))


class Page:
    """A module of services, each asked of the mortal."""

    def __init__(self, mortal, services):
        self._mortal, self._services = mortal, services

    def __getattr__(self, name):
        found = getattr(self._services, name)
        if not inspect.isfunction(found):
            return found
        return lambda *args, **named: self._mortal.ask("page", found, *args, **named)


def _names(only):
    return frozenset(work.name for work in jobs._regular.values() if only(work))


def regular(names):
    return jobs.run_regular(lambda work: work.name in names)


def _live(pipe, database, queries):
    """In the child: answers until it dies, or until nobody asks any more."""
    connection.settings_dict.update(database)
    conditions._conditions.clear()  # as for the other life: tests/conftest.py
    step = 1

    def one_step_nearer():
        nonlocal queries
        queries -= step
        if queries <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def before(execute, sql, params, many, context):
        one_step_nearer()
        return execute(sql, params, many, context)

    with nowhere(), connection.execute_wrapper(before):
        while True:
            try:
                at, may_come_twice, work, args, named = pipe.recv()
            except EOFError:
                os._exit(0)
            step = 1 if may_come_twice else PAGE
            with clock.running_on(lambda now=at: now):
                try:
                    told = True, work(*args, **named)
                except Exception as reason:
                    told = False, reason
            if may_come_twice:
                one_step_nearer()
            pipe.send(told)


@contextmanager
def on_disk(path):
    """SQLite's database of the tests lives in one process's memory: a copy in a file, which two processes may open. Killed is not
    unplugged: what was written stays written without being synced."""
    if connection.vendor != "sqlite":
        yield
        return
    memory, name, options = connection.connection, connection.settings_dict["NAME"], connection.settings_dict["OPTIONS"]
    with closing(sqlite3.connect(path)) as copy:
        memory.backup(copy)
    unsynced = options.get("init_command", "").replace("synchronous=FULL", "synchronous=OFF")
    connection.connection = None
    connection.settings_dict.update(NAME=str(path), OPTIONS={**options, "init_command": unsynced})
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(NAME=name, OPTIONS=options)
        connection.connection = memory
