"""The telephone exchange: joins people who never learn each other's number.

A call is one attempt to talk, from the first leg to the last. A leg is one telephone's part in it, led by a dialogue
(kernel/dialogue.py) whose journal of answers is its whole state. A conversation happens in a room: a row that legs
enter and leave. An engine (engines/) moves the audio and knows nothing else (port.py). Everything the exchange does to
another leg is an effect: a row written in the same commit, carried out afterwards, harmless when carried out twice.

switchboard.py takes an engine's report in one transaction; rooms.py decides who is where and why; effects.py carries
the outbox to the engines; dialogues.py is the list of dialogues, looks and deeds that config/wiring.py fills.
"""
