"""A participant's day in Spanish, with a keyboard alone: all that somebody who takes part can do."""

import pytest

from peerline.jobs.services import drain
from peerline.messaging.models import Message
from peerline.outcomes import services as outcomes
from peerline.outcomes.models import Sheet
from peerline.pairs.models import TalkTime
from peerline.people import services as people
from peerline.people.access import PLATFORM
from peerline.people.queries import person_known
from peerline.plans.models import Plan
from peerline.programs.models import Enrollment
from tests.browser import sign_in
from tests.cast import sign_in as sign_in_client
from tests.exchange.conftest import ELM, ROSA
from tests.pages import rounds
from tests.pages.hands import Watched

pytestmark = [pytest.mark.browser]


@pytest.fixture
def hands(place, new_page, client, live_server):
    """Elm, who reads Spanish, has questions to answer and is asked to a session."""
    me = place.participant
    people.set_language(PLATFORM, person_id=me.pk, language="es")
    row = Enrollment.objects.get(person=me)
    outcomes.open_sheet(PLATFORM, enrollment_id=row.pk, occasion="baseline", instruments=["confidence"])
    rounds.sessions(place)
    sign_in_client(client, me)
    page = new_page("es")
    sign_in(page, client, live_server)
    page.goto("/my/")
    return Watched(page, "es")


@pytest.mark.req("S15", "S16", "S30", "S31", "S47", "S55", "S58", "S121")
def test_from_the_questions_to_a_plan_a_session_words_for_the_partner_and_out(hands, place):
    assert hands.says("Maple")
    has_both_called(hands, place)
    answers_the_questions(hands)
    makes_a_plan(hands, place)
    looks_back_on_it(hands, place)
    comes_to_the_session(hands)
    chooses_how_and_when(hands, place)
    writes_and_asks_for_a_time(hands, place)
    sees_who_looked(hands)
    stops(hands, place)


def has_both_called(one, place):
    """The line rings Elm; Elm presses 1, and it rings Maple."""
    one.press("Llamar a Maple ahora")
    assert one.says("Su teléfono va a sonar")
    line = place.town.line
    line.settle()
    elm = line.ringing_at(ELM)
    line.answer(elm)
    line.press(elm, "1")
    line.refuse(line.ringing_at(ROSA), "no_answer", 408)
    line.hang_up(elm)
    drain()


def answers_the_questions(one):
    one.press("Contestar")
    one.press("Empezar")
    one.choose("7")
    one.press("Continuar")
    one.press("Enviar mis respuestas")
    assert Sheet.objects.get(occasion="baseline").state == "done"


def makes_a_plan(one, place):
    """Sure 5 of 10: the step is made smaller, and then it is 8."""
    one.open("/my/")
    one.press("Hacer un plan")
    one.press("Hacer un plan")
    says(one, "Moverme más")
    says(one, "Caminar", "¿Qué va a hacer?")
    says(one, "15 minutos", "¿Cuánto?")
    says(one, "después de comer", "¿Cuándo?")
    says(one, "5")
    says(one, "Lluvia", "¿Qué podría estorbar?")
    says(one, "Mi hermana", "¿Quién o qué")
    says(one, "5")
    assert one.says("Su seguridad es 5 de 10")
    one.press("Hacer el paso más pequeño")
    says(one, " hasta la esquina", "¿Qué va a hacer?")
    says(one, " o menos", "¿Cuánto?")
    says(one, "3")
    says(one, "8")
    one.press("Este es mi plan")
    step = Plan.objects.get(person=place.participant).newest
    assert (step.what, step.confidence, step.door) == ("Caminar hasta la esquina", 8, "web")


def says(one, answer, label=""):
    """One question: typed behind what stands there, or chosen."""
    if label:
        one.reach(label)
        one.page.keyboard.press("End")
        one.page.keyboard.type(answer)
    else:
        one.choose(answer)
    one.press("Continuar")


def looks_back_on_it(one, place):
    one.press("¿Cómo le fue?")
    one.choose("Lo hice")
    one.press("Continuar")
    one.choose("Seguir con el mismo paso")
    one.press("Guardar")
    assert Plan.objects.filter(person=place.participant, state="reviewed").exists()


def comes_to_the_session(one):
    """Already coming: cannot, and then can."""
    one.press("Mis reuniones")
    one.press("No puedo ir")
    one.press("Voy a ir")
    assert one.says("Usted va a ir") or one.says("lista de espera")


def chooses_how_and_when(one, place):
    one.open("/my/")
    one.press("Cambiar cómo llegan")
    one.choose("Un correo electrónico")
    one.press("Guardar")
    one.open("/my/")
    one.press("Las horas en que recibo llamadas")
    one.mark("Todas las noches")
    one.press("Guardar")
    assert person_known(place.participant.pk).blocked


def writes_and_asks_for_a_time(one, place):
    one.open("/my/")
    one.press("Mensajes")
    one.write("Sus palabras", "Hola, ya caminé hoy.")
    one.press("Enviar")
    drain()
    assert Message.objects.filter(to_person=place.town.rosa.pk).exists()
    one.open("/my/")
    one.press("Pedir una hora")
    one.mark(one.page.locator("main label").first.inner_text())
    one.press("Preguntar a mi pareja")
    assert TalkTime.objects.get().asked_by_id == place.participant.pk


def sees_who_looked(one):
    one.press("Sobre mí")
    assert one.says("Quién miró") and one.says("Usted")


def stops(one, place):
    one.open("/my/")
    one.press("Dejar de participar")
    one.press("Dejarlo ahora")
    assert one.says("Usted ya salió")
    place.town.pair.refresh_from_db()
    assert place.town.pair.ended_at
