"""The operator's desk, and in demo mode the time machine and the mailbox."""
