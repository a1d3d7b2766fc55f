"""What a rule does over a course of inputs, without any store: tests beside packs, and tries over history."""
