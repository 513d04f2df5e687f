"""What predictors are set beside: the majority class of training seeds, and a logistic regression fitted to them."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]

RIDGE = 1e-2
"""Half of the weight of squared coefficients, so that classes that can be parted have finite ones."""


def majority(training: Truths) -> bool:
    """The more frequent class, the target where both are as frequent."""
    return bool(2 * training.sum() >= len(training))


def fitted(x: Floats, y: Truths) -> Floats:
    """Coefficients of a logistic regression of y on standardised x with an intercept, `[m + 1]`.

    The minimum of `mean log(1 + exp(−s(b + w·x))) + RIDGE/2 |w|²`, with s = ±1.
    """
    from scipy.optimize import minimize

    signs = np.where(y, 1.0, -1.0)

    def loss(w: Floats) -> tuple[float, Floats]:
        z = -signs * (x @ w[:-1] + w[-1])
        pull = -signs / (1 + np.exp(-np.clip(z, -500, 500))) / len(x)
        slope = np.append(x.T @ pull + RIDGE * w[:-1], pull.sum())
        return float(np.logaddexp(0, z).mean() + RIDGE / 2 * (w[:-1] ** 2).sum()), slope

    return np.asarray(minimize(loss, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B").x)


def logistic(x: Floats, y: Truths, asked: Floats) -> Truths:
    """What a logistic regression on training seeds says of others.

    Args:
        x: quantities of training seeds, `[N, m]`.
        y: their outcomes, `[N]`.
        asked: quantities of others, `[K, m]`.
    """
    centre, scale = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-9)
    w = fitted((x - centre) / scale, y)
    return np.asarray((asked - centre) / scale @ w[:-1] + w[-1] > 0)
