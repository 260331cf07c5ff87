"""Protocols: what a program does, week by week, as one readable file.

A protocol is data: sessions, talks, plans, assessments, phases, who may take part, who is told when something is wrong.
`shape` says what a file may hold, `reading` turns text into a `Protocol` or into a list of `Problem`s that each name a
line, `shelf` knows which files this server has. A version never changes once a program began with it: a changed
protocol is a new version. Pure: no Django here; the words for problems stand in programs/words.py.
"""
