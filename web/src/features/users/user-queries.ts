/* SPDX-License-Identifier: Apache-2.0 */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, bodyOf, type Schemas } from '@/lib/api/client.ts';

export type User = Schemas['User'];
export type NewUser = Schemas['NewUser'];
export type UserChange = Schemas['UserChange'];

const KEY = ['users'] as const;

export function useUsers() {
  return useQuery({ queryKey: KEY, queryFn: async () => (await bodyOf(api.GET('/api/v1/users'))).users });
}

export function useUserMutations() {
  const client = useQueryClient();
  const onSuccess = () => void client.invalidateQueries({ queryKey: KEY });
  const create = useMutation({ mutationFn: (body: NewUser) => bodyOf(api.POST('/api/v1/users', { body })), onSuccess });
  const change = useMutation({
    mutationFn: ({ name, body }: { name: string; body: UserChange }) =>
      bodyOf(api.PATCH('/api/v1/users/{name}', { params: { path: { name } }, body })),
    onSuccess,
  });
  const remove = useMutation({
    mutationFn: (name: string) => bodyOf(api.DELETE('/api/v1/users/{name}', { params: { path: { name } } })),
    onSuccess,
  });
  return { create, change, remove };
}
