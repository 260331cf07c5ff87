"""The telephone on PJSIP, by pjsua2: independent of the embedded engine down to the last line.

Traps: asserts are compiled in, so a call from a foreign thread or an object collected after libDestroy() ends the
process; hence one thread, everything held in self.kept, and os._exit at the end.
"""

import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pjsua2 as pj

from peerline.exchange.telephone.words import next_ear, tell

Told = dict[str, Any]


class Line(pj.Call):
    """The phone's one call."""

    def __init__(self, phone: "Phone", *args: Any) -> None:
        super().__init__(phone.account, *args)
        self.phone = phone

    def onCallState(self, prm: pj.OnCallStateParam) -> None:
        info = self.getInfo()
        if info.state == pj.PJSIP_INV_STATE_EARLY and info.role == pj.PJSIP_ROLE_UAC:
            tell("ringing")
        elif info.state == pj.PJSIP_INV_STATE_DISCONNECTED:
            self.phone.over(info.lastStatusCode, info.lastReason)

    def onCallMediaState(self, prm: pj.OnCallMediaStateParam) -> None:
        info = self.getInfo()  # held: its list of media dies with it
        for index, media in enumerate(info.media):
            if media.type == pj.PJMEDIA_TYPE_AUDIO and media.status == pj.PJSUA_CALL_MEDIA_ACTIVE:
                self.phone.talk(self.getAudioMedia(index))

    def onDtmfDigit(self, prm: pj.OnDtmfDigitParam) -> None:
        tell("key", key=prm.digit)


class Account(pj.Account):
    """Where calls come in."""

    phone: "Phone"

    def onIncomingCall(self, prm: pj.OnIncomingCallParam) -> None:
        self.phone.rung(Line(self.phone, prm.callId), prm.rdata.wholeMsg)


class Phone:
    """One phone with one line; a second call at the same time is told it is busy."""

    stack = "pjsip"

    def __init__(self, host: str, port: int, user: str, ears: Path) -> None:
        self.ears, self.kept = ears, list[Any]()
        self.line: Any = None
        self.audio: Any = None
        self.player: Any = None
        self.ear = next_ear(ears)
        self.recorder: pj.AudioMediaRecorder | None = None
        self.ending: tuple[int, str] | None = None
        self.wish: tuple[str, bool] | None = None
        self.endpoint = _endpoint(host, port)
        config = pj.AccountConfig()
        config.idUri = f"sip:{user}@{host}:{port}"
        media = config.mediaConfig.transportConfig
        media.boundAddress, media.publicAddress, media.port, media.portRange = host, host, 20000 + port % 20000, 400
        self.account = Account()
        self.account.phone = self
        self.account.create(config)

    def turn(self) -> None:
        """Let the stack work for up to 10 ms. A recorder writes its last quarter second only when it is let go."""
        self.endpoint.libHandleEvents(10)
        if self.ending:
            (code, reason), self.ending, self.recorder = self.ending, None, None
            tell("ended", code=code, reason=reason)

    def quit(self) -> None:
        """End at once: tearing pjsua2 down in Python is where it crashes."""
        with contextlib.suppress(pj.Error):
            self.endpoint.hangupAllCalls()
            for _ in range(20):
                self.turn()
        os._exit(0)

    def rung(self, line: Line, text: str) -> None:
        self.kept.append(line)
        prm = pj.CallOpParam()
        if self.line is not None:
            prm.statusCode = 486
            line.phone = _Nobody()
            line.answer(prm)
            return
        self.line = line
        prm.statusCode = 180
        line.answer(prm)
        tell("incoming", **{"from": line.getInfo().remoteUri}, text=text)

    def talk(self, audio: pj.AudioMedia) -> None:
        """Media is up, for the first time or again after the other side changed its mind about ports."""
        first, self.audio = self.audio is None, audio
        self.kept.append(audio)
        if first:
            self.ear = next_ear(self.ears)
            recorder = pj.AudioMediaRecorder()
            recorder.createRecorder(str(self.ear))
            self.recorder = recorder
        audio.startTransmit(self.recorder)
        if self.wish:
            self.play(*self.wish)
        if first:
            tell("answered", ear=str(self.ear))

    def over(self, code: int, reason: str) -> None:
        self.line = self.audio = self.player = self.wish = None
        self.ending = (code, reason)

    # --- what it may be told --------------------------------------------------------------------------------------

    def dial(self, to: str) -> None:
        self.line = Line(self)
        self.kept.append(self.line)
        self.line.makeCall(to, pj.CallOpParam(True))

    def answer(self) -> None:
        self._answer(200)

    def reject(self, code: int = 486, to: str = "") -> None:
        self._answer(code, to)

    def _answer(self, code: int, contact: str = "") -> None:
        prm = pj.CallOpParam()
        prm.statusCode = code
        if contact:
            header = pj.SipHeader()
            header.hName, header.hValue = "Contact", f"<{contact}>"
            headers = pj.SipHeaderVector()
            headers.append(header)
            prm.txOption.headers = headers
        self.line.answer(prm)

    def press(self, keys: str) -> None:
        self.line.dialDtmf(keys)

    def play(self, wav: str, loop: bool = False) -> None:
        self.silence()
        self.wish = (wav, loop)
        if self.audio is None:
            return
        self.player = pj.AudioMediaPlayer()
        self.player.createPlayer(wav, 0 if loop else pj.PJMEDIA_FILE_NO_LOOP)
        self.kept.append(self.player)
        self.player.startTransmit(self.audio)

    def silence(self) -> None:
        self.wish = None
        if self.player is not None and self.audio is not None:
            self.player.stopTransmit(self.audio)
        self.player = None

    def refer(self, to: str) -> None:
        self.line.xfer(to, pj.CallOpParam())

    def hang(self) -> None:
        self.line.hangup(pj.CallOpParam())


class _Nobody:
    """Stands in for the phone of a call that was told busy: nothing about it is told."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_: None


def _endpoint(host: str, port: int) -> pj.Endpoint:
    endpoint, config, transport = pj.Endpoint(), pj.EpConfig(), pj.TransportConfig()
    endpoint.libCreate()
    config.uaConfig.threadCnt, config.uaConfig.mainThreadOnly = 0, True
    config.uaConfig.userAgent = "Peerline test telephone"
    config.medConfig.clockRate, config.medConfig.noVad, config.medConfig.ecTailLen = 8000, True, 0
    config.logConfig.level = config.logConfig.consoleLevel = 0
    endpoint.libInit(config)
    transport.boundAddress = transport.publicAddress = host
    transport.port = port
    endpoint.transportCreate(pj.PJSIP_TRANSPORT_UDP, transport)
    endpoint.audDevManager().setNullDev()
    endpoint.libStart()
    for codec in endpoint.codecEnum2():
        endpoint.codecSetPriority(codec.codecId, 255 if codec.codecId.startswith("PCMU") else 0)
    return endpoint
