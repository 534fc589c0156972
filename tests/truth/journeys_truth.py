# SPDX-License-Identifier: Apache-2.0
"""Where visits led: the journeys of a script, a second reading of docs/kpis.md.

A journey is the innermost product, fitting and checkout zones of a closed visit in the order in which they
were entered, with a stay of at least min_dwell, repeats in a row merged.
"""
import collections

KINDS = {"product", "fitting", "checkout"}
WIDE = 3
DEPTH = 6
EXPRESS_BELOW = 5 * 60 * 1_000_000


def goes_back(products):
    """Whether a zone comes again after two or more others."""
    for i, zone in enumerate(products):
        for j in range(i + 1, len(products)):
            if products[j] == zone:
                if len(set(products[i + 1:j])) >= 2:
                    return True
                break
    return False


def merged(zones):
    return [zone for i, zone in enumerate(zones) if i == 0 or zones[i - 1] != zone]


class Journeys:
    def __init__(self, zones):
        parents = {zone.get("parent") for zone in zones}
        self.kinds = {zone["id"]: zone["kind"] for zone in zones
                      if zone["kind"] in KINDS and zone["id"] not in parents}
        self.stays = collections.defaultdict(list)     # by agent: (start, zone)
        self.services = collections.defaultdict(list)  # by agent: start
        self.paid = collections.defaultdict(list)      # by agent: time
        self.visits = []                               # (agent, entered, left, inside)

    def stayed(self, agent, zone, start):
        if zone in self.kinds:
            self.stays[agent].append((start, zone))

    def result(self):
        sums, paths, links = collections.Counter(), collections.Counter(), collections.Counter()
        for agent, entered, left, inside in self.visits:
            within = lambda t: entered <= t <= left
            path = merged([zone for start, zone in sorted(self.stays[agent]) if within(start)])
            products = merged([zone for zone in path if self.kinds[zone] == "product"])
            wide = len(set(products)) >= WIDE
            checkout = (any(self.kinds[zone] == "checkout" for zone in path)
                        or any(map(within, self.services[agent])))
            bought = any(map(within, self.paid[agent]))
            sums.update(visits=1, zones=len(set(products)), wide=wide,
                        backtracked=wide and goes_back(products), checkouts=checkout, bought=bought,
                        express=checkout and inside < EXPRESS_BELOW and len(set(products)) <= 2,
                        browsers=not checkout and not bought)
            paths[" ".join(path)] += 1
            way = [""] + path[:DEPTH] + [""]
            for depth in range(min(len(way) - 1, DEPTH)):
                links[f"{depth} {way[depth]} {way[depth + 1]}"] += 1
        keys = ("visits", "zones", "wide", "backtracked", "checkouts", "bought", "express", "browsers")
        return {**{key: int(sums[key]) for key in keys}, "paths": dict(paths), "links": dict(links)}
