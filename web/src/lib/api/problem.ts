/* SPDX-License-Identifier: Apache-2.0 */

/** An answer that was not 2xx: RFC 9457 problem+json where the server sent one. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly detail: string | undefined;

  constructor(status: number, title: string, detail?: string) {
    super(title);
    this.name = 'ApiProblem';
    this.status = status;
    this.detail = detail;
  }
}

export function toProblem(status: number, body: unknown): ApiProblem {
  const p = typeof body === 'object' && body !== null ? (body as { title?: unknown; detail?: unknown }) : {};
  const title = typeof p.title === 'string' ? p.title : `The server answered ${status}`;
  return new ApiProblem(status, title, typeof p.detail === 'string' ? p.detail : undefined);
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
