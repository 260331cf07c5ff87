"""Carrier: one account at one telephone carrier of the Twilio dialect, as far as calls and texts share it.

rest.py is its REST interface, with the account's password; signatures.py tells its own requests from everybody else's. No
table, no word about people: the exchange (calls) and messaging (texts) stand on it, each with its own doors.
"""
