"""Messaging: what leaves the machine towards a person, and the outbox that remembers it.

A message is a row, written in the transaction that wants it, under a key: the same key never sends twice. A job then
hands it to the channel: smtp, sms, voice or, where nothing is configured, the screen (the outbox page). Words are
sealed; a code is wiped once it has left. Subjects and texts name no illness: they light up on a locked telephone.
A provider that dies between taking a message and telling us may send it twice: our id goes along so that it need not.
"""
