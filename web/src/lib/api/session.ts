/* SPDX-License-Identifier: Apache-2.0 */
import { useQuery } from '@tanstack/react-query';
import { api, bodyOf, type Schemas } from './client.ts';
import { isStatus } from './problem.ts';
import { ME_KEY } from './query-client.ts';

export type Me = Schemas['Me'];
export type Permission = Schemas['Permission'];

/** Who is logged in; null when nobody is. */
export function useMe() {
  return useQuery({
    queryKey: ME_KEY,
    queryFn: async (): Promise<Me | null> => {
      try {
        return await bodyOf(api.GET('/api/v1/me'));
      } catch (error) {
        if (isStatus(error, 401)) return null;
        throw error;
      }
    },
    staleTime: Infinity,
  });
}

/** May the one who is logged in do this? What may not be had is not asked for and not shown. */
export function useMay(permission: Permission): boolean {
  return useMe().data?.permissions.includes(permission) ?? false;
}

type Role = Schemas['Role'];

const ROLE_WORDS: Record<Role, { label: string; text: string }> = {
  admin: { label: 'Administrator', text: 'Everything.' },
  manager: { label: 'Store manager', text: "A store's daily work, with drawing zones and lines." },
  regional: { label: 'Regional', text: 'Like a store manager, without drawing.' },
  corporate: { label: 'Corporate', text: 'Figures only: no pictures, no events.' },
  security: { label: 'Security', text: 'Cameras, pictures, events and evidence.' },
  installer: { label: 'Installer', text: 'Cameras, pictures, zones and lines.' },
  viewer: { label: 'Viewer', text: 'Looks at figures, cameras and events.' },
};

export const ROLES = Object.keys(ROLE_WORDS) as Role[];

export function roleLabel(role: Role): string {
  return ROLE_WORDS[role].label;
}

export function roleText(role: Role): string {
  return ROLE_WORDS[role].text;
}
