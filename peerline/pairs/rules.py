"""What a pair is, as plain rules."""

from peerline.kernel import week

# Nobody is rung by the line itself earlier or later on their own clock, whatever else they allow.
WAKING = week.of_days(range(7), 8, 21)

MOST_TAKEN = 50  # people of one mentor

END_REASONS = ("asked", "time_over", "moved", "no_contact", "stopped", "new_match", "other")


class PairError(ValueError):
    """A pair cannot be made, ended or rung so. `args[0]` is the word the doors translate into a sentence."""

    @property
    def word(self) -> str:
        return str(self.args[0])
