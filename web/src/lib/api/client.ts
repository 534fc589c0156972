/* SPDX-License-Identifier: Apache-2.0 */
import createClient from 'openapi-fetch';
import { toProblem } from './problem.ts';
import type { components, paths } from './schema.gen.ts';

/* The typed client. Looks `fetch` up at each call, so that tests may replace it. */
export const api = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? '',
  fetch: (request) => globalThis.fetch(request),
});

export type Schemas = components['schemas'];

type Answer<T> = { data?: T; error?: unknown; response: Response };

/** The body of a good answer; throws ApiProblem for any other. */
export async function bodyOf<T>(call: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await call;
  if (!response.ok) throw toProblem(response.status, error);
  return data as T;
}
