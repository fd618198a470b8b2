"""What every subject stands on: statements, facts, clocks, money, ids, words and looks."""
