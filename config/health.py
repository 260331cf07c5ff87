"""/healthz: is the website up, and does its database answer?"""

from django.db import connection
from django.http import HttpRequest, HttpResponse

from peerline.people.access import allow, anyone


@allow(anyone)
def healthz(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")
