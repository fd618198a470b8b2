"""Getting goods to the door: what delivery costs and when it arrives, parcels with a state of their own, what carriers report."""
