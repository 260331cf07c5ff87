"""A start without demonstration people: who is the first administrator?"""


def first_lines() -> list[str]:
    """Where to go and with which key, at each start while there is no administrator; each key makes the older ones void."""
    from django.conf import settings

    from peerline.entry.services import first_key

    key = first_key()
    if key is None:
        return [f"  Sign in at {settings.PUBLIC_URL}/sign-in/   What is missing before people are invited: /ready/"]
    return [
        f"  To make the first administrator, open {settings.PUBLIC_URL}/first/",
        f"  and enter this key:  {key}   It works once, within 24 hours; the next start prints another one.",
    ]
