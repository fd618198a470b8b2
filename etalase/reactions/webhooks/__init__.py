"""Telling apps what happened in shops they act for: at least once, for each object in order, only what they asked for."""
