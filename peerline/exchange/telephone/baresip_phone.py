"""The telephone on baresip, for platforms without a PJSIP build. Shares its stack with the line, so it proves less."""

import asyncio
import contextlib
import time
import wave
from pathlib import Path
from typing import Any

from baresip import Account, AudioNotActive, AudioRestarted, BaresipError, Config, Event, Runtime, StackEvent, UserAgent

from peerline.exchange.telephone.hearing import RATE
from peerline.exchange.telephone.words import next_ear, tell

FRAME_BYTES, LEAD_BYTES = 320, 1280


class Phone:
    """One phone with one line."""

    stack = "baresip"

    def __init__(self, host: str, port: int, user: str, ears: Path) -> None:
        self.ears, self.ear, self.loop = ears, next_ear(ears), asyncio.new_event_loop()
        self.call: Any = None
        self.up, self.words, self.place, self.again = False, b"", 0, False
        self.file: Any = None
        self.due = time.monotonic()
        self.loop.run_until_complete(self._open(host, port, user))

    async def _open(self, host: str, port: int, user: str) -> None:
        self.runtime = Runtime()
        extra = f"sip_listen {host}:{port}\nsip_transports udp\n"
        await self.runtime.start(Config(net_interface=host, native_log_level="error", extra_config_text=extra))
        self.runtime.subscribe(self._on_event)
        account = Account(user, f"{host}:{port}", "", reg_interval=0, audio_codecs=("pcmu",))
        self.agent = await UserAgent.create(self.runtime, account)
        self.agent.on_incoming(self._rung)

    def turn(self) -> None:
        """Let the stack work until the next 20 ms are due, then carry them."""
        self.loop.run_until_complete(asyncio.sleep(max(0.0, self.due - time.monotonic())))
        self.due = max(self.due + 0.02, time.monotonic() - 0.2)
        if self.up:
            with contextlib.suppress(AudioNotActive, AudioRestarted):
                self._carry()

    def _carry(self) -> None:
        self.file.writeframesraw(self.call.audio.read(8 * FRAME_BYTES))
        self.file._file.flush()
        if self.place >= len(self.words) and self.again:
            self.place = 0
        frame = self.words[self.place : self.place + FRAME_BYTES]
        if frame and self.call.audio.info().tx_buffered < LEAD_BYTES:
            self.place += self.call.audio.write(frame)

    def quit(self) -> None:
        with contextlib.suppress(BaresipError):
            self.loop.run_until_complete(self.runtime.close())
        raise SystemExit

    def _rung(self, call: Any) -> None:
        if self.call is not None:
            self.loop.create_task(call.reject())
            return
        self.call = call
        tell("incoming", **{"from": call.peer}, text="")

    def _on_event(self, event: StackEvent) -> None:
        match event.event:
            case Event.CALL_RINGING:
                tell("ringing")
            case Event.CALL_ESTABLISHED:
                self.loop.create_task(self._talk())
            case Event.CALL_DTMF_START if event.text:
                tell("key", key=event.text)
            case Event.CALL_CLOSED if self.call is not None and event.call == self.call.handle:
                self._over(event.text or "")

    async def _talk(self) -> None:
        while self.call is None:  # established before dial() returned
            await asyncio.sleep(0)
        self.ear = next_ear(self.ears)
        self.file = wave.open(str(self.ear), "wb")  # noqa: SIM115 (stays open for the call)
        self.file.setparams((1, 2, RATE, 0, "NONE", ""))
        self.file.writeframesraw(b"")
        self.up = True
        tell("answered", ear=str(self.ear))

    def _over(self, reason: str) -> None:
        if self.file:
            self.file.close()
        code = reason[:3]
        self.call, self.up, self.file = None, False, None
        self.silence()
        tell("ended", code=int(code) if code.isdigit() else 200, reason=reason)

    # --- what it may be told --------------------------------------------------------------------------------------

    def _do(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    def dial(self, to: str) -> None:
        self.call = self._do(self.agent.dial(to))

    def answer(self) -> None:
        self._do(self.call.answer())

    def reject(self, code: int = 486, to: str = "") -> None:
        if code != 486:
            raise ValueError("this stack only says busy")
        self._do(self.call.reject())

    def press(self, keys: str) -> None:
        self.loop.create_task(self.call.send_dtmf(keys))

    def play(self, wav: str, loop: bool = False) -> None:
        with wave.open(wav) as file:
            self.words, self.place, self.again = file.readframes(file.getnframes()), 0, loop

    def silence(self) -> None:
        self.words, self.again = b"", False

    def refer(self, to: str) -> None:
        self.loop.create_task(self.call.transfer(to))

    def hang(self) -> None:
        self._do(self.call.hangup())
