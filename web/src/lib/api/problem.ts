/* SPDX-License-Identifier: Apache-2.0 */
import type { components } from './schema.gen.ts';

type Problem = components['schemas']['Problem'];

/** An answer that was not 2xx: RFC 9457 problem+json where the server sent one. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly detail: string | undefined;
  /** Each place of the body that is wrong. */
  readonly errors: NonNullable<Problem['errors']>;

  constructor(status: number, title: string, detail?: string, errors: NonNullable<Problem['errors']> = []) {
    super(title);
    this.name = 'ApiProblem';
    this.status = status;
    this.detail = detail;
    this.errors = errors;
  }
}

export function toProblem(status: number, body: unknown): ApiProblem {
  const p: Partial<Problem> = typeof body === 'object' && body !== null ? body : {};
  const title = typeof p.title === 'string' ? p.title : `The server answered ${status}`;
  return new ApiProblem(status, title, typeof p.detail === 'string' ? p.detail : undefined, p.errors);
}

/** One sentence for people. */
export function problemText(error: unknown): string {
  if (error instanceof ApiProblem) return error.detail ?? error.message;
  if (error instanceof TypeError) return 'The server cannot be reached. Check that InvEye is running and try again.';
  return error instanceof Error ? error.message : 'Something unexpected went wrong.';
}

export function isStatus(error: unknown, status: number): boolean {
  return error instanceof ApiProblem && error.status === status;
}
