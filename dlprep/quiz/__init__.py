"""The quiz without input or output: bank, grading, sessions, schedule, history."""
