import type { Connection } from '@tributary/api-contracts';
import { expect, it } from 'vitest';
import { homeDestination } from './home-destination.ts';

function aConnection(id: string, part: { state?: Connection['state']; createdAt?: string; synced?: boolean } = {}): Connection {
  const at = '2026-11-20T10:00:00Z';
  return {
    id, name: id, state: part.state ?? 'active', attention: null, flow: 'refresh-token', flowReason: '', org: { id: '00D', name: null, kind: 'production' }, user: { id: '005', name: 'Anna', username: null },
    host: 'acme.my.salesforce.com', loginOrigin: 'https://login.salesforce.com', site: null, createdAt: part.createdAt ?? at, timeline: [], policy: 'user', ways: [], lastWay: null, visibility: 'private', owner: { id: 'p', name: 'Anna', isMe: true }, warehouseSchema: null,
    sync: { warehouseSchema: null, orgName: null, lastRun: null, openRun: null, lastSyncAt: part.synced === true ? at : null, nextSyncAt: null, intervalSeconds: 300, apiUsage: null },
  };
}

it('leads to connecting when there is nothing', () => {
  expect(homeDestination([], undefined)).toEqual({ page: 'connect' });
  expect(homeDestination([aConnection('a', { state: 'purged' })], 'a')).toEqual({ page: 'connect' });
});

it('shows a first sync that runs before any board', () => {
  expect(homeDestination([aConnection('old', { synced: true }), aConnection('new')], 'old')).toEqual({ page: 'sync', connectionId: 'new' });
});

it('opens the board that was used last, else the newest', () => {
  const [old, young] = [aConnection('old', { synced: true }), aConnection('young', { synced: true, createdAt: '2026-11-24T10:00:00Z' })];
  expect(homeDestination([old, young], 'old')).toEqual({ page: 'pipeline', connectionId: 'old' });
  expect(homeDestination([old, young], 'gone')).toEqual({ page: 'pipeline', connectionId: 'young' });
});

it('shows the list when a connection is stuck before its first data', () => {
  expect(homeDestination([aConnection('a', { state: 'needs_admin' })], undefined)).toEqual({ page: 'connections' });
});
