"""Etalase: social commerce one can own."""
