"""Halve one."""


def run(lab):
    half = 1 / 2
    lab.answer(half)
    lab.claim("two halves make one", half + half == 1.0, measured=half + half, expected="= 1")
