"""People: who they are, where they belong, what they may do, how and when they may be reached.

A person needs no e-mail and no login: a kitchen telephone is enough. An account is the key of somebody who also uses
the website. A role says what a person may do and where: in an organization, one site of it, or one program (known here
by its number only). Contact points are sealed; a keyed hash finds them. Towards a partner a person has a nickname and
nothing else. Blocked hours are a week on the person's own wall clock (kernel/week.py).
"""
