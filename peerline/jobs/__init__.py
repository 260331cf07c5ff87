"""Durable work: what must happen after a commit, even if the process dies on the next line.

A job is a row with a unique key, written in the transaction that wants it. A worker claims it by a conditional update
with a lease; a worker that dies leaves a lease that runs out, and another takes the job up. So a job may run twice:
each one reads its own row again and does nothing when it is already done. Failures are tried again later and later;
after `most_tries` a job waits for a person. News (kernel/events.py) becomes one job per listener. Regular work (`every`)
is a row too, claimed by the same update: there is no second clock process.
"""
