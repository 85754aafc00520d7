#!/usr/bin/env python3
"""Compares `compass-bench path` with other people's path finders on the same problems, in one run.

  Tests/Peers/peers.py [--data ../shared/data/nav] [--every 5] [--tcod] [--detour-maps N]

Needs a release build of compass-bench, g++ and Debian's librecast-dev; --tcod needs the PyPI package of that name.
Prints a table and two geometric means over the maps: of our median over the faster of warthog JPS(B+P) and mkpath JPS
as they were measured once (REFERENCE, microseconds), plainly and scaled by how fast this machine is today: Detour's
medians now over Detour's medians then.
"""
import argparse, json, math, os, subprocess, sys, time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# Median microseconds per query on the machine of the comparison: warthog JPS(B+P), mkpath JPS.
REFERENCE = {
    "arena": (0.2, 0.9), "arena2": (8.9, 9.2), "brc202d": (62.3, 58.7), "orz900d": (188, 175),
    "AcrosstheCape": (51.6, 49.4), "Aurora": (98.3, 87.3), "AR0011SR": (4.9, 6.0), "Berlin_0_512": (10.9, 11.4),
    "Berlin_0_1024": (19.7, 23.3), "32room_000": (26.3, 24.4), "room-1400-140": (189, 199),
    "maze512-8-0": (117, 103), "maze512-1-0": (1996, 1687), "random512-10-0": (319, 281),
    "random512-35-0": (2227, 1791), "random-1250-33": (14004, 11838),
}
# The same for Detour: what tells how fast the machine is today.
DETOUR = {"arena2": 34.0, "brc202d": 137.0, "AcrosstheCape": 190.0, "Berlin_0_512": 113.0}


def run(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if done.returncode not in (0, 1):
        sys.exit(f"peers: {command[0]} ended with {done.returncode}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def geometric_mean(values):
    return math.exp(sum(map(math.log, values)) / len(values))


def tcod_median(map_path, scenario_path, every):
    """Median microseconds of tcod's A*, which cuts corners."""
    import numpy, tcod.path
    rows = open(map_path).read().split("\n")
    rows = rows[rows.index("map") + 1:]
    cost = numpy.array([[1 if c in ".GS" else 0 for c in row] for row in rows if row], dtype=numpy.int8)
    star = tcod.path.AStar(cost, diagonal=math.sqrt(2))
    times = []
    for line in open(scenario_path).read().split("\n")[1:][::every]:
        words = line.split()
        if len(words) < 9:
            continue
        x, y, goal_x, goal_y = map(int, words[4:8])
        began = time.perf_counter()
        star.get_path(y, x, goal_y, goal_x)
        times.append((time.perf_counter() - began) * 1e6)
    return sorted(times)[len(times) // 2]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", default=os.path.join(ROOT, "..", "shared", "data", "nav"))
    parser.add_argument("--every", type=int, default=5)
    parser.add_argument("--tcod", action="store_true")
    options = parser.parse_args()
    bench = os.environ.get("COMPASS_BENCH", os.path.join(ROOT, ".build", "release", "compass-bench"))
    if not os.path.exists(bench):
        sys.exit("peers: no release build; run: Tools/build -c release --product compass-bench")
    if not os.path.isdir(options.data):
        sys.exit(f"peers: {options.data} is not there")
    peer = os.path.join(ROOT, ".build", "peer-detour")
    source = os.path.join(ROOT, "Tests", "Peers", "detour.cpp")
    subprocess.run(
        ["g++", "-O3", "-march=native", "-std=c++17", "-o", peer, source, "-lDetour", "-lRecast"], check=True)
    every = str(options.every)
    ratios, speeds, lines = [], [], []
    for name, reference in REFERENCE.items():
        files = os.path.join(options.data, name + ".map"), os.path.join(options.data, name + ".map.scen")
        ours = run(bench, "path", "--map", files[0], "--scen", files[1], "--every", every, "--json")
        detour = None
        if name in DETOUR:
            detour = run(peer, *files, every)["median_us"]
            speeds.append(detour / DETOUR[name])
        other = tcod_median(*files, options.every * 4) if options.tcod and name in DETOUR else None
        ratios.append(ours["median_us"] / min(reference))
        lines.append((name, ours["median_us"], ours["wrong"], reference, detour, other))
    speed = geometric_mean(speeds)
    print("| map | compass | warthog JPS(B+P) × | mkpath JPS × | Detour | tcod A* |")
    print("|---|---|---|---|---|---|")
    for name, median, wrong, reference, detour, other in lines:
        cells = [f"{median:.1f}" + (f" ({wrong} wrong)" if wrong else "")]
        cells += [f"{value * speed:.1f}" for value in reference]
        cells += ["" if value is None else f"{value:.1f}" for value in (detour, other)]
        print(f"| {name} | " + " | ".join(cells) + " |")
    print(f"\nMedian microseconds. ×: measured elsewhere, times {speed:.2f}, this machine's speed today by Detour.")
    mean = geometric_mean(ratios)
    print(f"Geometric mean of our median over the faster of the two: {mean:.3f} plainly, {mean / speed:.3f} scaled.")


main()
