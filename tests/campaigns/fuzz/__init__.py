"""Mutated records through the real path: no unhandled exception, no good record lost, memory bounded."""
