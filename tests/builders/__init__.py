"""Builders of test subjects: plain functions that call real actions, a module a subject."""
