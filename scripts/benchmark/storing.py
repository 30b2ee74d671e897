#!/usr/bin/python3
"""Size and time of our outputs stored in other ways: codec, level, predictor, block size, rounding.

    scripts/build release codec_copy && python3 -B scripts/benchmark/storing.py out/carbon_2015.tif out/sink_2015_2020.tif

Copies each file as plain GeoTIFF with our own codec (tests/codec_copy), --rounds times in alternation, and prints a
Markdown table: megabytes, and CPU seconds of the fastest round less those of the copy that is not compressed.
"""
import argparse
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SIDES = (128, 256, 512, 1024)
STEPS = (2 ** -10, 2 ** -7, 2 ** -4)     # t/ha and t/ha/yr


def ways(floats):
    """What to try, by name: the default, then one thing changed at a time."""
    predictor = 3 if floats else 2
    base = {"COMPRESS": "ZSTD", "ZSTD_LEVEL": 1, "PREDICTOR": predictor, "BLOCKXSIZE": 512, "BLOCKYSIZE": 512}
    yield "not compressed", {**base, "COMPRESS": "NONE", "PREDICTOR": 1, "ZSTD_LEVEL": None}
    yield f"**ZSTD 1, predictor {predictor}, 512**", base
    for level in (3, 6, 9):
        yield f"ZSTD {level}", {**base, "ZSTD_LEVEL": level}
    for level in (1, 6, 9):
        yield f"DEFLATE {level}", {**base, "COMPRESS": "DEFLATE", "ZSTD_LEVEL": None, "ZLEVEL": level}
    for other in range(1, predictor):
        yield f"predictor {other}", {**base, "PREDICTOR": other}
    for side in SIDES:
        if side != 512:
            yield f"tiles of {side}", {**base, "BLOCKXSIZE": side, "BLOCKYSIZE": side}
    for step in STEPS if floats else ():
        for other in (1, 2, 3):
            yield f"rounded to {step:g}, predictor {other}", {**base, "PREDICTOR": other, "STEP": step}


def copy(program, file, options, folder):
    """CPU seconds, and bytes of the copy."""
    words = [f"{key}={value}" for key, value in options.items() if value is not None]
    before = os.times()
    subprocess.run([program, "1", folder, *words, file], check=True)
    after = os.times()
    return (after.children_user + after.children_system - before.children_user - before.children_system,
            (folder / file.name).stat().st_size)


def table(program, file, rounds, folder):
    floats = not file.name.startswith("change")
    listed = list(ways(floats))
    costs = {name: [] for name, _ in listed}
    for _ in range(rounds):
        for name, options in listed:
            costs[name].append(copy(program, file, options, folder))
    best = {name: min(cost for cost, _ in found) for name, found in costs.items()}
    default = costs[listed[1][0]][0][1]
    print(f"\n{file.name}\n\n| stored as | MB | of the default | CPU s more than not compressed |\n|---|---|---|---|")
    for name, _ in listed:
        size = costs[name][0][1]
        print(f"| {name} | {size / 1e6:.1f} | {size / default:.2f} | {best[name] - best['not compressed']:.2f} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+", help="as `sinkcalc run --of GTiff` wrote them")
    parser.add_argument("--rounds", type=int, default=3, help="default %(default)s")
    parser.add_argument("--program", type=Path, default=ROOT / "build/release/tests/codec_copy", help="default %(default)s")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="sinkcalc_storing_"))
    try:
        print(f"{time.strftime('%Y-%m-%d')}, load {os.getloadavg()[0]:.1f}, one thread, fastest of {options.rounds}")
        for file in options.files:
            table(options.program, file, options.rounds, folder)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
