import type { ConnectionId, WorkspaceId } from '@tributary/event-contracts';
import { Conflict } from '@tributary/failures';
import { objectOf, type Catalogue, type CopiedObject } from './catalogue.ts';
import { readCatalogue } from './read-catalogue.ts';
import { readOrg, type OrgSettings } from './read-org.ts';
import type { Warehouse } from './warehouse.client.ts';

/** What a connection has copied, and how its org keeps time and money. */
export interface ConnectionContext {
  readonly catalogue: Catalogue;
  readonly org: OrgSettings;
}

const timeoutMs = 5_000;

/** Whose data a person of which workspace asks for. */
export interface AskedConnection {
  readonly workspaceId: WorkspaceId;
  readonly connectionId: ConnectionId;
}

/** @throws Conflict `dataset.not_ready` when nothing of the connection has been copied yet, or it is of another workspace */
export async function readContext(warehouse: Warehouse, { workspaceId, connectionId }: AskedConnection, objects: readonly string[]): Promise<ConnectionContext> {
  const context = await warehouse.snapshot(async (client) => {
    const catalogue = await readCatalogue(client, connectionId, objects);
    return catalogue === undefined ? undefined : { catalogue, org: await readOrg(client, catalogue) };
  }, { timeoutMs, workspaceId });
  if (context === undefined || context.catalogue.objects.length === 0) throw notReady('This connection');
  return context;
}

/** The object, once its first rows are there. @throws Conflict `dataset.not_ready` */
export function requireReady(catalogue: Catalogue, name: string): CopiedObject | undefined {
  const copied = objectOf(catalogue, name);
  if (copied !== undefined && copied.loadedAt === null && copied.version === 0n) throw notReady(copied.label);
  return copied;
}

function notReady(what: string): Conflict {
  return new Conflict('dataset.not_ready', `${what} has not been copied from Salesforce yet.`, { action: 'Wait for the first sync run to bring rows.', retryAfterMs: 3_000 });
}
