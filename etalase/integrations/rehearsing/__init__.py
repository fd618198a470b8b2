"""Rehearsals: orders brought into any state by what people really do, for those who try a connector; in a sandbox alone."""
