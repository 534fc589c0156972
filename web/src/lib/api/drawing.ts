/* SPDX-License-Identifier: Apache-2.0 */
import { useMay } from './session.ts';
import { useStore } from './stores.ts';

/** Why nothing can be drawn here, in words that say what to do; null where one may draw. */
export function useNoDrawing(): string | null {
  const may = useMay('scenes.write');
  const { simulated } = useStore();
  if (simulated)
    return 'This store is simulated: its zones, lines, lanes and floor plan come from its scenario, so drawing here would change nothing. Edit the scenario file and act it out into a new data folder.';
  return may ? null : 'Your role may look at what is drawn and calibrated, not change it. A store manager or an installer can.';
}
