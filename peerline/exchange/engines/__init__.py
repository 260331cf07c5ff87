"""Engines: one folder or file each way to move audio. See ../port.py."""
