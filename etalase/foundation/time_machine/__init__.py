"""The time machine: moves the product's clock forward for all processes, so that a demo can watch promises being kept."""
