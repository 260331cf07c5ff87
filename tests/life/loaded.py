"""Peerline, loaded and wired, without a connection to any database: what each life of the mortal one is forked from."""

import django

django.setup()
