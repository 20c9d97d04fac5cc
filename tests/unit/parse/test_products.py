"""A row of a product depends on that row alone: on that rests that records do not depend on their neighbours."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from thinc.backends import NumpyOps

from tocsin.parse import products
from tocsin.parse.products import NARROW, FastOps, quicken

SHAPES = [(288, 288), (96, 64), (384, 288), (64, 100), (96, 15), (96, NARROW), (128, 192)]


@pytest.mark.parametrize("shape", SHAPES)
def test_a_row_has_the_same_bits_whatever_stands_beside_it(shape: tuple[int, int]) -> None:
    inner, outer = shape
    numbers = np.random.default_rng(7)
    rows = numbers.standard_normal((700, inner)).astype("f")
    weights = numbers.standard_normal((outer, inner)).astype("f")
    ops = FastOps()
    whole = ops.gemm(rows, weights, trans2=True)
    for start, count in ((0, 1), (3, 2), (11, 31), (64, 64), (100, 333), (699, 1)):
        part = ops.gemm(rows[start : start + count], weights, trans2=True)
        assert np.array_equal(part, whole[start : start + count]), (shape, start, count)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("rows", [1, 64, 130])
def test_the_product_is_that_of_thinc(shape: tuple[int, int], rows: int) -> None:
    numbers = np.random.default_rng(rows)
    left = numbers.standard_normal((rows, shape[0])).astype("f")
    right = numbers.standard_normal((shape[0], shape[1])).astype("f")
    want = NumpyOps().gemm(left, right)
    out = np.full((rows, shape[1]), np.nan, dtype="f")
    assert np.allclose(FastOps().gemm(left, right), want, atol=1e-4)
    assert FastOps().gemm(left, right, out=out) is out
    assert np.allclose(out, want, atol=1e-4)
    assert np.allclose(FastOps().gemm(left.T.copy(), right, trans1=True), want, atol=1e-4)


def test_an_empty_batch_has_an_empty_product() -> None:
    assert FastOps().gemm(np.zeros((0, 288), "f"), np.zeros((288, 288), "f")).shape == (0, 288)


def test_every_model_of_a_pipeline_is_quickened() -> None:
    from tocsin.parse.syntax import Parser

    pipeline = Parser()._nlp
    models = [pipe.model for _, pipe in pipeline.pipeline if hasattr(getattr(pipe, "model", None), "walk")]
    found = [type(node.ops) for model in models for node in model.walk()]
    assert found
    assert set(found) == {FastOps}
    quicken(pipeline)  # a second time changes nothing


@pytest.mark.parametrize("core", ["Haswell", "Nehalem"])
def test_rows_are_alike_with_the_kernels_of_other_processors(core: str) -> None:
    """OpenBLAS has kernels for each processor; those of older ones can be asked for where it runs on x86."""
    script = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); import test_products as t; t.all_shapes()"
    )
    environment = {**os.environ, "OPENBLAS_CORETYPE": core}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


def all_shapes() -> None:
    for shape in SHAPES:
        test_a_row_has_the_same_bits_whatever_stands_beside_it(shape)


def test_a_shape_that_never_treats_rows_alike_is_left_to_thinc(monkeypatch: pytest.MonkeyPatch) -> None:
    scattered = iter(range(10**6))
    monkeypatch.setattr(
        products, "_product", lambda rows, weights, turned: np.full((len(rows), 64), [[next(scattered)] for _ in rows])
    )
    products.plan_of.cache_clear()
    assert products.plan_of(33, 64, True) is None
    products.plan_of.cache_clear()
