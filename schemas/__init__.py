"""The wire: every message, value type and code list that a partner can see, and nothing of the gateway itself."""
