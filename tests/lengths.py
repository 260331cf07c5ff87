"""How long a test runs: whole with `./run test --long`, else what an everyday run holds."""

import os


def length(whole: int, everyday: int, least: int = 1) -> int:
    """On PostgreSQL an everyday run holds a fifth: it is there for what the database does otherwise, which shows early; never less
    than `least`, below which the test would say nothing."""
    if os.environ.get("PEERLINE_LONG"):
        return whole
    return max(least, everyday // 5) if "postgres" in os.environ.get("PEERLINE_DATABASE_URL", "") else everyday
