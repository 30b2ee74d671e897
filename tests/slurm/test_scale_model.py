# SPDX-License-Identifier: Apache-2.0
"""The model of runs on a cluster: cases that a pencil gives, and a simulation in small steps of time that shares nothing with it."""
import pathlib
import random
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts" / "slurm"))
from scale_model import Cost, Site, array_s, forecast       # noqa: E402

INFINITE = float("inf")


def in_small_steps(works, bytes_per_s, site, step=0.002):
    """Each task for itself, a step of time after the other."""
    left, waiting, now, last_start = [], list(works), 0.0, -INFINITE
    while waiting or left:
        while waiting and len(left) < site.cores and now - last_start >= site.dispatch_s - step / 2:
            left.append(waiting.pop(0))
            last_start = now
            if site.dispatch_s:
                break
        want = bytes_per_s * len(left)
        speed = min(1.0, site.client / bytes_per_s if bytes_per_s else 1.0, site.file_system / want if want else 1.0)
        left = [work - speed * step for work in left]
        left = [work for work in left if work > 1e-9]
        now += step
    return now


class Model(unittest.TestCase):
    def test_waves_of_equal_tiles(self):
        self.assertAlmostEqual(array_s([3.0] * 10, 0, Site(cores=4)), 9.0)
        self.assertAlmostEqual(array_s([3.0] * 10, 0, Site(cores=1)), 30.0)

    def test_a_file_system_that_is_the_limit(self):
        """8 cores that want 100 MB/s each from one that gives 200: as two cores would do it."""
        self.assertAlmostEqual(array_s([1.0] * 80, 1e8, Site(cores=8, file_system=2e8)), 40.0)

    def test_a_client_that_is_the_limit(self):
        self.assertAlmostEqual(array_s([1.0] * 8, 1e8, Site(cores=4, client=5e7)), 4.0)

    def test_a_scheduler_that_is_the_limit(self):
        """A start every 0.5 s: the last begins at 9.5 s."""
        self.assertAlmostEqual(array_s([1.0] * 20, 0, Site(cores=1000, dispatch_s=0.5)), 10.5)

    def test_against_small_steps(self):
        chance = random.Random(3)
        for case in range(12):
            works = [chance.uniform(0.2, 2) for _ in range(chance.randint(1, 25))]
            site = Site(chance.randint(1, 6), chance.choice([INFINITE, 3e8]), chance.choice([INFINITE, 8e7]), chance.choice([0, 0.25]))
            wanted = chance.choice([0, 1e8])
            with self.subTest(case=case, site=site, wanted=wanted):
                self.assertAlmostEqual(array_s(works, wanted, site), in_small_steps(works, wanted, site), delta=0.01 * len(works) + 0.02)

    def test_a_forecast_by_hand(self):
        cost = Cost(tile_s=1, pixel_s=1e-6, read_bytes=2, part_bytes=4, plan_s=3, plan_pixel_s=1e-7, merge_s=5, merge_tile_s=0.5,
                    merge_pixel_s=2e-7)
        got = forecast(cost, Site(cores=2), pixels=4_000_000, tile_pixels=1_000_000)
        self.assertEqual(got.tiles, 4)
        for value, expected in ((got.plan_s, 3.4), (got.tiles_s, 4.0), (got.merge_s, 5 + 2 + 0.8), (got.wall_s, 15.2),
                                (got.core_hours, (3.4 + 8 + 7.8) / 3600), (got.part_bytes, 16e6)):
            self.assertAlmostEqual(value, expected)

    def test_bytes_of_plan_and_merge_on_a_slow_file_system(self):
        cost = Cost(0, 1e-9, 2, 4, 0, 0, 0, 0, 0)
        got = forecast(cost, Site(cores=1000, file_system=1e6), pixels=1_000_000, tile_pixels=10_000)
        self.assertAlmostEqual(got.plan_s, 2)
        self.assertAlmostEqual(got.tiles_s, 6, places=2)
        self.assertAlmostEqual(got.merge_s, 2 + 4 + 4)


if __name__ == "__main__":
    unittest.main()
