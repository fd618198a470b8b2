"""The shop window: finding products that are on sale, without touching the tables of their shops."""
