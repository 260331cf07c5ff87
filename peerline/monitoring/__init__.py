"""Monitoring: live calls, the call log, contact history. Reads everything below; writes only its own roll-ups."""
