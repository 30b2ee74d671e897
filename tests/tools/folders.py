# SPDX-License-Identifier: Apache-2.0
"""What a folder of results holds, to be compared; and lists of tiles as `sinkcalc merge` prints them."""
import hashlib
import json


def contents(folder):
    """{path below the folder: hash, blank for a folder}; of a run record without `timings`, which is there to differ."""
    found = {}
    for path in folder.rglob("*"):
        found[str(path.relative_to(folder))] = ""
        if path.is_file():
            data = path.read_bytes()
            if path.name == "run.json":
                record = json.loads(data)
                del record["timings"]
                data = json.dumps(record).encode()
            found[str(path.relative_to(folder))] = hashlib.sha256(data).hexdigest()
    return found


def indices_of(ranges):
    """[0, 1, 2, 7] of "0-2,7"."""
    found = []
    for part in filter(None, ranges.strip().split(",")):
        first, _, last = part.partition("-")
        found += range(int(first), int(last or first) + 1)
    return found
