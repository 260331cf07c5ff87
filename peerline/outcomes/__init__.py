"""Outcomes: what people say and what is measured, so that a program knows whether it does any good.

An instrument is a questionnaire as data: one file in `instruments/`, with its licence. A sheet is one person's set of
questions on one occasion ("baseline"); it is answered by any door, can be put down and taken up again, and closes after
its days. An answer is kept once for each question; what was answered last, stands. A score is worked out from a whole
instrument by a pure rule with its source. A measure is a clinical value with its unit and its day.

What licences forbid to ship is here without its words: a site that holds the licence enters them. Own questions are
never called validated. Nobody is asked about wishing to die by a machine: the ninth question of the PHQ-9 is not in any
set we ship.
"""
