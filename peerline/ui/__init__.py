"""The design system: how every page looks and speaks.

Pages extend "ui/base.html" (desk width) or "ui/narrow.html" (one column: participants, questions) or "ui/print.html"
(paper), and are put together from the tags of `{% load peerline %}`: cards, buttons, rows, figures, rhythm strips.
`{{ form }}` is right by itself. Each component is shown on the living pattern page /ui/ (demo and debug only) and
described in docs/reference/components.md.

Invariants: the crisis line is at the very top of every page; text is 7:1 or more against its ground and 18 px or more;
targets are 44 px or more; nothing is said by color alone; every page works without a script. No room's domain is known
here: pieces take words and values, and rooms put their links into the navigation by `ui.navigation.register`.
"""
