"""Peerline: peer support for adults with diabetes, by telephone, web, mail and paper, on one record."""

__version__ = "0.1.0"
