"""`./run bench pages`: a whole Peerline is started on ports of its own, and its first page, memory and starts are measured.

The first page is the front page with all it draws in: style sheets, scripts, and every font and picture the style
sheets name (a browser may leave some out), as they come over the wire, compressed.
"""

import argparse
import gzip
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

Line = dict[str, Any]

LINKED = re.compile(r'<(?:link[^>]+rel="(?:stylesheet|preload|icon)"[^>]+href|script[^>]+src|img[^>]+src)="([^"]+)"')
IN_STYLE = re.compile(r"url\([\"']?([^)\"']+)[\"']?\)")


def register(benches: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = benches.add_parser("pages", help="the first page's weight and time, idle memory of everything, starts")
    parser.add_argument("--requests", type=int, default=200, help="how often the first page is asked for")
    parser.add_argument("--rest", type=float, default=10, help="seconds of rest before memory is read")
    parser.set_defaults(measure=measure)


def measure(args: argparse.Namespace) -> Iterator[Line]:
    """A first start into an empty folder, what it serves, and a second start."""
    from django.conf import settings

    served = Served(settings.STATE / "served")
    yield {"measure": "start", "which": "first, making everything", **served.start()}
    try:
        yield from _weight(served.address)
        yield _times(served, args.requests)
        time.sleep(args.rest)
        yield {"measure": "idle memory", **served.memory()}
    finally:
        served.end()
    try:
        yield {"measure": "start", "which": "second", **served.start()}
    finally:
        served.end()


class Served:
    """One Peerline with its children, on free ports."""

    def __init__(self, state: Path) -> None:
        web, line = _free_port(), _free_port()
        self.address = f"http://127.0.0.1:{web}"
        self._environment = {
            **os.environ, "PEERLINE_STATE": str(state), "PEERLINE_HTTP": f"127.0.0.1:{web}", "PEERLINE_SIP": f"127.0.0.1:{line}",
            "PEERLINE_PUBLIC_URL": self.address,
        }  # fmt: skip
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, most: float = 900) -> Line:
        """Seconds until the first page came, by the clock and of processor."""
        began = time.monotonic()
        command = [sys.executable, "-m", "peerline", "start"]
        self._process = subprocess.Popen(command, env=self._environment, stdout=subprocess.DEVNULL)
        while time.monotonic() < began + most:
            with suppress(OSError), urllib.request.urlopen(self.address, timeout=5):  # noqa: S310 - our own address
                return {"seconds": round(time.monotonic() - began, 2), "cpu_seconds": round(self.cpu_seconds(), 2)}
            time.sleep(0.02)
        raise TimeoutError("Peerline did not open")

    def end(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(30)

    def tree(self) -> list[int]:
        return tree_of(self._process.pid) if self._process else []

    def memory(self) -> Line:
        """PSS in MB: memory that processes share is counted once."""
        parts = [_pss_mb(pid) for pid in self.tree()]
        return {"pss_mb": round(sum(parts), 1), "processes": len(parts), "each_mb": parts}

    def cpu_seconds(self) -> float:
        ticks = 0
        for pid in self.tree():
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")


def tree_of(process_id: int) -> list[int]:
    """The process and all that came from it."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents[int(stat.parent.name)] = int(stat.read_text().rsplit(")", 1)[1].split()[1])
    found = [process_id]
    for pid in found:  # grows while it is walked
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def _free_port() -> int:
    """Below the ports that a system gives to callers: one of those, asked while nobody listens, may answer itself."""
    while True:
        port = random.randrange(20_000, 30_000)
        with socket.socket() as trial, suppress(OSError):
            trial.bind(("127.0.0.1", port))
            return port


def _pss_mb(pid: int) -> float:
    found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)
    return round(int(found[1]) / 1024, 1) if found else 0.0


def _fetched(address: str) -> tuple[int, str]:
    """How many bytes came over the wire, and the text."""
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})  # noqa: S310 - our own address
    with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
        body = response.read()
        head = len(str(response.headers).encode())
        plain = gzip.decompress(body) if response.headers.get("Content-Encoding") == "gzip" else body
    return len(body) + head, plain.decode("utf-8", "replace")


def _weight(address: str) -> Iterator[Line]:
    size, page = _fetched(address)
    waiting, seen = [urljoin(address, link) for link in LINKED.findall(page)], {address: size}
    for link in waiting:  # grows while it is walked
        if link in seen or not link.startswith(address):
            continue
        seen[link], text = _fetched(link)
        if ".css" in link:
            waiting += [urljoin(link, part) for part in IN_STYLE.findall(text) if not part.startswith("data:")]
    kinds = {
        kind: sum(size for link, size in seen.items() if re.search(rf"\.{kind}\b", link))
        for kind in ("css", "js", "woff2")
    }
    yield {"measure": "first page", "bytes": sum(seen.values()), "html_bytes": size, "script_bytes": kinds["js"], "style_bytes": kinds["css"], "font_bytes": kinds["woff2"], "requests": len(seen)}  # fmt: skip


def _times(served: Served, requests: int) -> Line:
    took, used = [], served.cpu_seconds()
    for _ in range(requests):
        began = time.perf_counter()
        _fetched(served.address)
        took.append(1000 * (time.perf_counter() - began))
    cpu, ordered = served.cpu_seconds() - used, sorted(took)
    return {
        "measure": "first page's time", "times": requests, "p50_ms": round(ordered[requests // 2], 1),
        "p95_ms": round(ordered[int(requests * 0.95) - 1], 1), "cpu_ms_per_request": round(1000 * cpu / requests, 2),
    }  # fmt: skip
