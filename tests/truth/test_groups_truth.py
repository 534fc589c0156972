# SPDX-License-Identifier: Apache-2.0
"""Tests of the true groups: small files written by hand, and one that the simulator tells."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import traceback
import unittest

import groups_truth

INVEYE = os.environ.get("IV_INVEYE", "build/inveye")
KIOSK = pathlib.Path(__file__).resolve().parents[2] / "packaging/stores/kiosk.json"
TICK = 500_000
SCRIPT = {"fact": "script", "version": 1, "t": 0, "until": 7_200_000_000, "time_zone": "UTC",
          "lines": [{"id": "door", "kind": "entrance"}, {"id": "walk", "kind": "passby"}]}
POSITIONS = {"fact": "positions", "version": 1, "t": 0, "until": 7_200_000_000, "tick_us": TICK}


def cross(t, agent, way="in", line="door", **more):
    return {"t": t, "fact": "line.cross", "agent": agent, "party": more.pop("party", agent),
            "staff": False, "line": line, "dir": way, **more}


def walk(agent, start, x, steps, dx=0, y=0):
    """From the tick `start` on, 500 mm up and dx to the right each tick."""
    return {start + i: f"{agent}:{x + i * dx},{y + i * 500}" for i in range(steps)}


def compute(facts, *walks, head=SCRIPT):
    ticks = {}
    for one in walks:
        for tick, word in one.items():
            ticks.setdefault(tick, []).append(word)
    script = [json.dumps(line) for line in (head, *sorted(facts, key=lambda f: f["t"]))]
    # Written as the simulator does, without blanks: the program looks for facts by their words.
    script = [line.replace('": ', '":').replace(', "', ',"') for line in script]
    positions = [json.dumps(POSITIONS),
                 *(f"{tick} {' '.join(words)}" for tick, words in sorted(ticks.items()))]
    return groups_truth.compute(script, positions)


class GroupsTruth(unittest.TestCase):
    def sizes(self, *args):
        return compute(*args)["total"]["by_size"]

    def test_pair_and_single(self):
        result = compute([cross(0, 1, party=9), cross(250_000, 2, party=9), cross(60_000_000, 3)],
                         walk(1, 0, 0, 20), walk(2, 0, 800, 20), walk(3, 120, 0, 20))
        self.assertEqual({**result["total"], "groups": 2, "people": 3, "by_size": [1, 1, 0, 0, 0],
                          "size_mean": 1.5}, result["total"])
        self.assertEqual((result["unsure"], result["total"]["groups_band"]), (0, [2, 2]))
        self.assertEqual(result["parties"]["pairs"], 1)
        self.assertEqual((result["parties"]["found"], result["parties"]["right"]), (1, 1))

    def test_limits_at_the_door(self):
        far = [walk(1, 0, 0, 20), walk(2, 0, 1501, 20)]
        self.assertEqual(self.sizes([cross(0, 1), cross(0, 2)], *far), [2, 0, 0, 0, 0])
        near = [walk(1, 0, 0, 20), walk(2, 0, 1500, 20)]
        self.assertEqual(self.sizes([cross(0, 1), cross(0, 2)], *near), [0, 1, 0, 0, 0])
        behind = [walk(1, 0, 0, 20), walk(2, 3, 0, 20)]
        self.assertEqual(self.sizes([cross(0, 1), cross(1_500_000, 2)], *behind), [0, 1, 0, 0, 0])
        self.assertEqual(self.sizes([cross(0, 1), cross(1_500_400, 2)], *behind), [0, 1, 0, 0, 0])
        self.assertEqual(self.sizes([cross(0, 1), cross(1_501_000, 2)], *behind), [2, 0, 0, 0, 0])

    def test_they_part(self):
        # 80 and 120 mm apart more each tick: 2.0 m after 5 s from 1 m, or 2.2.
        self.assertEqual(self.sizes([cross(0, 1), cross(0, 2)], walk(1, 0, 0, 20),
                                    walk(2, 0, 1000, 20, dx=150)), [0, 1, 0, 0, 0])
        self.assertEqual(self.sizes([cross(0, 1), cross(0, 2)], walk(1, 0, 0, 20),
                                    walk(2, 0, 1000, 20, dx=151)), [2, 0, 0, 0, 0])

    def test_out_of_sight(self):
        """They are more than 2.5 m apart at the look of 2 s alone. Who does not see it, sees a straight
        way; and whoever goes out of sight for good is with those he was with."""
        apart = {**walk(2, 0, 800, 20), 4: "2:3000,2000"}
        seen = lambda agent, *turns: [{"t": t, "fact": ("sight.found", "sight.lost")[i % 2], "agent": agent,
                                       "staff": False} for i, t in enumerate(turns)]
        facts = [cross(0, 1), cross(0, 2), *seen(1, 0)]
        sizes = lambda *turns: compute([*facts, *seen(2, *turns)], walk(1, 0, 0, 20), apart,
                                       head={**SCRIPT, "sight": True})["total"]["by_size"]
        self.assertEqual(sizes(0), [2, 0, 0, 0, 0])
        self.assertEqual(sizes(0, 2_000_000, 2_500_000), [0, 1, 0, 0, 0])
        self.assertEqual(sizes(0, 1_500_000), [0, 1, 0, 0, 0])

    def test_unsure(self):
        """As near as a mm to the limit of 1.5 m at the door."""
        for x, by_size, bands in ((1500, [0, 1, 0, 0, 0], [[0, 2], [0, 1]]),
                                  (1501, [2, 0, 0, 0, 0], [[0, 2], [0, 1]]),
                                  (1503, [2, 0, 0, 0, 0], [[2, 2], [0, 0]])):
            total = compute([cross(0, 1), cross(0, 2)], walk(1, 0, 0, 20), walk(2, 0, x, 20))["total"]
            self.assertEqual((total["by_size"], total["by_size_bands"][:2]), (by_size, bands))

    def test_turning_back(self):
        walks = [walk(1, 0, 0, 20), walk(2, 0, 800, 20)]
        self.assertEqual(self.sizes([cross(0, 1), cross(0, 2), cross(1_000_000, 2, "out")], *walks),
                         [1, 0, 0, 0, 0])
        self.assertEqual(self.sizes([cross(0, 1), cross(0, 2), cross(4_000_000, 2, "out")], *walks),
                         [2, 0, 0, 0, 0])
        self.assertEqual(self.sizes([cross(0, 1), cross(0, 2), cross(5_500_000, 2, "out")], *walks),
                         [0, 1, 0, 0, 0])

    def test_chain(self):
        walks = [walk(a, 0, 1200 * a, 20) for a in range(1, 4)]
        self.assertEqual(self.sizes([cross(0, a) for a in range(1, 4)], *walks), [0, 0, 1, 0, 0])

    def test_other_lines_and_staff(self):
        walks = [walk(1, 0, 0, 20), walk(2, 0, 800, 20)]
        facts = [cross(0, 1), cross(0, 2, line="walk"), cross(0, 3, staff=True)]
        self.assertEqual(self.sizes(facts, *walks), [1, 0, 0, 0, 0])

    def test_hours(self):
        edge = 3_600_000_000
        tick = edge // TICK
        result = compute([cross(edge - 500_000, 1), cross(edge + 250_000, 2)],
                         walk(1, tick - 1, 0, 20), walk(2, tick, 0, 20))
        self.assertEqual([hour["groups"] for hour in result["hours"]], [1, 0])
        self.assertEqual(result["days"][0]["people"], 2)

    def test_of_the_simulator(self):
        with tempfile.TemporaryDirectory() as folder:
            script, positions = (os.path.join(folder, name) for name in ("script", "positions"))
            subprocess.run([INVEYE, "simulate", "--scenario", KIOSK, "--seed", "5", "--days", "1",
                            "--script", script, "--positions", positions], check=True,
                           capture_output=True)
            with open(script, encoding="utf-8") as facts, \
                    open(positions, encoding="utf-8") as places:
                result = groups_truth.compute(facts, places)
        parties = result["parties"]
        self.assertEqual(parties["people"], result["total"]["people"])
        self.assertGreater(parties["pairs"], 0)
        self.assertGreater(parties["right"], parties["pairs"] / 2)
        self.assertEqual(sum(hour["groups"] for hour in result["hours"]), result["total"]["groups"])


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

    suite = unittest.defaultTestLoader.loadTestsFromTestCase(GroupsTruth)
    print(f"1..{suite.countTestCases()}")
    result = Result()
    suite.run(result)
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
