"""While Peerline is set up, its address answers with how far it is; then it is free for the website."""

import os
import socket
import time
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from config import doorway, processes
from config.doorway import Progress, open_to

pytestmark = pytest.mark.skipif(not processes.LINUX, reason="nothing is forked here")


@pytest.fixture
def bind():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return f"127.0.0.1:{free.getsockname()[1]}"


def seen(bind, language="en"):
    with pytest.raises(HTTPError) as refused:
        urlopen(Request(f"http://{bind}/desk/", headers={"Accept-Language": language}), timeout=5)
    answer = refused.value
    assert answer.code == 503, "nobody takes it for the website itself"
    assert answer.headers["Retry-After"] == "3"
    return answer.read().decode()


def test_whoever_comes_too_early_reads_how_far_it_is_in_their_language(bind):
    told, goes_on = os.pipe()
    progress = Progress(lambda sentence: None)

    def set_up():
        progress.far("weeks", 2, 6)
        os.read(told, 1)

    ended = processes.beside(set_up)
    with open_to(bind, progress):
        until = time.monotonic() + 20
        while "2 of 6 are over" not in seen(bind) and time.monotonic() < until:
            time.sleep(0.02)
        page = seen(bind, "fr-FR,es-MX;q=0.8,en;q=0.5")
        os.write(goes_on, b".")
        assert ended() == 0
    assert '<html lang="es">' in page
    assert "ya pasaron 2 de 6" in page
    host, port = bind.split(":")
    socket.create_server((host, int(port))).close()


def test_an_address_that_is_taken_holds_up_no_set_up(bind):
    host, port = bind.split(":")
    with socket.create_server((host, int(port))) as taken, open_to(bind, Progress(lambda sentence: None)):
        taken.settimeout(5)
        with socket.create_connection((host, int(port)), timeout=5) as caller:
            assert taken.accept()[1] == caller.getsockname(), "whoever had the address still answers there"


def test_both_languages_say_the_same_things():
    assert {name: sorted(words) for name, words in doorway.WORDS.items()} == {
        name: sorted(doorway.WORDS["en"]) for name in ("en", "es")
    }
    assert "Made-up" not in doorway.page("es", {"weeks": (1, 6), "voices": (60, 854)})
