"""Who may hear and change what the line says: the people who keep the line, wherever they work. The line is one."""

from peerline.people.access import role

may_change_prompts = role("administrator", "coordinator")
