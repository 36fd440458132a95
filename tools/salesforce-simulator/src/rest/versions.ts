import { json, type Reply } from '../http/reply.ts';
import type { Settings } from '../control/settings.ts';
import { RestError } from './rest-error.ts';

const seasons = ['Winter', 'Spring', 'Summer'] as const;

/** `GET /services/data`: oldest first. */
export function versions({ oldestApiVersion, newestApiVersion }: Settings): Reply {
  const count = newestApiVersion - oldestApiVersion + 1;
  return json(200, Array.from({ length: count }, (_, index) => {
    const version = oldestApiVersion + index;
    return { label: labelOf(version), url: `/services/data/v${version}.0`, version: `${version}.0` };
  }));
}

/** v65.0 is Winter '26; a year has three releases, the first in the autumn before it. */
function labelOf(version: number): string {
  const releases = version - 65;
  const year = 26 + Math.floor(releases / 3);
  return `${seasons[((releases % 3) + 3) % 3] ?? 'Winter'} '${String(year).padStart(2, '0')}`;
}

/** @throws RestError 410 for a retired version, 404 for an unknown one */
export function requireVersion(version: string, { oldestApiVersion, newestApiVersion }: Settings): void {
  const number = Number(version);
  if (number < oldestApiVersion) throw new RestError(410, 'GONE', `410:GONE. API version ${version} is no longer supported.`);
  if (number > newestApiVersion || !Number.isInteger(number)) throw new RestError(404, 'NOT_FOUND', 'The requested resource does not exist');
}
