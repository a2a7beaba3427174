"""Privacy: keys that seal credentials, and what is left out of a document before anything is made of it. Pure."""
