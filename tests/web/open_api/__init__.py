"""Tests of the Open API."""
