"""SavvyCal's two APIs: ids and windows to bytes, bytes to frozen snapshots. `client.py` holds the only sockets."""
