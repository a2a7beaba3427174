"""The pure part: values in, decisions out. Nothing here awaits, reads a clock or touches a socket."""
