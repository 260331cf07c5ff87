"""Plain values every room shares: time, weeks, telephone numbers, languages, dialogues, events. No Django, no effects."""
