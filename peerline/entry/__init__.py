"""Entry: how anyone gets in by any door.

By telephone: the home number and a PIN of six digits. Number and PIN are answered the same when either is wrong, and
cost the same work. Failures are counted in two budgets: for each home number, and for the whole line; strange
telephones are turned to staff when a budget is spent, a registered telephone never is because of them (ADR 0140).
By web: staff with e-mail, password and a second factor; participants with a code sent to their telephone or e-mail.
A PIN or code is kept only as a hash, is shown once, and never enters a log, a journal or the audit.
"""
