"""脉: the one wrapper for every change, its events, and the live stream to browsers."""
