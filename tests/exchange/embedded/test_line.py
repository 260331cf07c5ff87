"""The line as a whole: scanners, other stacks, addresses that are taken, and the process around it."""

import socket
import sys
import threading
import time

import pytest

from peerline.exchange.engines import embedded
from peerline.exchange.engines.embedded import available
from peerline.exchange.port import Entered, Incoming
from peerline.exchange.telephone.handset import NotHeard, Telephone
from peerline.kernel.dialogue import Enter, Press
from tests.exchange.embedded.conftest import Stage, words

INVITE = """INVITE sip:100@127.0.0.1 SIP/2.0
Via: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bK-{call}
From: "scan" <sip:100@1.1.1.1>;tag={call}
To: <sip:100@127.0.0.1>
Call-ID: {call}
CSeq: 1 INVITE
Contact: <sip:100@127.0.0.1:{port}>
Max-Forwards: 70
User-Agent: {agent}
Content-Type: application/sdp
Content-Length: {length}

"""
SDP = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0\r\n"


def invite(stage: Stage, agent: str) -> list[int]:
    """Send an INVITE with this User-Agent; the status codes that came back within a second."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        probe.settimeout(1)
        text = INVITE.format(port=probe.getsockname()[1], call=f"c{time.monotonic_ns()}", agent=agent, length=len(SDP))
        probe.sendto(text.replace("\n", "\r\n").encode() + SDP.encode(), ("127.0.0.1", stage.port))
        codes = []
        while True:
            try:
                codes.append(int(probe.recv(4000).split()[1]))
            except TimeoutError:
                return codes


@pytest.mark.sip
@pytest.mark.req("T7")
def test_a_scanner_gets_no_answer_and_an_unknown_telephone_does(stage: Stage):
    assert [code for code in invite(stage, "friendly-scanner") if code >= 200] == []
    with pytest.raises(NotHeard):
        stage.switchboard.wait(Incoming, 0.2)
    assert 486 in invite(stage, "A plain telephone")  # the stage's switchboard wants nobody
    assert stage.switchboard.wait(Incoming).from_number == ""


@pytest.mark.sip
def test_nonsense_on_the_port_is_survived(stage: Stage):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for junk in (
            b"",
            b"\0" * 2000,
            b"INVITE",
            b"INVITE sip:x SIP/2.0\r\n\r\n",
            b"GET / HTTP/1.0\r\n\r\n",
            b"\xff" * 60000,
        ):
            probe.sendto(junk, ("127.0.0.1", stage.port))
    alice = stage.phone("alice")
    leg = stage.call_in(alice, words(587), Press("choose"))
    alice.press("1")
    assert stage.answer(leg) == "1"


@pytest.mark.sip
@pytest.mark.req("S1")
def test_the_other_telephone_does_the_same(stage: Stage):
    """Where PJSIP has no build, `./run call` uses this one."""
    with Telephone("otto", stack="baresip") as otto, Telephone("olga", stack="baresip") as olga:
        assert otto.stack == olga.stack == "baresip"
        first = stage.call_in(otto, words(587), Enter("talk", 51))
        otto.hear(587)
        stage.switchboard.wait(Entered, leg_id=first)
        second = stage.call_in(olga, (), Enter("talk", 51))
        otto.hum(400)
        olga.hum(880)
        otto.hear(880)
        olga.hear(400)
        otto.press("*")
        assert stage.answer(first) == "key"
        olga.tell("hang")
        assert stage.hung(second).by == "them"


@pytest.mark.sip
def test_a_port_that_is_taken_is_said_in_one_sentence(stage: Stage):
    from peerline.exchange.engines.embedded.engine import EmbeddedEngine
    from peerline.exchange.engines.embedded.line import CannotListen

    second = EmbeddedEngine(
        audio_for=stage.sounds, sink=stage.sink, numbers=stage.numbers, bind=f"127.0.0.1:{stage.port}"
    )
    with pytest.raises(CannotListen, match="PEERLINE_SIP sets another address"):
        second.open(stage.switchboard)


def test_without_a_build_for_the_platform_a_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch):
    assert available() == ""
    monkeypatch.setattr(embedded, "find_spec", lambda name: None)
    assert "PEERLINE_ENGINE=webhook" in available()


def test_the_switchboard_is_asked_in_one_thread_beside_the_audio():
    import asyncio

    from peerline.exchange.engines.embedded.desk import Desk

    threads, reports = set(), []

    def report(what):
        threads.add(threading.get_ident())
        reports.append(what)

    async def ask() -> None:
        desk = Desk(report, lambda: threads.add(threading.get_ident()))
        await asyncio.gather(*(desk.ask(number) for number in range(50)))
        desk.close()

    beside = threading.Thread(target=asyncio.run, args=(ask(),))  # a browser's test may hold a loop in this thread
    beside.start()
    beside.join()
    assert reports == list(range(50))
    assert len(threads) == 1
    assert threading.get_ident() not in threads


RUN = """
import threading, os, signal
from pathlib import Path
import django
django.setup()
from peerline.exchange.engines import embedded
polled = threading.Event()
threading.Thread(target=lambda: (polled.wait(10), print("polled", flush=True), os.kill(os.getpid(), signal.SIGTERM))).start()
embedded.run(lambda report: None, lambda spoken: b"", lambda: None, lambda engine: (engine.alive(), polled.set()))
print("ended", sorted(path.name for path in Path(os.environ["PEERLINE_STATE"]).iterdir()))
"""


@pytest.mark.sip
def test_the_line_runs_as_a_process_and_ends_on_a_signal(tmp_path, monkeypatch: pytest.MonkeyPatch):
    import os
    import subprocess

    from peerline.exchange.telephone.handset import free_port

    outside = tmp_path / "outside"
    outside.mkdir()
    environment = os.environ | {
        "PEERLINE_STATE": str(tmp_path / "state"),
        "PEERLINE_SIP": f"127.0.0.1:{free_port()}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "TMPDIR": str(outside),
        "HOME": str(outside),
    }
    done = subprocess.run(
        [sys.executable, "-c", RUN], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "polled" in done.stdout
    assert "ended" in done.stdout
    assert not list(outside.iterdir())  # nothing is written outside the state folder
