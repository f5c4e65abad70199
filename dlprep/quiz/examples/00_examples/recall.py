"""Average noisy gradients over batches of both sizes and compare how much the means still vary."""


def run(lab):
    def spread(batch):
        return lab.rng.normal(1.0, 1.0, (2000, batch)).mean(axis=1).std()

    single, large = lab.contrast(spread, control={"batch": 1}, treatment={"batch": 100})
    ratio = single / large
    lab.claim("100 examples give a tenth of the noise", 6 <= ratio <= 15, ratio, "6 to 15")
    lab.bars("Spread of the mean gradient", {"batch of 1": single, "batch of 100": large})
