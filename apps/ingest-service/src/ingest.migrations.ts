import { budgetMigrations } from './budget/budget.migrations.ts';
import { changeEventMigrations } from './change-events/change-events.migrations.ts';
import { connectionMigrations } from './connection/connection.migrations.ts';
import { erasureMigrations } from './connection/erasure.migrations.ts';
import { workspaceScopeMigrations } from './connection/workspace-scope.migrations.ts';
import { extractMigrations } from './extract/extract.migrations.ts';
import { formulaMigrations } from './formula/formula.migrations.ts';
import { sweepMigrations } from './sweep/sweep.migrations.ts';
import { syncRunMigrations } from './sync-run/sync-run.migrations.ts';

/** All migrations of ingest-service, applied in this order: a new one comes last. */
export const ingestMigrations = [...connectionMigrations, ...syncRunMigrations, ...extractMigrations, ...sweepMigrations, ...budgetMigrations, ...changeEventMigrations, ...formulaMigrations, ...workspaceScopeMigrations, ...erasureMigrations];
