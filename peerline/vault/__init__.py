"""The vault: what must not be read off a stolen disk or database dump.

Sealed fields and files are encrypted with the first of PEERLINE_VAULT_KEYS; every key in the list opens, so a new key
goes in front and old rows stay readable. What must be searched (a telephone number, an address) has a keyed hash
beside it: equal values have equal hashes, and without the key a hash cannot be made.
"""
