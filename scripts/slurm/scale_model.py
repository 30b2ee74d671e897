# SPDX-License-Identifier: Apache-2.0
"""How long a run in tiles takes on a cluster: a model of its three steps, plan, tiles and merge. docs/scaling.md says what it
leaves out. Times in seconds, sizes in bytes, on one core of the machine that `scale` measured."""
import dataclasses
import heapq


@dataclasses.dataclass(frozen=True)
class Cost:
    """What a run takes, as measured."""
    tile_s: float            # of a tile's process, whatever its size: starting, reading the plan and the headers
    pixel_s: float           # of a pixel in a tile: reading, computing, encoding
    read_bytes: float        # of the inputs, a pixel
    part_bytes: float        # of what tiles leave for the merge, a pixel
    plan_s: float            # of the plan, whatever its size
    plan_pixel_s: float      # of the plan, a pixel: hashes of the inputs
    merge_s: float           # of the merge, whatever its size
    merge_tile_s: float      # of the merge, a tile
    merge_pixel_s: float     # of the merge, a pixel


@dataclasses.dataclass(frozen=True)
class Site:
    """A cluster and its file system."""
    cores: int
    file_system: float = float("inf")    # bytes a second, of all nodes together
    client: float = float("inf")         # bytes a second, of one process
    dispatch_s: float = 0.0              # between two starts of tasks, however many cores wait


@dataclasses.dataclass(frozen=True)
class Forecast:
    tiles: int
    plan_s: float
    tiles_s: float
    merge_s: float
    core_hours: float
    part_bytes: float

    @property
    def wall_s(self):
        return self.plan_s + self.tiles_s + self.merge_s


def array_s(works, bytes_per_s, site):
    """Wall time of an array of tasks of `works` seconds each, which read and write `bytes_per_s` while they run undisturbed: a
    simulation from event to event. All running tasks share the file system alike, so one clock of work done serves them all.
    """
    now = done = 0.0                     # wall time; seconds of work that a task running from the start has done
    running, waiting = [], list(reversed(works))
    next_start = 0.0

    def rate():
        if not running or not bytes_per_s:
            return 1.0
        return min(1.0, site.client / bytes_per_s, site.file_system / (bytes_per_s * len(running)))

    while waiting or running:
        free = waiting and len(running) < site.cores
        if free and now >= next_start:
            heapq.heappush(running, done + waiting.pop())
            next_start = now + site.dispatch_s
            continue
        ends = now + (running[0] - done) / rate() if running else float("inf")
        if free and next_start < ends:
            done += (next_start - now) * rate()
            now = next_start
        else:
            now, done = ends, heapq.heappop(running)
    return now


def forecast(cost, site, pixels, tile_pixels):
    """One inventory of so many pixels in tiles of so many. Plan and merge are a process on one core each."""
    whole, rest = divmod(pixels, tile_pixels)
    sizes = [tile_pixels] * int(whole) + ([rest] if rest else [])
    works = [cost.tile_s + cost.pixel_s * size for size in sizes]
    moved = cost.read_bytes + cost.part_bytes
    alone = min(site.file_system, site.client)
    plan_work = cost.plan_s + cost.plan_pixel_s * pixels
    merge_work = cost.merge_s + cost.merge_tile_s * len(sizes) + cost.merge_pixel_s * pixels
    # The merge hashes the inputs as the plan did, reads the parts and writes as much again.
    plan_io, merge_io = cost.read_bytes * pixels / alone, moved * pixels / alone + cost.part_bytes * pixels / alone
    tiles_s = array_s(works, moved * sum(sizes) / sum(works), site)
    return Forecast(len(sizes), max(plan_work, plan_io), tiles_s, max(merge_work, merge_io),
                    (plan_work + sum(works) + merge_work) / 3600, cost.part_bytes * pixels)
