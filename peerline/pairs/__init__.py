"""Pairs: two people who help each other (three where one would be left alone).

Both receive and both give: no field, label or prompt names a helper (S27). A coordinator makes a pair, or ends one
with a reason and no blame; history stays. A person is in one active pair of a program at a time. Partners know a
nickname of each other and nothing else: this room's phone and pages never touch a number.
"""
