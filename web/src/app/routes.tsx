/* SPDX-License-Identifier: Apache-2.0 */
import { type ComponentType, lazy } from 'react';
import type { IconName } from '@/components/icon.tsx';
import type { Me, Permission } from '@/lib/api/session.ts';

/* Every screen of a store, below /stores/{store}. What is not built is not here. */

export type AppRoute = {
  path: string;
  title: string;
  page: ComponentType;
  /** Entry in the navigation; routes without one are reached from another page. */
  nav?: { icon: IconName; label: string };
  /** Permission without which the page makes no sense. */
  needs?: Permission;
};

const OverviewPage = lazy(async () => ({ default: (await import('./pages/overview/overview-page.tsx')).OverviewPage }));
const CustomersPage = lazy(async () => ({ default: (await import('./pages/customers-page.tsx')).CustomersPage }));
const CheckoutPage = lazy(async () => ({ default: (await import('./pages/checkout-page.tsx')).CheckoutPage }));
const SalesPage = lazy(async () => ({ default: (await import('./pages/sales-page.tsx')).SalesPage }));
const ReceiptsPage = lazy(async () => ({ default: (await import('./pages/receipts-page.tsx')).ReceiptsPage }));
const CamerasPage = lazy(async () => ({ default: (await import('@/features/cameras/cameras-page.tsx')).CamerasPage }));
const PlaybackPage = lazy(async () => ({ default: (await import('./pages/playback-page.tsx')).PlaybackPage }));
const SyncPage = lazy(async () => ({ default: (await import('@/features/cameras/playback/sync-page.tsx')).SyncPage }));
const ClipsPage = lazy(async () => ({ default: (await import('@/features/cameras/clips/clips-page.tsx')).ClipsPage }));
const EventsPage = lazy(async () => ({ default: (await import('@/features/events/events-page.tsx')).EventsPage }));
const EvidencePage = lazy(async () => ({ default: (await import('@/features/evidence/evidence-page.tsx')).EvidencePage }));
const SettingsPage = lazy(async () => ({ default: (await import('./pages/settings-page.tsx')).SettingsPage }));
const EditorPage = lazy(async () => ({
  default: (await import('@/features/scene-editor/editor-page.tsx')).EditorPage,
}));
const FloorPlanPage = lazy(async () => ({
  default: (await import('@/features/scene-editor/floor-plan-page.tsx')).FloorPlanPage,
}));
const AccuracyPage = lazy(async () => ({ default: (await import('@/features/accuracy/accuracy-page.tsx')).AccuracyPage }));
const UsersPage = lazy(async () => ({ default: (await import('@/features/users/users-page.tsx')).UsersPage }));
const AuditPage = lazy(async () => ({ default: (await import('@/features/audit/audit-page.tsx')).AuditPage }));

const ROUTES: readonly AppRoute[] = [
  { path: '/overview', title: 'Overview', page: OverviewPage, nav: { icon: 'overview', label: 'Overview' } },
  {
    path: '/customers',
    title: 'Customers',
    page: CustomersPage,
    nav: { icon: 'people', label: 'Customers' },
    needs: 'kpis.read',
  },
  {
    path: '/checkout',
    title: 'Checkout',
    page: CheckoutPage,
    nav: { icon: 'checkout', label: 'Checkout' },
    needs: 'kpis.read',
  },
  { path: '/sales', title: 'Sales', page: SalesPage, nav: { icon: 'receipt', label: 'Sales' }, needs: 'kpis.read' },
  { path: '/sales/receipts', title: 'Receipts', page: ReceiptsPage, needs: 'sales.read' },
  {
    path: '/cameras',
    title: 'Cameras',
    page: CamerasPage,
    nav: { icon: 'camera', label: 'Cameras' },
    needs: 'pictures.read',
  },
  { path: '/cameras/recordings', title: 'Recordings', page: SyncPage, needs: 'recordings.read' },
  { path: '/cameras/clips', title: 'Saved clips', page: ClipsPage, needs: 'recordings.export' },
  { path: '/cameras/:camera/recordings', title: 'Recordings', page: PlaybackPage, needs: 'recordings.read' },
  {
    path: '/events',
    title: 'Events',
    page: EventsPage,
    nav: { icon: 'events', label: 'Events' },
    needs: 'events.read',
  },
  {
    path: '/evidence',
    title: 'Evidence',
    page: EvidencePage,
    nav: { icon: 'shield', label: 'Evidence' },
    needs: 'evidence.read',
  },
  {
    path: '/settings',
    title: 'Settings',
    page: SettingsPage,
    nav: { icon: 'settings', label: 'Settings' },
    needs: 'scenes.read',
  },
  { path: '/settings/cameras/:camera', title: 'Zones, lines and lanes', page: EditorPage, needs: 'scenes.read' },
  { path: '/settings/floor-plan', title: 'Floor plan', page: FloorPlanPage, needs: 'scenes.read' },
  { path: '/settings/accuracy', title: 'Accuracy', page: AccuracyPage, needs: 'audits.write' },
  { path: '/settings/audit', title: 'Audit log', page: AuditPage, needs: 'audit.read' },
  { path: '/settings/users', title: 'Users', page: UsersPage, needs: 'users.read' },
];

export function routesOf(user: Me): readonly AppRoute[] {
  return ROUTES.filter(({ needs }) => !needs || user.permissions.includes(needs));
}

export function storePath(store: string, path: string): string {
  return `/stores/${store}${path}`;
}
