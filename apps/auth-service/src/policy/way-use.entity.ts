import { defineEntity, p, type InferEntity } from '@mikro-orm/postgresql';
import type { TokenFlow } from '@tributary/api-contracts';
import type { Purpose, WayKind } from './choose-way.ts';

/** When a way in of a connection was used last, and why; for people, nothing is decided by it but whether to renew early. */
export const WayUseTable = defineEntity({
  name: 'WayUse',
  tableName: 'way_use',
  properties: {
    connectionId: p.uuid().primary(),
    workspaceId: p.uuid(),
    kind: p.string().$type<WayKind>().primary(),
    lastUsedAt: p.datetime(),
    lastPurpose: p.string().$type<Purpose>(),
    lastFlow: p.string().$type<TokenFlow>(),
    lastReason: p.string(),
  },
});
export type WayUseRow = InferEntity<typeof WayUseTable>;
