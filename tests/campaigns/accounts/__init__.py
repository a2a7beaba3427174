"""Many accounts in one process: what it holds open, and how soon it answers (`make many-accounts`)."""
