"""The losses of a generative adversarial network."""

import math

import numpy as np


def gan_losses(real_logits, fake_logits):
    """Return the discriminator's loss and the generator's non-saturating loss.

    D = sigmoid(logit) is the probability that a sample is real. The discriminator's loss is the
    mean of -log D over the real logits plus the mean of -log(1 - D) over the fake ones: the sum of
    the two means, not halved. The generator's loss is the mean of -log D over the fake logits.

    Args:
        real_logits: float64 array of one to four axes, of any shape that holds a number; each mean
            is taken over all its numbers. From -1e4 to 1e4, finite. It stays as it is.
        fake_logits: another such array; its shape may be a different one.

    Returns:
        The pair (discriminator's loss, generator's loss), two numbers, each right to a
        hundred-thousandth of itself plus 1e-9.
    """
    real = np.mean(np.logaddexp(0, -real_logits))
    fake = np.mean(np.logaddexp(0, fake_logits))
    return real + fake, np.mean(np.logaddexp(0, -fake_logits))


def check(candidate, lab):
    with np.errstate(all="ignore"):
        for _ in range(10):
            _compare(candidate, lab, "both losses are those of ordinary logits", 1)
        for scale in (1e-3, 30, 800, 2000):
            _compare(candidate, lab, "large and small logits do as well", scale)
        for _ in range(4):
            scale = 10 ** lab.rng.uniform(-3, 3, _shape(lab, 1))
            _compare(candidate, lab, "logits of very different size do as well", scale)
        for real in (1e4, -1e4, 50, -50, 0):
            for fake in (1e4, -1e4, 50, -50, 0):
                _certain(candidate, lab, real, fake)
        for size in (20.2, float(lab.rng.uniform(8, 20))):
            for real, fake in ((size, -size), (-size, size), (size, size)):
                _certain(candidate, lab, real, fake)


def _shape(lab, axes=None):
    axes = axes or int(lab.rng.integers(1, 5))
    return tuple(int(n) for n in lab.rng.integers(1, 6, axes))


def _compare(candidate, lab, text, scale):
    one, other = (lab.rng.normal(lab.rng.uniform(-2, 2), 1, _shape(lab)) for _ in range(2))
    if np.ndim(scale):
        one = lab.rng.permutation(np.resize(scale, (7, 1))) * lab.rng.normal(size=(7, 3))
        other = scale * lab.rng.normal(size=len(scale))
    else:
        one, other = scale * one, scale * other
    _losses(candidate, lab, text, one, other)


def _certain(candidate, lab, real, fake):
    """All logits are equal, so that nothing hides what a certain discriminator costs."""
    one, other = np.full(_shape(lab), float(real)), np.full(_shape(lab), float(fake))
    _losses(candidate, lab, "a discriminator that is certain, right or wrong", one, other)


def _losses(candidate, lab, text, real, fake):
    given = {"real_logits": real.copy(), "fake_logits": fake.copy()}
    text_pair = "the result is a pair of numbers"
    got = lab.array(text_pair, candidate(real, fake), (2,), given)
    expected = [
        _mean(given["real_logits"], -1) + _mean(given["fake_logits"], 1),
        _mean(given["fake_logits"], -1),
    ]
    for name, one, goal in zip(("discriminator", "generator"), got, expected, strict=True):
        lab.close(f"{text}: the {name}'s loss", one, goal, given, 1.1e-5, 1.1e-9)


def _mean(logits, sign):
    """Mean of log(1 + exp(sign z)), one number at a time."""
    values = [sign * float(z) for z in logits.ravel()]
    return math.fsum(max(z, 0) + math.log1p(math.exp(-abs(z))) for z in values) / len(values)


def right_in_pure_python(real_logits, fake_logits):
    def softplus(z):
        return z + math.log1p(math.exp(-z)) if z > 0 else math.log1p(math.exp(z))

    def mean(logits, sign):
        numbers = logits.flatten().tolist()
        return sum(softplus(sign * z) for z in numbers) / len(numbers)

    return [mean(real_logits, -1) + mean(fake_logits, 1), mean(fake_logits, -1)]


def right_as_cross_entropy(real_logits, fake_logits):
    """The formula of frameworks: max(z, 0) - z y + log(1 + exp(-|z|))."""

    def cross_entropy(z, y):
        return (np.maximum(z, 0) - z * y + np.log(1 + np.exp(-np.abs(z)))).mean()

    d_loss = cross_entropy(real_logits, 1) + cross_entropy(fake_logits, 0)
    return np.array([d_loss, cross_entropy(fake_logits, 1)])


