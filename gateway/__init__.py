"""Seinhuis: the gateway between creditors and municipalities (see docs/ and the README's map of the folders)."""
