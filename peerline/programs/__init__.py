"""Programs: a program is a protocol and its people.

An enrollment is one person in one program, with the facts matching will need. Consent is given to a version of a text
and can be withdrawn. A stopped enrollment ends contact at once; staff complete the removal later. The rooms above say
what a program does (pairs, groups, coaching); here stands only who is in it and by which rules.
"""