def right_by_cases(real_logits, fake_logits):
    def log_sigmoid(z):
        low = np.where(z < 0, z, 0.0)
        return np.where(z < 0, low - np.log1p(np.exp(low)), -np.log1p(np.exp(-np.abs(z))))

    made = log_sigmoid(fake_logits)
    d_loss = -log_sigmoid(real_logits).mean() - (made - fake_logits).mean()
    return d_loss, -made.mean()


def _softplus(z):
    return np.logaddexp(0, z)


def _sigmoid(z):
    return 1 / (1 + np.exp(-z))


def wrong_minimax_generator(real_logits, fake_logits):
    """log(1 - D), which saturates."""
    fake = _softplus(fake_logits).mean()
    return _softplus(-real_logits).mean() + fake, -fake


def wrong_generator_sign(real_logits, fake_logits):
    d_loss = _softplus(-real_logits).mean() + _softplus(fake_logits).mean()
    return d_loss, -_softplus(-fake_logits).mean()


def wrong_generator_is_minus_discriminator(real_logits, fake_logits):
    d_loss = _softplus(-real_logits).mean() + _softplus(fake_logits).mean()
    return d_loss, -d_loss


def wrong_generator_rejected(real_logits, fake_logits):
    """-log(1 - D): the generator is paid for fakes that are found out."""
    fake = _softplus(fake_logits).mean()
    return _softplus(-real_logits).mean() + fake, fake


def wrong_labels_exchanged(real_logits, fake_logits):
    d_loss = _softplus(real_logits).mean() + _softplus(-fake_logits).mean()
    return d_loss, _softplus(-fake_logits).mean()


def wrong_halved(real_logits, fake_logits):
    d_loss = _softplus(-real_logits).mean() + _softplus(fake_logits).mean()
    return d_loss / 2, _softplus(-fake_logits).mean()


def wrong_sums(real_logits, fake_logits):
    d_loss = _softplus(-real_logits).sum() + _softplus(fake_logits).sum()
    return d_loss, _softplus(-fake_logits).sum()


def wrong_batches_pooled(real_logits, fake_logits):
    """One mean over both batches, doubled: right for batches of one size."""
    both = np.concatenate([_softplus(-real_logits).ravel(), _softplus(fake_logits).ravel()])
    return 2 * both.mean(), _softplus(-fake_logits).mean()


def wrong_divided_by_rows(real_logits, fake_logits):
    """Divides by the length of the first axis."""
    real, fake = len(real_logits), len(fake_logits)
    d_loss = _softplus(-real_logits).sum() / real + _softplus(fake_logits).sum() / fake
    return d_loss, _softplus(-fake_logits).sum() / fake


def wrong_one_shape(real_logits, fake_logits):
    d_loss = np.mean(_softplus(-real_logits) + _softplus(fake_logits))
    return d_loss, _softplus(-fake_logits).mean()


def wrong_log_of_sigmoid(real_logits, fake_logits):
    """Infinite for logits of -800, and for 1 - D from 37 on."""
    real, fake = _sigmoid(real_logits), _sigmoid(fake_logits)
    return -np.log(real).mean() - np.log(1 - fake).mean(), -np.log(fake).mean()


def wrong_with_epsilon(real_logits, fake_logits):
    real, fake = _sigmoid(real_logits), _sigmoid(fake_logits)
    d_loss = -np.log(real + 1e-12).mean() - np.log(1 - fake + 1e-12).mean()
    return d_loss, -np.log(fake + 1e-12).mean()


def wrong_logits_clipped(real_logits, fake_logits):
    real, fake = np.clip(real_logits, -500, 500), np.clip(fake_logits, -500, 500)
    d_loss = np.log1p(np.exp(-real)).mean() + np.log1p(np.exp(fake)).mean()
    return d_loss, np.log1p(np.exp(-fake)).mean()


def wrong_linear_beyond_15(real_logits, fake_logits):
    """Takes max(z, 0) for softplus too early: at -15 that is 0 instead of 3e-7."""

    def softplus(z):
        return np.where(np.abs(z) > 15, np.maximum(z, 0), _softplus(z))

    d_loss = softplus(-real_logits).mean() + softplus(fake_logits).mean()
    return d_loss, softplus(-fake_logits).mean()


def wrong_softplus_overflows(real_logits, fake_logits):
    d_loss = np.log1p(np.exp(-real_logits)).mean() + np.log1p(np.exp(fake_logits)).mean()
    return d_loss, np.log1p(np.exp(-fake_logits)).mean()


def wrong_critic(real_logits, fake_logits):
    """The Wasserstein losses."""
    return fake_logits.mean() - real_logits.mean(), -fake_logits.mean()


def wrong_label_smoothing(real_logits, fake_logits):
    real = 0.9 * _softplus(-real_logits).mean() + 0.1 * _softplus(real_logits).mean()
    return real + _softplus(fake_logits).mean(), _softplus(-fake_logits).mean()
