"""The container image: built, and run as its platforms run it."""
