"""The vocabulary of the house; standard library and numpy only."""
