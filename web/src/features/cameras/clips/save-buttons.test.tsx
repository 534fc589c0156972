/* SPDX-License-Identifier: Apache-2.0 */
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { refused, show } from '../../../../test/frame.tsx';
import { SavePictureButton } from './save-buttons.tsx';
import { pictureName } from './use-save-picture.ts';

const AT = Date.parse('2026-03-29T10:15:00.250Z');

it('downloads the picture of the moment', async () => {
  const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => {});
  show(<SavePictureButton camera="entrance" at={() => AT} />);
  const fetched = vi.spyOn(globalThis, 'fetch');
  await userEvent.click(screen.getByRole('button', { name: 'Save picture' }));
  await waitFor(() => expect(click).toHaveBeenCalledTimes(1));
  const path = '/api/v1/stores/mock/cameras/entrance/recordings/still.jpg?at=';
  expect(fetched.mock.calls[0]?.[0]).toBe(path + encodeURIComponent('2026-03-29T10:15:00.251Z'));
  expect((click.mock.contexts[0] as HTMLAnchorElement).download).toMatch(/^entrance_\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d\.jpg$/);
});

it('says why there is none', async () => {
  const { unmount } = show(<SavePictureButton camera="entrance" at={() => AT} />, {
    answer: () => refused(404, 'Nothing was recorded at this time.'),
  });
  await userEvent.click(screen.getByRole('button', { name: 'Save picture' }));
  expect(await screen.findByText('Nothing was recorded at this time.')).toBeDefined();
  unmount();
  show(<SavePictureButton camera="entrance" at={() => null} reason="No picture is shown" />);
  expect((screen.getByRole('button', { name: 'Save picture' }) as HTMLButtonElement).disabled).toBe(true);
  expect(screen.getByTitle('No picture is shown')).toBeDefined();
});

it('is called by the clock of the store', () => {
  expect(pictureName('entrance', AT, 'Europe/Berlin')).toBe('entrance_2026-03-29_12-15-00.jpg');
});
