"""Whether a measure worked: savings against an adjusted baseline, how sure they are, their worth."""
