"""Where the rooms are wired together: settings, the front doors, who answers what."""
