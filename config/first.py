"""A start without demonstration people: who is the first administrator?"""


def first_lines() -> list[str]:
    from django.conf import settings

    return [f"  To make the first administrator, open {settings.PUBLIC_URL}/first/"]
