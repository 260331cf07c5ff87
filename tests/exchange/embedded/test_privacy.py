"""Nothing that reaches one participant's telephone tells who the other one is (T5)."""

import base64
import socket
import time

import pytest

from peerline.exchange.port import Entered
from peerline.exchange.telephone.handset import Telephone
from peerline.kernel.dialogue import Enter
from tests.exchange.embedded.capture import Capture, Packet
from tests.exchange.embedded.conftest import NUMBERS, Stage

ALICE_HOST, BOB_HOST = "127.0.0.2", "127.0.0.3"


def traces(phone: Telephone, host: str) -> dict[str, bytes]:
    """All that gives a person away, in the encodings a telephone, a log or a curious person could read."""
    number = NUMBERS[phone.user]
    plain = {
        "number": number, "national number": number[2:], "grouped": f"{number[2:5]}-{number[5:8]}-{number[8:]}",
        "name": phone.user, "host": host, "port": f":{phone.port}",
    }  # fmt: skip
    found = {name: text.encode() for name, text in plain.items()}
    found |= {f"{name}, base64": base64.b64encode(text.encode()).rstrip(b"=")[:-1] for name, text in plain.items()}
    found |= {f"{name}, hex": text.encode().hex().encode() for name, text in plain.items()}
    found |= {f"{name}, UTF-16": text.encode("utf-16-le") for name, text in plain.items()}
    found["host, percent"] = host.replace(".", "%2E").encode()
    return found


def hits(packets: list[Packet], phone: Telephone, host: str) -> list[tuple[str, bytes]]:
    """Each trace of this person in these packets. A packed IP address is looked for outside of sound only."""
    found = []
    for packet in packets:
        low = packet.payload.lower()
        found += [(name, packet.payload) for name, trace in traces(phone, host).items() if trace.lower() in low]
        is_sound = len(packet.payload) == 172 and packet.payload[0] == 0x80
        if not is_sound and socket.inet_aton(host) in packet.payload:
            found.append(("host, packed", packet.payload))
    return found


def capture_or_skip() -> Capture:
    try:
        return Capture()
    except PermissionError:
        pytest.skip("packets can only be captured with root's rights")


@pytest.fixture
def two_hosts(stage: Stage):
    """alice and bob on addresses of their own, so that an address would be seen."""
    for name, host in (("alice", ALICE_HOST), ("bob", BOB_HOST)):
        if name in stage.phones:
            stage.phones.pop(name).close()
        stage.phone(name, host)
    yield stage
    for name in ("alice", "bob"):
        stage.phones.pop(name).close()


@pytest.mark.sip
@pytest.mark.req("S4", "S5", "T5")
def test_neither_telephone_receives_a_trace_of_the_other(two_hosts: Stage):
    stage = two_hosts
    alice, bob = stage.phone("alice"), stage.phone("bob")
    with capture_or_skip() as capture:
        first = stage.call_in(alice, (), Enter("talk", 41))
        stage.switchboard.wait(Entered, leg_id=first)
        second = stage.pick_up("bob", 41)
        alice.hum(400)
        bob.hum(880)
        bob.hear(400)
        alice.hear(880)
        alice.press("5*")
        stage.answer(first)
        time.sleep(6)  # so that RTCP, sent every five seconds, is among it
        stage.engine.hang(first, "hangup")
        stage.engine.hang(second, "hangup")
        alice.wait("ended")
        bob.wait("ended")
        time.sleep(0.3)
    to_alice, to_bob = capture.to(ALICE_HOST), capture.to(BOB_HOST)
    kinds = {kind(packet) for packet in to_bob}
    assert {"INVITE", "BYE", "RTP", "RTCP"} <= kinds
    assert not hits(to_alice, bob, BOB_HOST)
    assert not hits(to_bob, alice, ALICE_HOST)
    # The positive control: the same search finds each one's own traces in what reaches them.
    assert {"name", "host", "port"} <= {name for name, _ in hits(to_alice, alice, ALICE_HOST)}
    assert {"name", "host", "port"} <= {name for name, _ in hits(to_bob, bob, BOB_HOST)}


@pytest.mark.sip
@pytest.mark.req("S4", "T5")
def test_a_missed_call_shows_the_line_and_nobody_else(two_hosts: Stage):
    stage = two_hosts
    alice, bob = stage.phone("alice"), stage.phone("bob")
    stage.call_in(alice, (), Enter("talk", 42))
    leg = stage.ring("bob", seconds=1)
    invite = bob.wait("incoming")
    assert "+18005550142" in invite["from"]
    text = invite["text"].encode()
    if text:  # the independent stack shows the whole message
        packet = Packet(("", 0), ("", 0), text)
        assert not hits([packet], alice, ALICE_HOST)
        assert hits([packet._replace(payload=text + b"\r\nX-Peer: " + NUMBERS["alice"].encode())], alice, ALICE_HOST)
    assert stage.hung(leg).cause == "no_answer"


def kind(packet: Packet) -> str:
    if packet.payload[:1] == b"\x80" or packet.payload[:1] == b"\x81":
        return "RTCP" if 200 <= packet.payload[1] <= 204 else "RTP"
    return packet.payload.split(b" ")[0].decode("ascii", "replace")
