"""The telephone's own process: reads what it is told from stdin, tells on stdout (words.py)."""

import argparse
import json
import queue
import sys
import threading
import time
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from peerline.exchange.telephone.hearing import RATE, read_growing, tone_of
from peerline.exchange.telephone.words import TONES_HZ, tell

STACKS = {"pjsip": ("pjsua2", "pjsip_phone"), "baresip": ("baresip", "baresip_phone")}
WINDOW = RATE // 10


def best_stack() -> str:
    """The independent stack where it has a build for this platform. Raises RuntimeError when there is none at all."""
    for name, (package, _) in STACKS.items():
        if find_spec(package):
            return name
    raise RuntimeError("no SIP stack for the test telephone has a build for this platform")


class Listener:
    """Follows the growing ear of each call and tells when the sound changes."""

    def __init__(self) -> None:
        self.ear: Path | None = None
        self.place, self.last, self.looked_at = 0, -1, 0.0

    def look(self, ear: Path) -> None:
        if time.monotonic() - self.looked_at < 0.1:
            return
        self.looked_at = time.monotonic()
        if ear != self.ear:
            self.ear, self.place, self.last = ear, 0, -1
        fresh = read_growing(self.ear, self.place)
        for start in range(0, len(fresh) - WINDOW + 1, WINDOW):
            self.place += WINDOW
            hz = tone_of(fresh[start : start + WINDOW], TONES_HZ)
            if hz != self.last:
                self.last = hz
                tell("hears", hz=hz, second=round(self.place / RATE, 2))


def _hear_orders(orders: queue.SimpleQueue[dict[str, Any]]) -> None:
    for line in sys.stdin:
        orders.put(json.loads(line))
    orders.put({"do": "quit"})  # whoever drove it is gone


def main() -> None:
    parser = argparse.ArgumentParser("telephone")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--user", default="phone")
    parser.add_argument("--ears", type=Path, required=True, help="the folder for what it hears, a file a call")
    parser.add_argument("--stack", choices=STACKS, default=best_stack())
    args = parser.parse_args()
    phone = import_module(f"peerline.exchange.telephone.{STACKS[args.stack][1]}").Phone(
        args.host, args.port, args.user, args.ears
    )
    orders: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    threading.Thread(target=_hear_orders, args=(orders,), daemon=True).start()
    tell("ready", port=args.port, stack=phone.stack)
    listener = Listener()
    while True:
        phone.turn()
        listener.look(phone.ear)
        while not orders.empty():
            order = orders.get()
            try:
                getattr(phone, order.pop("do"))(**order)
            except Exception as reason:  # noqa: BLE001 (the parent is told; the phone goes on)
                tell("wrong", what=f"{type(reason).__name__}: {reason}")


if __name__ == "__main__":
    main()
