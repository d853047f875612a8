"""The parts of a unit of work, by what they write."""
