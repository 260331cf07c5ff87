"""What a pair is, as plain rules."""

END_REASONS = ("asked", "time_over", "moved", "no_contact", "stopped", "new_match", "other")


class PairError(ValueError):
    """A pair cannot be made, ended or rung so. `args[0]` is the word the doors translate into a sentence."""

    @property
    def word(self) -> str:
        return str(self.args[0])
