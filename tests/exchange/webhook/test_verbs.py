"""What a carrier would not understand never leaves the house; what the reader of the simulator refuses, too."""

import pytest

from peerline.exchange.engines.webhook import replies
from peerline.exchange.engines.webhook.keys import answer_in, fills
from peerline.exchange.engines.webhook.verbs import NotInTheTable, Verb, document
from peerline.exchange.port import Perform
from peerline.kernel.dialogue import Enter, Hang, Keys, Press, Record, Secret, Spoken
from tests.carrier.strict import DocumentRefused, read

PLAY = Verb("Play", text="https://peerline.example/carrier/words/en/goodbye.wav")
WRONG = {
    "an unknown verb": (Verb("Sing"),),
    "an unknown attribute": (Verb("Hangup", {"loudly": "true"}),),
    "an attribute of another verb": (Verb("Pause", {"numDigits": "1"}),),
    "a value that is no number": (Verb("Pause", {"length": "long"}),),
    "a value that is not yes or no": (Verb("Dial", {"hangupOnStar": "yes"}, (Verb("Conference", text="a" * 32),)),),
    "a timeout of nothing": (Verb("Gather", {"timeout": "0"}),),
    "a script for an address": (Verb("Redirect", text="javascript:alert(1)"),),
    "a name with spaces for a room": (Verb("Dial", {}, (Verb("Conference", text="Rosa and Elm"),)),),
    "a number in a room's name": (Verb("Dial", {}, (Verb("Conference", text="+17345550101"),)),),
    "a person's name as a label": (Verb("Dial", {}, (Verb("Conference", {"participantLabel": "Rosa"}, text="a" * 32),)),),
    "a room outside a dial": (Verb("Conference", text="a" * 32),),
    "a dial in a gather": (Verb("Gather", {}, (Verb("Dial"),)),),
    "an empty dial": (Verb("Dial"),),
    "two rooms in one dial": (Verb("Dial", {}, (Verb("Conference", text="a" * 32),) * 2),),
    "words in a hangup": (Verb("Hangup", text="goodbye"),),
    "nothing to play": (Verb("Play"),),
    "something after the end": (Verb("Hangup"), PLAY),
    "something after a redirect": (Verb("Redirect", text="https://peerline.example/"), Verb("Hangup")),
}  # fmt: skip


@pytest.mark.req("T10")
@pytest.mark.parametrize("what", WRONG)
def test_what_is_not_in_the_table_is_not_rendered(what):
    with pytest.raises(NotInTheTable):
        document(WRONG[what])


SAID = (Spoken("en", "arrive.welcome"), Spoken("en", "arrive.hello", (("name", "Maple"),)), Spoken("en", voice_id=7))
STEPS = [
    Press("a"), Press("a", seconds=4), Keys("a", 4), Secret("a", "entry.try_pin"), Record("a"), Enter("a", 5),
    Enter("a", 5, away_key="#"), Hang(),
]  # fmt: skip


@pytest.mark.parametrize("step", STEPS, ids=str)
@pytest.mark.parametrize("said", [(), SAID])
def test_every_step_becomes_a_document_that_a_carrier_reads(step, said):
    verbs = read(document(replies.reply_to(Perform(3, 9, said, step))), "text/xml")
    played = [inner.text for verb in verbs for inner in (verb, *verb.inside) if inner.name == "Play"]
    assert len(played) == len(said) == len(set(played))


def test_no_name_number_or_id_of_a_person_stands_in_a_document():
    for step in STEPS:
        text = document(replies.reply_to(Perform(3, 9, SAID, step))).decode()
        assert "Maple" not in text and "+1" not in text


def test_silence_is_an_answer_for_every_question():
    """A carrier goes on to the verb behind a Gather that heard nothing: it must lead back to the same question."""
    for step in (Press("a"), Keys("a", 4), Secret("a", "entry.try_pin")):
        gather, redirect = read(document(replies.reply_to(Perform(3, 9, (), step))), "text/xml")
        assert (gather.name, redirect.name) == ("Gather", "Redirect")
        assert gather.attributes["action"] == redirect.text


@pytest.mark.parametrize(
    "wrong",
    [
        b"<Response><Sing/></Response>",
        b"<Response><Play/></Response>",
        b"<Response",
        b"<Say/>",
        b"<Response><Conference>x</Conference></Response>",
    ],
)
def test_the_simulated_carrier_is_strict(wrong):
    with pytest.raises(DocumentRefused):
        read(wrong, "text/xml")


@pytest.mark.parametrize(
    ("step", "digits", "answer"),
    [
        (Press("a"), "", ("", "")),
        (Press("a"), "5", ("5", "")),
        (Keys("a", 4), "1234", ("1234", "")),
        (Keys("a", 4), "12345", ("1234", "5")),
        (Keys("a", 4), "*", ("*", "")),
        (Keys("a", 4), "0123", ("0", "123")),
        (Keys("a", 4, lone=""), "0123", ("0123", "")),
        (Secret("a", "v"), "", ("", "")),
        (Record("a"), "5", None),
        (Enter("a", 1), "*", None),
    ],
)
def test_digits_become_the_answer_and_what_is_left_over(step, digits, answer):
    assert answer_in(step, digits) == answer


def test_keys_left_over_answer_a_question_only_when_they_fill_it():
    assert fills(Press("a"), "1") and fills(Keys("a", 2), "12") and fills(Keys("a", 9), "*")
    assert not fills(Press("a"), "") and not fills(Keys("a", 3), "12") and not fills(Record("a"), "1")
