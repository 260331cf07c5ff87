"""What is said before a step: alone or several together, in the language that held when it was yielded."""

from peerline.kernel.dialogue import Entry, Hear, Press, Say, Speak, Spoken, advance


def in_two_voices():
    yield ("greet.hello", Say("messages.new", count=2), Hear(7))
    yield Speak("es")
    yield "menu.help"
    yield Press("greet.choice")
    yield ("goodbye",)
    yield Press("greet.last")


def test_words_yielded_together_are_heard_in_their_order():
    said, step = advance(in_two_voices(), [])
    assert step == Press("greet.choice")
    assert said == (
        Spoken("en", "greet.hello"),
        Spoken("en", "messages.new", (("count", 2),)),
        Spoken("en", voice_id=7),
        Spoken("es", "menu.help"),
    )


def test_words_that_were_heard_are_not_said_again_by_a_replay():
    said, step = advance(in_two_voices(), [Entry(("Press", "greet.choice"), "1")])
    assert (said, step) == ((Spoken("es", "goodbye"),), Press("greet.last"))
