import { Inject, Injectable } from '@nestjs/common';
import { SqlPool } from '@tributary/persistence';
import { forgetOthers, hintsFor } from '../change-events/changed-objects.store.ts';
import { CONFIG, type IngestConfig } from '../config.ts';
import type { Connection } from '../connection/connections.store.ts';
import type { OrgAccess } from '../extract/org-access.ts';
import { dueTurns, objectTurns, runEverySeconds, type ObjectTurn } from '../schedule/object-schedule.ts';
import { SyncSettingsStore } from '../schedule/sync-settings.store.ts';
import { OrgSchemas } from '../selection/org-schemas.ts';
import { chosenObjects } from '../selection/selection.ts';
import type { ClaimedRun } from './run-lease.ts';

@Injectable()
export class ChooseRunObjects {
  constructor(
    private readonly pool: SqlPool,
    private readonly schemas: OrgSchemas,
    private readonly settings: SyncSettingsStore,
    @Inject(CONFIG) private readonly config: IngestConfig,
  ) {}

  /** Objects whose turn it is in a run, most valuable first. @throws what looking at the org throws */
  async execute(run: ClaimedRun, connection: Connection, access: OrgAccess): Promise<ObjectTurn[]> {
    const known = await this.schemas.current(connection.id, access);
    const settings = await this.settings.read(connection.id);
    const turns = objectTurns(chosenObjects(connection.selection, known), settings, this.config.syncIntervalSeconds).filter(({ paused }) => !paused);
    await forgetOthers(this.pool, connection.id, turns.map(({ name }) => name));
    if (!run.onlyDue) return turns;
    const { changed, isPoll } = await hintsFor(this.pool, run);
    const { readAt, now } = await this.settings.turns(connection.id);
    const due = new Set(dueTurns(turns, readAt, now, isPoll ? runEverySeconds(settings, this.config.syncIntervalSeconds) : 0));
    return turns.filter((turn) => due.has(turn) || changed.has(turn.name));
  }
}
