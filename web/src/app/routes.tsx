/* SPDX-License-Identifier: Apache-2.0 */
import { type ComponentType, lazy } from 'react';
import type { IconName } from '@/components/icon.tsx';
import type { Permission } from '@/lib/api/session.ts';

/* Every screen of a store, below /stores/{store}. What is not built is not here. */

export type AppRoute = {
  path: string;
  title: string;
  page: ComponentType;
  /** Entry in the navigation; routes without one are reached from another page. */
  nav?: { icon: IconName; label: string };
  /** Group within the navigation that this route lights up. */
  within?: string;
  /** Permission without which the page makes no sense. */
  needs?: Permission;
};

const OverviewPage = lazy(async () => ({ default: (await import('./pages/overview-page.tsx')).OverviewPage }));
const CustomersPage = lazy(async () => ({ default: (await import('./pages/customers-page.tsx')).CustomersPage }));
const CamerasPage = lazy(async () => ({ default: (await import('@/features/cameras/cameras-page.tsx')).CamerasPage }));
const EventsPage = lazy(async () => ({ default: (await import('@/features/events/events-page.tsx')).EventsPage }));
const SettingsPage = lazy(async () => ({ default: (await import('./pages/settings-page.tsx')).SettingsPage }));
const EditorPage = lazy(async () => ({ default: (await import('@/features/scene-editor/editor-page.tsx')).EditorPage }));
const UsersPage = lazy(async () => ({ default: (await import('@/features/users/users-page.tsx')).UsersPage }));

export const ROUTES: readonly AppRoute[] = [
  { path: '/overview', title: 'Overview', page: OverviewPage, nav: { icon: 'overview', label: 'Overview' } },
  { path: '/customers', title: 'Customers', page: CustomersPage, nav: { icon: 'people', label: 'Customers' } },
  { path: '/cameras', title: 'Cameras', page: CamerasPage, nav: { icon: 'camera', label: 'Cameras' } },
  { path: '/events', title: 'Events', page: EventsPage, nav: { icon: 'events', label: 'Events' } },
  { path: '/settings', title: 'Settings', page: SettingsPage, nav: { icon: 'settings', label: 'Settings' } },
  { path: '/settings/cameras/:camera', title: 'Zones and lines', page: EditorPage, within: '/settings' },
  { path: '/settings/users', title: 'Users', page: UsersPage, within: '/settings', needs: 'users.read' },
];

export function storePath(store: string, path: string): string {
  return `/stores/${store}${path}`;
}
