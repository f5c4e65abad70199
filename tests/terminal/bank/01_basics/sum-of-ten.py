"""Add the first ten numbers, one at a time."""


def run(lab):
    total = 0
    for number in lab.progress(range(1, 11), "adding"):
        total += number
    lab.lines("Sum so far", range(1, 5), {"sum": [1, 3, 6, 10]})
    lab.answer(f"`{total > 50}`")
    lab.claim("the sum is more than fifty", total > 50, measured=total, expected="> 50")
