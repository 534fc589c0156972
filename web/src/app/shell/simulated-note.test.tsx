/* SPDX-License-Identifier: Apache-2.0 */
import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { SimulatedNote } from './simulated-note.tsx';

test('says that nothing is real, and offers no way to hide it', () => {
  render(<SimulatedNote name="Kiosk" />);
  expect(screen.getByRole('note').textContent).toMatch(/Simulated store.*Kiosk.*none.*are real/);
  expect(screen.queryByRole('button')).toBeNull();
});
