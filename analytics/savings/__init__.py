"""Whether a measure worked: savings against an adjusted baseline, how sure they are, and what they are worth."""
