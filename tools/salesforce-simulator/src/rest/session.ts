import type { HttpRequest } from '../http/request.ts';
import { livingToken } from '../oauth/bearer.ts';
import type { World } from '../oauth/world.ts';
import type { View } from '../soql/view.ts';
import { RestError } from './rest-error.ts';

/** Who calls, and what they may see. */
export interface Session {
  readonly userId: string;
  readonly username: string;
  readonly view: View;
}

/** @throws RestError 401 and 403 as the data APIs answer them */
export function openSession(world: World, request: HttpRequest): Session {
  const authorization = request.headers['authorization'];
  if (authorization !== undefined && !/^(Bearer|OAuth) \S+$/i.test(authorization)) throw new RestError(401, 'INVALID_AUTH_HEADER', 'INVALID_HEADER_TYPE');
  const token = livingToken(world, authorization?.replace(/^\w+ /, ''));
  if (token === undefined) throw new RestError(401, 'INVALID_SESSION_ID', 'Session expired or invalid');
  if (world.settings.sessionRefused) throw new RestError(401, 'INVALID_SESSION_ID', 'This session is not valid for use with the REST API');
  if (!world.settings.apiEnabled) throw new RestError(403, 'API_DISABLED_FOR_ORG', 'The REST API is not enabled for this Organization.');
  world.tokens.touch(token);
  const username = String(world.org.lookup(token.userId)?.['Username'] ?? '');
  return { userId: token.userId, username, view: viewOf(world, username) };
}

/** What field-level security, object permissions and sharing leave to a user. */
export function viewOf({ org, settings }: World, username: string): View {
  const concerns = (rule: { username?: string | undefined }): boolean => rule.username === undefined || rule.username.toLowerCase() === username.toLowerCase();
  const hiddenFields = new Set(settings.hiddenFields.filter(concerns).map(({ object, field }) => `${object}.${field}`.toLowerCase()));
  const hiddenObjects = new Set(settings.hiddenObjects.filter(concerns).map(({ object }) => object.toLowerCase()));
  const unfilterable = new Map(settings.unfilterableFields.map(({ object, field, described }) => [`${object}.${field}`.toLowerCase(), described]));
  const hiddenRecords = new Set(settings.hiddenRecords);
  return {
    org,
    canSeeObject: (object) => !hiddenObjects.has(object.toLowerCase()),
    canSeeField: (object, field) => hiddenFields.size === 0 || !hiddenFields.has(`${object}.${field}`.toLowerCase()),
    someoneSeesField: (object, field) => !settings.hiddenFields.some((rule) => rule.username === undefined && `${rule.object}.${rule.field}`.toLowerCase() === `${object}.${field}`.toLowerCase()),
    setupSight: settings.setupSight,
    canFilter: (object, field) => !unfilterable.has(`${object}.${field}`.toLowerCase()),
    describedFilterable: (object, field) => unfilterable.get(`${object}.${field}`.toLowerCase()) !== true,
    canSeeRecord: hiddenRecords.size === 0 ? undefined : (id) => !hiddenRecords.has(id),
    key: [...hiddenFields, ...hiddenObjects, ...hiddenRecords].join(','),
  };
}
