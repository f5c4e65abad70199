"""Add zero and multiply by it."""


def run(lab):
    lab.claim("a sum stays", 7 + 0 == 7)
    lab.claim("a product vanishes", 7 * 0 == 0)
