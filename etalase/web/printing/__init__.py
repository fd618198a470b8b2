"""Papers that go with a parcel: labels and packing slips as PDF, for couriers' scanners and for names in any script."""
