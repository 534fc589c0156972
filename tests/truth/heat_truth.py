#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The true heat map of a simulated store, from its customers' positions alone (standard library only).

Usage: heat_truth.py POSITIONS [--out FILE]

Person-seconds in each cell of 0.5 m of the floor plan, over the whole file. It shares no code with the
product, on purpose. The file is that of `inveye simulate --positions` (docs/simulator.md): where
everybody but staff was at every half second, straight ways in between.

`seen` tells which cells count: those in which all but a hundredth of the time was spent on floor that
some camera sees, by quarters of a cell. What nobody can see no product can measure.
"""
import argparse
import json
import math
import sys

CELL_M = 0.5
PARTS = 2  # quarters: 2 by 2


class HeatTruth:
    def __init__(self, header):
        if header.get("fact") != "positions" or header.get("version") != 1:
            raise ValueError("the first line is no header of positions of version 1")
        plan = header["plan"]
        self.origin = round(plan["x"] * 1000), round(plan["y"] * 1000)
        self.columns = math.ceil(plan["width"] / CELL_M - 1e-6)
        self.rows = math.ceil(plan["height"] / CELL_M - 1e-6)
        self.side = round(CELL_M * 1000 / PARTS)  # of a part, mm
        self.width = self.columns * PARTS
        self.height = self.rows * PARTS
        self.ticks = [0.0] * (self.width * self.height)  # by part
        self.seen_map = header["seen"]
        self.tick_s = header["tick_us"] / 1e6
        self.last = (header["until"] - 1 - header["t"]) // header["tick_us"]
        self.places = {}  # agent: tick and place it was told at last
        if round(header["seen_step_m"] * 1000) != self.side:
            raise ValueError("the map of what is seen has parts of another size")

    def add(self, x, y, ticks):
        column, row = math.floor(x / self.side), math.floor(y / self.side)
        if 0 <= column < self.width and 0 <= row < self.height:
            self.ticks[row * self.width + column] += ticks

    def edges(self, a, b):
        """Where, as a share of the way, a straight way passes edges of parts on one axis."""
        if a == b:
            return ()
        low, high = min(a, b), max(a, b)
        lines = range(math.ceil(low / self.side), math.floor(high / self.side) + 1)
        return [(line * self.side - a) / (b - a) for line in lines]

    def walk(self, x0, y0, x1, y1):
        """One tick from here to there: each piece between two edges to the part its middle is in."""
        shares = sorted({0.0, 1.0, *self.edges(x0, x1), *self.edges(y0, y1)})
        for p, q in zip(shares, shares[1:]):
            middle = (p + q) / 2
            self.add(x0 + (x1 - x0) * middle, y0 + (y1 - y0) * middle, q - p)

    def stand(self, agent, until):
        tick, x, y = self.places[agent]
        if until > tick:
            self.add(x, y, until - tick)

    def take(self, line):
        words = line.split()
        tick = int(words[0])
        for word in words[1:]:
            if word.startswith("-"):
                agent = int(word[1:])
                self.stand(agent, tick - 1)
                del self.places[agent]
                continue
            agent, _, place = word.partition(":")
            agent = int(agent)
            x, y = (int(n) - o for n, o in zip(place.split(","), self.origin))
            if agent in self.places:
                self.stand(agent, tick - 1)
                _, before_x, before_y = self.places[agent]
                self.walk(before_x, before_y, x, y)
            self.places[agent] = (tick, x, y)

    def is_seen(self, part_row, part_column):
        return self.seen_map[part_row][part_column] == "1" if (
            part_row < len(self.seen_map) and part_column < len(self.seen_map[part_row])) else False

    def result(self):
        for agent in self.places:
            self.stand(agent, self.last)
        seconds = [0.0] * (self.columns * self.rows)
        unseen = [0.0] * len(seconds)
        for i, ticks in enumerate(self.ticks):
            row, column = divmod(i, self.width)
            cell = row // PARTS * self.columns + column // PARTS
            seconds[cell] += ticks * self.tick_s
            if ticks and not self.is_seen(row, column):
                unseen[cell] += ticks * self.tick_s
        seen = [blind <= 0.01 * all_of_it for all_of_it, blind in zip(seconds, unseen)]
        return {"columns": self.columns, "rows": self.rows, "cell_m": CELL_M, "seen": seen,
                "seconds": [round(s, 4) for s in seconds],
                "seen_share": sum(s for s, ok in zip(seconds, seen) if ok) / sum(seconds)
                if sum(seconds) else None}


def compute(lines):
    lines = iter(lines)
    truth = HeatTruth(json.loads(next(lines)))
    for line in lines:
        truth.take(line)
    return truth.result()


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("positions")
    parser.add_argument("--out", default="-")
    options = parser.parse_args(argv)
    with (sys.stdin if options.positions == "-"
          else open(options.positions, encoding="utf-8")) as positions:
        result = compute(positions)
    with (sys.stdout if options.out == "-" else open(options.out, "w", encoding="utf-8")) as out:
        json.dump(result, out)
        out.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
