# SPDX-License-Identifier: Apache-2.0
"""Tests of the true heat map: small files written by hand, and one that the simulator tells."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import traceback
import unittest

import heat_truth

INVEYE = os.environ.get("IV_INVEYE", "build/inveye")
KIOSK = pathlib.Path(__file__).resolve().parents[2] / "packaging/stores/kiosk.json"


def header(**more):
    """A plan of 4 by 2 m whose corner is at (-1, -1); what lies right of x = 2 m nobody sees."""
    return {"fact": "positions", "version": 1, "store": "s", "t": 0, "until": 50_000_000,
            "tick_us": 500_000, "plan": {"x": -1, "y": -1, "width": 4, "height": 2},
            "seen_step_m": 0.25, "seen": ["1" * 12 + "0" * 4] * 8, **more}


def heat(*lines, **more):
    result = heat_truth.compute([json.dumps(header(**more)), *lines])
    cells = {i: s for i, s in enumerate(result["seconds"]) if s}
    return result, cells


class HeatTruth(unittest.TestCase):
    def test_standing(self):
        # From tick 2 until it has gone at tick 12: 9 ticks of half a second.
        result, cells = heat("2 7:0,0", "12 -7")
        self.assertEqual((result["columns"], result["rows"]), (8, 4))
        self.assertEqual(cells, {2 * 8 + 2: 4.5})

    def test_standing_to_the_end(self):
        self.assertEqual(heat("90 7:-1000,-1000")[1], {0: 4.5})  # ticks 90 to 99

    def test_walking(self):
        # 1 m in a tick, from the middle of a cell: a quarter of it there, half in the next, ...
        self.assertEqual(heat("0 1:-750,-750", "1 1:250,-750", "2 -1")[1],
                         {0: .125, 1: .25, 2: .125})
        self.assertEqual(heat("0 1:250,-750", "1 1:-750,-750", "2 -1")[1],
                         {0: .125, 1: .25, 2: .125})
        # Slantwise through the corner of four cells.
        self.assertEqual(heat("0 1:-750,-750", "1 1:-250,-250", "2 -1")[1], {0: .25, 9: .25})

    def test_stands_then_walks(self):
        self.assertEqual(heat("0 1:-900,-900", "5 1:-400,-900", "6 -1")[1], {0: 2.4, 1: .1})

    def test_two_people(self):
        self.assertEqual(heat("0 1:0,0 2:0,0", "3 -1", "5 -2")[1], {18: 1 + 2})

    def test_off_the_plan(self):
        self.assertEqual(heat("0 1:-5000,0", "9 -1")[1], {})

    def test_unseen(self):
        result, cells = heat("0 1:2250,0 2:0,0", "3 -1 -2")
        self.assertEqual(set(cells), {18, 22})
        self.assertFalse(result["seen"][22])
        self.assertTrue(result["seen"][18])
        self.assertAlmostEqual(result["seen_share"], .5)

    def test_wrong_header(self):
        with self.assertRaises(ValueError):
            heat(version=2)
        with self.assertRaises(ValueError):
            heat(seen_step_m=0.5)

    def test_simulated(self):
        """Every tick of everybody is somewhere on the map, or off the plan."""
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "positions"
            subprocess.run([INVEYE, "simulate", "--scenario", KIOSK, "--hours", "2", "--positions",
                            path, "--seed", "5"], check=True, capture_output=True)
            with open(path, encoding="utf-8") as file:
                result = heat_truth.compute(file)
        self.assertGreater(sum(result["seconds"]), 600)
        self.assertGreater(result["seen_share"], .9)


def main():
    """Results as TAP."""
    class Result(unittest.TestResult):
        n = 0

        def tell(self, test, word, trace=""):
            self.n += 1
            print(f"{word} {self.n} {test.id()}", flush=True)
            print("".join(f"# {line}\n" for line in trace.splitlines()), end="")

        def addSuccess(self, test):
            self.tell(test, "ok")

        def addFailure(self, test, err):
            super().addFailure(test, err)
            self.tell(test, "not ok", "".join(traceback.format_exception(*err)))

        addError = addFailure

    suite = unittest.defaultTestLoader.loadTestsFromTestCase(HeatTruth)
    print(f"1..{suite.countTestCases()}")
    result = Result()
    suite.run(result)
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
