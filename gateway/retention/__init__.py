"""What is destroyed when its term is over, the keys that go with it, and pseudonyms that get a next version."""
