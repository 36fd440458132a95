import { Selection } from '@tributary/api-contracts';
import { ConnectionId, liveSubject } from '@tributary/event-contracts';
import { SqlPool } from '@tributary/persistence';
import { startSimulator, type Row, type Simulator, type SimulatorOptions } from '@tributary/salesforce-simulator';
import { Connections, recordAuthorized, recordTokenReady } from '../connection/connections.store.ts';
import { AuthDouble } from '../spec-support/auth-double.harness.ts';
import type { IngestHarness } from '../spec-support/ingest.harness.ts';
import { quoted } from '../sql.ts';
import { RunWakeUp } from '../sync-run/run-wake-up.ts';
import { StartRun } from '../sync-run/start-run.ts';
import { dropWarehouse, warehouseSchemaOf } from '../warehouse/warehouse-schema.ts';
import { answerOf, callsOf, failuresOf } from './calls.harness.ts';
import { firstDifference, type ComparedColumn, type StoredRow } from './comparison.harness.ts';
import { formulaName, ModelOrg, objectName } from './model-org.harness.ts';
import type { RunStep, Scenario } from './scenario.harness.ts';

/** Where simulated orgs listen, one after the other. */
export type Ports = NonNullable<SimulatorOptions['ports']>;

/** What the last run left behind. */
interface Outcome {
  readonly status: string;
  readonly reasons: string;
  /** Whether the window that ended was planned in this run, rather than in an earlier one that broke off. */
  readonly fresh: boolean;
  /** Salesforce's clock when the window was planned. */
  readonly asOfMs: number;
}

interface SyncObjectRow {
  readonly [column: string]: unknown;
  readonly as_of: Date | null;
  readonly reread: boolean;
  readonly version: string;
  readonly stored_rows: string;
  readonly tombstones: string;
}

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
/** Undisturbed runs after which everything must be complete. */
const patience = 4;
const runWithinMs = 60_000;
let connections = 0;

/** A fault of the product that a scenario showed. */
export class ModelBroken extends Error {}

/** One scenario against the running service, in an org and a connection of its own. */
export class SeedRun {
  readonly #schema: string;
  readonly #pool: SqlPool;

  private constructor(
    private readonly ingest: IngestHarness,
    private readonly simulator: Simulator,
    private readonly model: ModelOrg,
    private readonly auth: AuthDouble,
    private readonly connectionId: ConnectionId,
    private readonly scenario: Scenario,
  ) {
    this.#schema = warehouseSchemaOf(connectionId);
    this.#pool = this.#get(SqlPool);
  }

  /** @throws ModelBroken saying what differs, and after which step */
  static async execute(ingest: IngestHarness, ports: Ports, scenario: Scenario): Promise<void> {
    const connectionId = ConnectionId.parse(`0199aa00-0000-7000-9000-${String((connections += 1)).padStart(12, '0')}`);
    const simulator = await startSimulator({ size: 'empty', ports, now: new Date(scenario.org.now) });
    try {
      const model = ModelOrg.create(simulator, scenario);
      const auth = await AuthDouble.start(ingest.bus, ingest.environment, simulator, connectionId);
      const run = new SeedRun(ingest, simulator, model, auth, connectionId, scenario);
      try {
        await run.#connect();
        await run.#play();
      } finally {
        auth.stop();
        await run.#forget();
      }
    } finally {
      await simulator.stop();
    }
  }

