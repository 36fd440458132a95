import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query, UseGuards } from '@nestjs/common';
import {
  CatalogueRequest, connectionSyncs, disconnectConnection, getCatalogue, listConnections, pauseConnection, putSelection, runDoctor, Selection, shareConnection, SharingChange,
  type Catalogue, type Connection, type ConnectionCore, type ConnectionList, type ConnectionSync, type Disconnected, type DoctorReport,
} from '@tributary/api-contracts';
import { ConnectionId, PersonId, WorkspaceId } from '@tributary/event-contracts';
import { InvalidInput } from '@tributary/failures';
import { RequestClient } from '@tributary/messaging';
import { parsed } from '../parsed.ts';
import { FreshSignIn } from '../session/fresh-sign-in.ts';
import type { Session } from '../session/session.entity.ts';
import { CurrentSession, SessionGuard } from '../session/session.guard.ts';
import { ConnectionAccess } from './connection-access.ts';

@Controller('api/connections')
@UseGuards(SessionGuard)
export class ConnectionController {
  constructor(
    private readonly requests: RequestClient,
    private readonly access: ConnectionAccess,
    private readonly fresh: FreshSignIn,
  ) {}

  @Get()
  async list(@CurrentSession() session: Session): Promise<ConnectionList> {
    const { connections } = await this.requests.ask(listConnections, { personId: PersonId.parse(session.personId) });
    const syncs = await this.#syncs(session, connections);
    return { connections: connections.map((core) => withSync(core, syncs[core.id])) };
  }

  @Get(':id')
  async one(@CurrentSession() session: Session, @Param('id') id: string): Promise<Connection> {
    const { connection } = await this.access.require(session, id);
    return withSync(connection, (await this.#syncs(session, [connection]))[connection.id]);
  }

  @Delete(':id')
  async disconnect(@CurrentSession() session: Session, @Param('id') id: string, @Query('data') data = 'keep'): Promise<Disconnected> {
    if (data !== 'keep' && data !== 'erase') throw new InvalidInput('DATA_INVALID', 'data must be keep or erase.');
    if (data === 'erase') this.fresh.require(session);
    // Auth-service decides: an owner of the workspace may also end what they cannot see.
    const { personId, connectionId } = this.access.named(session, id);
    return this.requests.ask(disconnectConnection, { personId, connectionId, data });
  }

  @Post(':id/pause')
  @HttpCode(200)
  async pause(@CurrentSession() session: Session, @Param('id') id: string): Promise<Connection> {
    return this.#setPaused(session, id, true);
  }

  @Post(':id/resume')
  @HttpCode(200)
  async resume(@CurrentSession() session: Session, @Param('id') id: string): Promise<Connection> {
    return this.#setPaused(session, id, false);
  }

  @Post(':id/doctor')
  @HttpCode(200)
  async doctor(@CurrentSession() session: Session, @Param('id') id: string): Promise<DoctorReport> {
    const { personId, connectionId } = await this.access.require(session, id);
    return this.requests.ask(runDoctor, { personId, connectionId });
  }

  @Get(':id/objects')
  async objects(@CurrentSession() session: Session, @Param('id') id: string, @Query() query: unknown): Promise<Catalogue> {
    const { object } = parsed(CatalogueRequest, query);
    const { workspaceId, connectionId } = await this.access.require(session, id);
    return this.requests.ask(getCatalogue, { workspaceId, connectionId, ...(object === undefined ? {} : { object }) });
  }

  @Put(':id/selection')
  async select(@CurrentSession() session: Session, @Param('id') id: string, @Body() body: unknown): Promise<Catalogue> {
    const { workspaceId, connectionId } = await this.access.requireOwn(session, id);
    return this.requests.ask(putSelection, { workspaceId, connectionId, selection: parsed(Selection, body) });
  }

  async #setPaused(session: Session, id: string, paused: boolean): Promise<Connection> {
    const { personId, connectionId } = await this.access.require(session, id);
    const core = await this.requests.ask(pauseConnection, { personId, connectionId, paused });
    return withSync(core, (await this.#syncs(session, [core]))[core.id]);
  }

  @Put(':id/sharing')
  async share(@CurrentSession() session: Session, @Param('id') id: string, @Body() body: unknown): Promise<Connection> {
    const { visibility } = parsed(SharingChange, body);
    if (visibility === 'workspace') this.fresh.require(session);
    const { personId, connectionId } = await this.access.require(session, id);
    this.access.forget(connectionId);
    const core = await this.requests.ask(shareConnection, { personId, connectionId, visibility });
    return withSync(core, (await this.#syncs(session, [core]))[core.id]);
  }

  async #syncs(session: Session, connections: readonly ConnectionCore[]): Promise<Record<string, ConnectionSync>> {
    if (connections.length === 0) return {};
    // A connection is shown with its state even while ingest-service is away.
    const answer = await this.requests.ask(connectionSyncs, { workspaceId: WorkspaceId.parse(session.workspaceId), connectionIds: connections.map(({ id }) => ConnectionId.parse(id)) }).catch(() => undefined);
    return answer?.syncs ?? {};
  }
}

/** A connection is called by its org's own name as soon as that is copied; until then by its host. */
function withSync(core: ConnectionCore, sync: ConnectionSync | undefined): Connection {
  const name = sync?.orgName ?? null;
  return { ...core, ...(name === null ? {} : { name, org: { ...core.org, name } }), sync: sync ?? null, warehouseSchema: sync?.warehouseSchema ?? null };
}
