"""Groups: the sessions of a program, their agenda set by those who come, and the training in talking with a partner.

A session is at a place, by telephone on our own line, or behind a video link. A seat is one person's place in one
session: invited, coming, waiting for a free seat, or not coming; and afterwards whether they came. A point is something
the group should talk about, brought by anybody who takes part (S44); what was not reached goes to the next session.

Invariants: coming people never outnumber the seats; whoever waits moves up by themselves, longest wait first; nobody is
told the same thing twice; the calendar's words name no illness; training is recorded once, with how and when (S28).
"""
