from django.http import HttpRequest, HttpResponse

from peerline.people.access import allow, anyone


@allow(anyone)
def front(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Peerline")
