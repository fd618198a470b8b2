"""Carriers: who they are (registry) and how a parcel is booked, followed and called back."""
