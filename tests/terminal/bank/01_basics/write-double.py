"""Double a few numbers."""


def run(lab):
    lab.claim("twice three is six", 3 + 3 == 6)
