"""The inbox: who is told of what happened, each notice once, unread until it is read on any device."""
