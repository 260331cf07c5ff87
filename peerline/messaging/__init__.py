"""Messages that leave the machine: an outbox of rows, and one folder per provider under channels/."""
