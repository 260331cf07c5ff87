"""A telephone for `./run call` and the tests: a real SIP phone in a process of its own.

`Telephone` starts the process and drives it; what it may be told and what it tells stands in words.py. What the phone
hears goes into a WAV file, its ear, from the moment the call is up; hearing.py reads it: which tone, when, and how much
of one recording is in another. Two stacks can be the phone: PJSIP (pjsip_phone.py), which shares no code with the
embedded engine, where its package has a build for the platform, and baresip (baresip_phone.py) everywhere else.

PJSIP is under the GPL. Nothing here is imported by the running line, and the package stands in the test group only.
"""
