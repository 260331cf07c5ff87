"""The audit log: who did what, and who looked at whom. Append-only, tamper-evident.

A line is written in the transaction of the deed it tells of. The worker then seals lines in order: each seal holds a
hash over its lines and the seal before, so that an edit, a deletion, a swap or a cut shows, and where. The last seal
can be kept outside (`./run audit` prints it), which also shows a log rebuilt whole. A line names its subject, never
a telephone number, an address or what was said.
"""
