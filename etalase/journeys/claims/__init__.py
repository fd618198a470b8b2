"""Claims: a parcel said to be delivered and not received, insured losses; each state has a clock, each clock a default."""
