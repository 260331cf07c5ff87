"""Played life: made-up people live through the weeks of a program, on a moved clock, by the same doors as everybody.

A *stage* holds the moved clock, the simulated line, and what is to come. *Participants* and the *office* act through
dialogues and services; nothing is written straight into tables. What Peerline does by itself (regular work, jobs,
rings) runs between their acts, as in earnest. Whatever somebody does hangs on the seed, on who they are and on the day,
never on the order of things: the same life is lived again after a restart.
"""
