"""Layers laid out on frames that are turned alike: a turn of the space moves nothing, one vector is one dot."""

import numpy as np

from core.explore.sense_layout import frames, turned

SOME = np.random.default_rng(0).standard_normal((60, 5)) * [4, 2, 1, 0.5, 0.5]


def test_a_layer_that_is_only_turned_does_not_move() -> None:
    turn = np.linalg.qr(np.random.default_rng(1).standard_normal((5, 5)))[0]
    vectors = np.stack([SOME @ turn, SOME], axis=1)
    places = frames(vectors).places(vectors)
    assert np.abs(places[:, 0] - places[:, 1]).max() < 1e-4


def test_every_layer_is_drawn_at_the_same_size_about_its_middle() -> None:
    vectors = np.stack([SOME + 5, SOME], axis=1)
    places = frames(vectors).places(vectors)
    assert np.allclose(np.square(places).sum(2).mean(0), 1, atol=1e-4)
    assert np.allclose(places.mean(0), 0, atol=1e-4)


def test_vectors_that_are_alike_are_one_dot() -> None:
    vectors = np.stack([np.ones((60, 5)), SOME], axis=1)
    found = frames(vectors)
    assert np.abs(found.places(vectors)[:, 0]).max() == 0 and found.explained[0] == 1


def test_another_vector_finds_its_place_in_the_same_frame() -> None:
    vectors = SOME[:, None]
    found = frames(vectors)
    assert np.allclose(found.places(vectors[3:4]), found.places(vectors)[3:4])


def test_places_of_another_run_are_turned_onto_these() -> None:
    xy = SOME[:, :2].astype(np.float32)
    mirrored = xy[:, ::-1] * [1, -1]
    mirrored[0] = np.nan
    assert np.abs(turned(mirrored, xy) - xy)[1:].max() < 1e-4
