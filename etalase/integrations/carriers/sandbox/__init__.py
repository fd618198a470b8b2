"""The sandbox carrier: a peer that answers for every carrier of the registry, so that a demo parcel can be watched to its door."""
