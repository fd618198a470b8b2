"""Handing messages to the addresses of apps: only where it is safe to call, each by one worker at a time, until it is taken."""
