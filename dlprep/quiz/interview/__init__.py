"""An interviewer's session: what is asked next, what was said, and what to study.

`rule` picks the next question, `state` is what the events of an interview say, `interview` writes
those events and `report` reads them.
"""
