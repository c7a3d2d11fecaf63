"""The data sets that ship with Viva are the originals, and each says where it is from."""

import numpy as np
from sklearn.datasets import load_breast_cancer, load_digits

from demos import data


def test_the_digits_are_those_of_scikit_learn() -> None:
    images, labels = data.digits()
    theirs = load_digits()
    assert np.array_equal(images, theirs.images) and np.array_equal(labels, theirs.target)


def test_the_breast_cancer_measurements_are_those_of_scikit_learn() -> None:
    features, labels, names = data.breast_cancer()
    theirs = load_breast_cancer()
    assert np.array_equal(features, theirs.data) and np.array_equal(labels, theirs.target)
    assert list(names) == list(theirs.feature_names)


def test_every_file_says_where_it_is_from_and_under_which_licence() -> None:
    sources = (data.HERE / "SOURCES.md").read_text(encoding="utf-8")
    for path in data.HERE.iterdir():
        if path.suffix in (".npz", ".txt"):
            row = next(line for line in sources.splitlines() if line.startswith(f"| `{path.name}` |"))
            assert "CC BY 4.0" in row or "MIT" in row
