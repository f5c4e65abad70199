"""Count what is left when numbers are divided by two."""


def run(lab):
    left = {str(number): number % 2 for number in (2, 3, 4)}
    lab.value("numbers tried", len(left))
    lab.bars("Remainder", left)
    lab.claim("two and four leave nothing", left["2"] == left["4"] == 0, left["4"], "= 0")
    lab.claim("three leaves one", left["3"] == 1, measured=left["3"], expected="= 1")
