"""A small telephone carrier of the Twilio dialect, for tests: no carrier's account, no network beyond this machine.

carrier.py holds calls, conferences and recordings and asks Peerline's real doors by signed requests; strict.py reads the
replies and refuses what a carrier would refuse; rest.py is its REST interface, over real HTTP; faults.py loses, doubles,
delays and reorders what it has to tell. Written from the carrier's documentation, not from our own engine: it shares no
code with it. No real carrier was used.
"""
