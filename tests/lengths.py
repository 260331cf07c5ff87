"""How long a test runs: whole with `./run test --long`, else what an everyday run holds."""

import os


def length(whole: int, everyday: int) -> int:
    """On PostgreSQL an everyday run holds a fifth: it is there for what the database does otherwise, which shows early."""
    if os.environ.get("PEERLINE_LONG"):
        return whole
    return max(1, everyday // 5) if "postgres" in os.environ.get("PEERLINE_DATABASE_URL", "") else everyday
