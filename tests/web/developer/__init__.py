"""Tests of the developers' pages."""
