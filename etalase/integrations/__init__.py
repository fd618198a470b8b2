"""Whom we talk to: a folder per vendor or kind of vendor, with a client and a pure mapping."""
