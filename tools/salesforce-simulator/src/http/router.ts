import type { HttpRequest, HostKind } from './request.ts';
import type { Reply } from './reply.ts';

export interface Route {
  /** Absent: any. */
  readonly hosts?: readonly HostKind[];
  readonly method: string | readonly string[];
  readonly path: RegExp;
  /** `parts` are the groups of `path`. */
  readonly handle: (request: HttpRequest, parts: readonly string[]) => Reply | Promise<Reply>;
}

/** Answers by the first route that fits; undefined when none does. */
export function route(routes: readonly Route[], request: HttpRequest): Reply | Promise<Reply> | undefined {
  for (const { hosts, method, path, handle } of routes) {
    if (hosts !== undefined && !hosts.includes(request.host)) continue;
    if (typeof method === 'string' ? method !== request.method : !method.includes(request.method)) continue;
    const match = path.exec(request.path);
    if (match !== null) return handle(request, match.slice(1).map((part) => part ?? ''));
  }
  return undefined;
}
