"""Times scikit-learn's EM on the data of the moments benchmark.

    python sklearn_em.py DATA ITERATIONS

Prints one JSON line, as the other sides of the benchmark do. The time is that of
`fit` alone, on data already in memory, which does the given number of iterations
and one more E-step at its end.
"""

import json
import sys
import time
import warnings

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

# With a tolerance of zero no run ever converges.
warnings.simplefilter("ignore", ConvergenceWarning)


def main() -> None:
    path, iterations = sys.argv[1], int(sys.argv[2])
    points = np.fromfile(path, dtype="<f8").reshape(-1, 2)
    with open(f"{path}.json", encoding="utf-8") as file:
        start = json.load(file)
    weights = np.array(start["weights"])
    means = np.array(start["means"]).reshape(-1, 2)
    covariances = np.array(start["covariances"]).reshape(-1, 2, 2)

    def mixture(max_iter: int) -> GaussianMixture:
        return GaussianMixture(
            n_components=len(weights),
            covariance_type="full",
            tol=0,
            reg_covar=0,
            max_iter=max_iter,
            weights_init=weights,
            means_init=means,
            precisions_init=np.linalg.inv(covariances),
        )

    mixture(1).fit(points)  # Warms up caches and lazy imports.
    model = mixture(iterations)
    begin = time.perf_counter()
    model.fit(points)
    elapsed = time.perf_counter() - begin
    assert model.n_iter_ == iterations, model.n_iter_
    pairs = len(points) * len(weights) * iterations
    print(json.dumps({"pairs_per_second": pairs / elapsed, "checksum": model.score(points)}))


if __name__ == "__main__":
    main()
