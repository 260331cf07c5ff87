"""`{% load peerline %}`: every component of the design system."""

from django import template

from peerline.ui.components import people, pieces, questions

register = template.Library()
for kind in (pieces, people, questions):
    register.tags.update(kind.register.tags)
    register.filters.update(kind.register.filters)
