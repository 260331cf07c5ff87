"""The webhook engine: a telephone carrier that speaks the Twilio dialect moves the audio, wherever it is.

The carrier asks by a signed request what a leg is to hear (views.py), and gets it as XML (replies.py, verbs.py). Its
answers come as requests again; what is done to another leg goes out over its REST interface (engine.py, rest.py). Between
two requests nothing of a call is kept but its rows, so any web process answers any request. recordings.py brings home
what was spoken; process.py is what the worker does for this engine.

Invariants: nothing counts that the carrier did not sign; the same report twice changes nothing; a recording is safe here
before its step is answered, and gone there afterwards; nothing of one party (number, name, id) is put into what the
other's telephone receives, and no keys of a secret into a log.
"""