  #get<T>(token: new (...parts: never[]) => T): T {
    if (this.ingest.app === undefined) throw new Error('The service is not started.');
    return this.ingest.app.get(token);
  }

  async #connect(): Promise<void> {
    const id = this.connectionId;
    await recordAuthorized(this.#pool, { id, workspaceId: '0199aa00-0000-7000-8000-00000000000b', orgId: this.simulator.orgId, userId: String(this.simulator.users[0]?.userId) });
    await this.#get(Connections).keepSelection(id, Selection.parse({ objects: [{ name: objectName }] }));
    await recordTokenReady(this.#pool, { id, orgId: this.simulator.orgId, epoch: 1 });
  }

  async #forget(): Promise<void> {
    await dropWarehouse(this.#pool, this.#schema);
    await this.#pool.query('delete from connection where id = $1', [this.connectionId]);
  }

  async #play(): Promise<void> {
    for (const [index, step] of this.scenario.steps.entries()) {
      if (step.do !== 'run') this.model.apply(step);
      else await this.#disturbedRun(step, index);
    }
    const when = 'after the dust settled, before any comparison of all Ids was due';
    this.model.settle();
    this.simulator.clock.advance(30 * minuteMs);
    await this.#untilComplete(when);
    await this.#requireEqual(when, (id) => this.model.late.has(id));
    await this.#sweep();
  }

  /** A run while things go wrong and change; one that says it is complete must be, unless the source moved meanwhile. */
  async #disturbedRun({ troubles, meanwhile, failedJobs, noJobsLeft, sweep }: RunStep, index: number): Promise<void> {
    const { faults, settings, clock } = this.simulator;
    let moved = false;
    for (const { at, nth, changes } of meanwhile) {
      faults.add({
        match: callsOf({ at, nth }),
        answer: {
          tamper: (body) => {
            moved = true;
            clock.advance(secondMs);
            for (const change of changes) this.model.apply(change);
            return body;
          },
        },
      });
    }
    for (const trouble of troubles) faults.add({ match: callsOf(trouble), answer: answerOf(trouble.what) });
    settings.bulkFailures = failuresOf(failedJobs);
    settings.bulkJobsPerDay = noJobsLeft ? 0 : 10_000;
    if (sweep) await this.#makeSweepDue();
    const outcome = await this.#run();
    faults.clear();
    settings.bulkFailures = [];
    settings.bulkJobsPerDay = 10_000;
    if (outcome.status === 'complete' && outcome.fresh && !moved) {
      const known = this.model.rows.map((row) => String(row['Id']));
      const unseen = new Set(known.filter((_id, position) => Date.parse(String(this.model.rows[position]?.['SystemModstamp'])) >= outcome.asOfMs + secondMs));
      await this.#requireEqual(`though run ${index} said it was complete`, (id, purged) => purged || this.model.late.has(id) || unseen.has(id));
      this.model.noteSeen();
    }
    clock.advance(secondMs);
  }

  /** Runs undisturbed until one is complete. */
  async #untilComplete(when: string): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const { status, reasons, fresh } = await this.#run();
      this.simulator.clock.advance(minuteMs);
      if (status === 'complete' && fresh && !(await this.#state()).reread) return;
      if (attempt === patience) throw new ModelBroken(`${when}, ${patience} undisturbed runs did not become complete: ${status} ${reasons}`);
    }
  }

  /** The weekly comparison repairs what only it can find; then nothing at all may differ, and reading again changes nothing. */
  async #sweep(): Promise<void> {
    await this.#makeSweepDue();
    this.simulator.clock.advance(20 * minuteMs);
    const when = 'after all Ids were compared';
    await this.#untilComplete(when);
    await this.#requireEqual(when, () => false);
    const before = await this.#state();
    this.simulator.clock.advance(60 * minuteMs);
    await this.#untilComplete(when);
    const after = await this.#state();
    if (after.version !== before.version) throw new ModelBroken(`${when}, a run without any change made version ${after.version} of ${before.version}`);
    await this.#requireCounts(after);
    await this.#followFormulas();
  }

  /** By now no row is read again by itself: only the formula of its parents tells that it shows another value. */
  async #followFormulas(): Promise<void> {
    this.model.changeParents();
    this.simulator.clock.advance(minuteMs);
    const when = 'after parents of settled rows changed';
    await this.#untilComplete(when);
    await this.#requireEqual(when, () => false);
  }

  async #makeSweepDue(): Promise<void> {
    await this.#pool.query('update delete_watch set sweep_due = true where connection_id = $1', [this.connectionId]);
  }

  async #run(): Promise<Outcome> {
    const startedMs = Math.floor((this.simulator.clock.now().getTime() + this.scenario.org.headerAheadMs) / secondMs) * secondMs;
    await this.#requireToken();
    const { run } = await this.#get(StartRun).execute(this.connectionId);
    const endsAt = performance.now() + runWithinMs;
    for (let waitMs = 30; performance.now() < endsAt; waitMs = 250) {
      const { rows: [row] } = await this.#pool.query<{ status: string; reasons: unknown }>('select status, reasons from sync_run where id = $1', [run.id]);
      if (row !== undefined && row.status !== 'running') {
        const asOfMs = (await this.#state()).as_of?.getTime() ?? 0;
        return { status: row.status, reasons: JSON.stringify(row.reasons), fresh: asOfMs >= startedMs, asOfMs };
      }
      // The worker may have been looking when it was woken.
      this.#get(RunWakeUp).now();
      await this.#ended(waitMs);
    }
    throw new ModelBroken('a run did not come to its end');
  }

  /** Until a run tells its end, or for some time. */
  async #ended(withinMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, withinMs);
    const subscription = this.ingest.bus.subscribe(liveSubject(this.connectionId), {
      callback: (_error, message) => {
        if (message.json<{ type: string }>().type === 'sync.finished') resolve();
      },
    });
    await promise;
    clearTimeout(timer);
    subscription.unsubscribe();
  }

  /** A session that Salesforce refused twice needs its person once more. */
  async #requireToken(): Promise<void> {
    if ((await this.#get(Connections).require(this.connectionId)).tokenState === 'ready') return;
    await this.auth.consent();
    this.auth.epoch += 1;
    await recordTokenReady(this.#pool, { id: this.connectionId, orgId: this.simulator.orgId, epoch: this.auth.epoch });
  }

  /** What the warehouse knows of the object; nothing before the first run got so far. */
  async #state(): Promise<SyncObjectRow> {
    const none: SyncObjectRow = { as_of: null, reread: false, version: '0', stored_rows: '0', tombstones: '0' };
    const { rows: [found] } = await this.#pool.query<{ name: string | null }>('select to_regclass($1)::text as name', [`${quoted(this.#schema)}.sync_object`]);
    if (found?.name == null) return none;
    const { rows: [row] } = await this.#pool.query<SyncObjectRow>(`select as_of, reread, version, stored_rows, tombstones from ${quoted(this.#schema)}.sync_object where object = $1`, [objectName]);
    return row ?? none;
  }

  async #requireEqual(when: string, excused: (id: string, purged: boolean) => boolean): Promise<void> {
    const { rows: columns } = await this.#pool.query<ComparedColumn & { [column: string]: unknown }>(
      `select field, column_name as column, column_type as type from ${quoted(this.#schema)}.field_catalogue where object = $1 and seen_until is null and column_name is not null order by position`, [objectName]);
    const [known, visible] = [columns.map(({ field }) => field).toSorted().join(), this.model.visibleFields.toSorted().join()];
    if (known !== visible) throw new ModelBroken(`${when}, the warehouse has the fields ${known} but Salesforce shows ${visible}`);
    const { rows: stored } = await this.#pool.query<{ row: StoredRow }>(`select to_jsonb(t) as row from ${quoted(this.#schema)}.${objectName.toLowerCase()} t`);
    const difference = firstDifference({ source: this.#source(stored.map(({ row }) => row), excused), stored: stored.map(({ row }) => row), columns, excused: (id, row) => excused(id, row === undefined) });
    if (difference !== undefined) throw new ModelBroken(`${when}, ${difference}`);
  }

  /** Rows with what their formula shows; one whose parent need not be known yet may show what it showed. */
  #source(stored: readonly StoredRow[], excused: (id: string, purged: boolean) => boolean): Row[] {
    const shown = new Map(stored.map((row) => [row['id'], row[formulaName.toLowerCase()]]));
    const present = new Set(this.model.rows.map((row) => row['Id']));
    return this.model.rows.map((row) => {
      const parent = row['Parent__c'];
      const isExcused = typeof parent === 'string' && excused(parent, !present.has(parent));
      return { ...row, [formulaName]: isExcused ? textOf(shown.get(row['Id'])) : this.model.shown(String(row['Id'])) };
    });
  }

  /** Counts kept beside the rows say the same as the rows. */
  async #requireCounts({ stored_rows: stored, tombstones }: SyncObjectRow): Promise<void> {
    const { rows: [row] } = await this.#pool.query<{ rows: string; deleted: string }>(`select count(*) as rows, count(*) filter (where _deleted) as deleted from ${quoted(this.#schema)}.${objectName.toLowerCase()}`);
    if (row?.rows !== stored || row.deleted !== tombstones) throw new ModelBroken(`${row?.rows} rows with ${row?.deleted} deleted ones are said to be ${stored} with ${tombstones}`);
  }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
