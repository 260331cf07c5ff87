"""The SIP end: listens, answers, dials, hangs up, and tells which call did what.

Traps of baresip-python 0.5.2a3 met here: an event may come before `dial` has returned its call, so events of unknown
calls are kept for a moment; a close reason is free text, so our own hang-ups are noted; the account must catch all
names, or a call to sip:anything@host is refused with 404.
"""

import asyncio
import contextlib
import logging
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from baresip import Account, BaresipError, Config, Event, Runtime, StackEvent, UserAgent

from peerline.exchange.engines.embedded.causes import Ending, ending
from peerline.exchange.engines.embedded.leg import Leg

log = logging.getLogger("peerline.exchange.embedded")
SCANNERS = ("friendly-scanner", "sipvicious", "sipcli", "sip-scan", "sundayddr", "pplsip", "vaxsipuseragent", "iwar")
# The stack's own jitter buffer delays by 80 ms more, and loses sound in all calls whenever one of them ends (ADR 0131).
STACK = """\
sip_transports udp,tcp
call_hold_other_calls no
audio_jitter_buffer_type off
audio_buffer 60-200
"""
MOST_CALLS = 200  # a flood is told busy by the stack itself and never reaches the switchboard
UNHURRIED_SECONDS = 30  # how long a scanner waits for its refusal


class CannotListen(RuntimeError):
    """The address is not ours or the port is taken; says which."""


@dataclass(frozen=True, slots=True)
class Caller:
    """What an INVITE says about who calls whom: SIP addresses as they came. None of it is to be trusted."""

    sender: str
    contact: str
    dialed: str


class Line:
    """One SIP address that calls come to and go out from.

    incoming(leg, caller): a call came; keyed(leg, key): a key; closed(leg): it is over, leg.ended says how.
    """

    def __init__(self, host: str, port: int, number: str, lost_seconds: int, rtp_ports: str = "") -> None:
        self.host, self.port, self.number = host, port, number
        self.config = Config(
            net_interface=None if host in ("0.0.0.0", "::") else host,  # noqa: S104 (compared, not bound)
            max_concurrent_calls=MOST_CALLS,
            rtp_timeout=lost_seconds,
            expose_headers=("User-Agent", "Contact"),
            native_log_level="error",
            extra_config_text=f"sip_listen {host}:{port}\n{STACK}" + (f"rtp_ports {rtp_ports}\n" if rtp_ports else ""),
        )
        self.legs: dict[int, Leg] = {}  # by the stack's handle
        self._early: dict[int, list[StackEvent]] = {}
        self.incoming: Callable[[Leg, Caller], None] = lambda leg, caller: None
        self.keyed: Callable[[Leg, str], None] = lambda leg, key: None
        self.closed: Callable[[Leg], None] = lambda leg: None
        self.died: Callable[[], None] = lambda: None

    async def open(self) -> None:
        """Listen. Raises CannotListen."""
        _check_free(self.host, self.port)
        self.runtime = Runtime()
        try:
            await self.runtime.start(self.config)
        except BaresipError as reason:
            raise CannotListen(f"The telephone line could not start on {self.host}:{self.port}: {reason}") from reason
        self.runtime.on_dead = self.died
        self.runtime.subscribe(self._on_event)
        domain = f"{self.host}:{self.port}"
        account = Account(
            self.number, domain, "", reg_interval=0, audio_codecs=("pcmu",), extra_params=("catchall=yes",)
        )
        self.agent = await UserAgent.create(self.runtime, account, transfer_policy="reject")
        self.agent.on_incoming(self._on_incoming)

    async def close(self) -> None:
        with contextlib.suppress(BaresipError):
            await self.runtime.close()

    async def dial(self, leg: Leg, address: str) -> None:
        """Call this SIP address. Whatever goes wrong ends the leg."""
        try:
            leg.call = await self.agent.dial(address)
        except (BaresipError, ValueError) as reason:
            log.warning("leg %s: not dialed: %s", leg.id, reason)
            self.never(leg, "unreachable", 503)
            return
        self._adopt(leg)
        if leg.ours:  # was called off in the meantime
            await self.hang(leg, leg.ours)

    def never(self, leg: Leg, cause: str, code: int) -> None:
        """This leg ends before anything was sent."""
        leg.ended = Ending(cause, code, "us")
        self.closed(leg)

    async def answer(self, leg: Leg) -> None:
        with contextlib.suppress(BaresipError):
            await leg.call.answer()

    async def hang(self, leg: Leg, cause: str) -> None:
        """End the leg, ringing or not. Its close follows, from the stack or, if that stays silent, from here."""
        leg.ours = leg.ours or cause
        if leg.call is None:
            return
        with contextlib.suppress(BaresipError):
            await leg.call.hangup()
        asyncio.get_running_loop().call_later(2, self._end, leg, "")

    # --- events -----------------------------------------------------------------------------------------------------

    def _adopt(self, leg: Leg) -> None:
        self.legs[leg.call.handle] = leg
        for event in self._early.pop(leg.call.handle, []):
            self._on_event(event)

    def _on_event(self, event: StackEvent) -> None:
        if event.event is Event.CALL_INCOMING:
            self._latest = event  # the agent's own callback follows at once
        if not event.call:
            return
        leg = self.legs.get(event.call)
        if leg is None:
            self._keep(event)
        elif event.event is Event.CALL_ESTABLISHED:
            leg.up.set()
        elif event.event is Event.CALL_DTMF_START and event.text:
            self.keyed(leg, event.text)
        elif event.event is Event.CALL_CLOSED:
            self._end(leg, event.text or "")

    def _keep(self, event: StackEvent) -> None:
        self._early.setdefault(event.call, []).append(event)
        while len(self._early) > 64:
            del self._early[next(iter(self._early))]

    def _end(self, leg: Leg, text: str) -> None:
        if leg.ended is not None:
            return
        leg.ended = ending(text, leg.inbound or leg.up.is_set(), leg.ours)
        if leg.call is not None:
            self.legs.pop(leg.call.handle, None)
        self.closed(leg)

    def _on_incoming(self, call: Any) -> None:
        agent = call.headers.get("User-Agent", "").lower()
        leg = Leg(f"{id(call):x}", call)
        if any(word in agent for word in SCANNERS):
            log.warning("a scanner calls and is kept waiting: %s", agent[:40])
            asyncio.get_running_loop().call_later(UNHURRIED_SECONDS, lambda: asyncio.ensure_future(self._refuse(call)))
            return
        caller = Caller(self._latest.from_ or call.peer or "", call.headers.get("Contact", ""), self._latest.to or "")
        self.incoming(leg, caller)
        self._adopt(leg)

    async def _refuse(self, call: Any) -> None:
        with contextlib.suppress(BaresipError):
            await call.reject()

    async def refuse(self, leg: Leg) -> None:
        leg.ours = "declined"
        await self._refuse(leg.call)


def _check_free(host: str, port: int) -> None:
    """The stack does not always say that a port is taken, so this asks first. Raises CannotListen."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((host, port))
        except OSError as reason:
            raise CannotListen(
                f"The telephone line cannot listen on {host}:{port} ({reason.strerror}). "
                "Is another Peerline running? PEERLINE_SIP sets another address."
            ) from reason
