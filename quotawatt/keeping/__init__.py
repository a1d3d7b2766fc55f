"""How long data is kept, how it moves from store to store, and how all of it is copied and put back."""
