"""Prompts: everything the line says, in every language it speaks.

The words stand in en.toml and es.toml, one sentence pattern a key ("pair.none_yet"); a dialogue says
Say("pair.none_yet") and never holds words itself. A value in braces is spoken by its kind, which its name tells:
{count}, {minutes}, {time}, {day}, {number} (digit by digit), {name}. A sentence is spoken by a voice from a package,
or by a person of the clinic who recorded it.

Words: prompt (a key and its words), sentence, clip (the sound of one sentence), recording (a person's voice).
Invariants: both languages have the same keys and values; a recording is on the line only after somebody heard and
approved it; audio is 8 kHz, mono, 16 bit, peak -6 dB; a caller never meets a crash, at worst a tone instead of words.
"""
