/* SPDX-License-Identifier: Apache-2.0 */
import { useMemo, useState } from 'react';
import { formatCount, formatShare } from '@/lib/format/number.ts';
import type { Journeys } from './journeys-queries.ts';
import { layoutSankey, NODE_WIDTH, type SankeyNode } from './sankey-layout.ts';

const LABEL_LETTERS = 18;

/** Which zones visits go through, one after another. The same numbers stand in a table for screen readers. */
export function SankeyChart({ zones, links }: Pick<Journeys, 'zones' | 'links'>) {
  const { nodes, flows, width, height } = useMemo(() => layoutSankey(links), [links]);
  const [chosen, setChosen] = useState<string | null>(null);
  const total = nodes[0]?.visits ?? 0;
  const nameOf = (node: SankeyNode) =>
    node.kind === 'in'
      ? 'Way in'
      : node.kind === 'out'
        ? 'Left'
        : node.kind === 'other'
          ? 'Other zones'
          : (zones[node.zone ?? -1]?.name ?? 'Deleted zone');
  const figures = (node: SankeyNode) => `${formatCount(node.visits)} visits, ${formatShare(node.visits / total)}`;
  const place = (node: SankeyNode) => (node.column === 0 ? '' : ` as step ${node.column}`);
  const told = nodes.find((node) => node.key === chosen);
  return (
    <>
      {/* The diagram is wider than a phone. */}
      <div className="overflow-x-auto">
        <svg
          viewBox={`0 0 ${width} ${height}`}
          style={{ minWidth: width, maxWidth: width * 1.4 }}
          className="block w-full"
          role="group"
          aria-label="Which zones visits go through"
        >
          {flows.map((flow) => {
            const on = chosen === flow.from.key || chosen === flow.to.key;
            return (
              <path
                key={flow.key}
                d={flow.path}
                fill="none"
                strokeWidth={Math.max(1, flow.width)}
                className={flow.to.kind === 'out' ? 'stroke-faint' : 'stroke-primary'}
                opacity={on ? 0.6 : chosen ? 0.08 : 0.22}
              >
                <title>{`${nameOf(flow.from)} → ${nameOf(flow.to)}: ${formatCount(flow.visits)} visits`}</title>
              </path>
            );
          })}
          {nodes.map((node) => (
            <g
              key={node.key}
              role="img"
              tabIndex={0}
              data-node={node.key}
              aria-label={`${nameOf(node)}${place(node)}: ${figures(node)}`}
              onMouseEnter={() => setChosen(node.key)}
              onMouseLeave={() => setChosen(null)}
              onFocus={() => setChosen(node.key)}
              onBlur={() => setChosen(null)}
              className="outline-offset-2"
            >
              <rect
                x={node.x}
                y={node.y}
                width={NODE_WIDTH}
                height={node.height}
                rx={2}
                className={node.kind === 'out' ? 'fill-faint' : 'fill-primary'}
              />
              <text x={node.x + NODE_WIDTH + 6} y={node.y + node.height / 2} dy="0.35em" className="fill-ink text-[11px]">
                {short(nameOf(node))} <tspan className="fill-quiet">{formatCount(node.visits)}</tspan>
              </text>
            </g>
          ))}
        </svg>
      </div>
      <p className="mt-2 min-h-5 text-[13px] text-quiet" aria-hidden="true">
        {told
          ? `${nameOf(told)}${place(told)}: ${figures(told)} of all`
          : 'Choose a zone to see where its visits come from and go to'}
      </p>
      <table className="sr-only">
        <caption>Steps of visits from zone to zone</caption>
        <thead>
          <tr>
            <th scope="col">Step</th>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <th scope="col">Visits</th>
          </tr>
        </thead>
        <tbody>
          {flows.map((flow) => (
            <tr key={flow.key}>
              <td>{flow.to.column}</td>
              <td>{nameOf(flow.from)}</td>
              <td>{nameOf(flow.to)}</td>
              <td>{formatCount(flow.visits)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function short(name: string): string {
  return name.length > LABEL_LETTERS ? `${name.slice(0, LABEL_LETTERS - 1)}…` : name;
}
