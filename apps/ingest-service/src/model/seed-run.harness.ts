import { Selection } from '@tributary/api-contracts';
import { ConnectionId } from '@tributary/event-contracts';
import { SqlPool } from '@tributary/persistence';
import { startSimulator, type Simulator, type SimulatorOptions } from '@tributary/salesforce-simulator';
import { Connections, keepSelection, recordAuthorized, recordTokenReady } from '../connection/connections.store.ts';
import { AuthDouble, homeWorkspace } from '../spec-support/auth-double.harness.ts';
import type { IngestHarness } from '../spec-support/ingest.harness.ts';
import { allowCalls } from '../spec-support/one-org.harness.ts';
import { dropWarehouse, warehouseSchemaOf } from '../warehouse/warehouse-schema.ts';
import { Disturbing } from './disturb.harness.ts';
import { ModelOrg } from './model-org.harness.ts';
import { letTimePass } from './pass-time.harness.ts';
import { People } from './people.harness.ts';
import { ModelBroken, Runs, type EndedRun } from './runs.harness.ts';
import type { Act, Disturbance, RunStep, Scenario, Step } from './scenario.harness.ts';
import { ScheduleWatch } from './schedule-watch.harness.ts';
import { WarehouseWatch, type Comparing } from './warehouse-watch.harness.ts';

/** Where simulated orgs listen, one after the other. */
export type Ports = NonNullable<SimulatorOptions['ports']>;

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
/** auth-service uses each grant so often; Salesforce forgets one after thirty days. */
const keptAliveMs = 7 * 24 * 60 * minuteMs;
/** Undisturbed runs after which everything must be complete. */
const patience = 4;
/** Of the service under test, as its harness starts it. */
const defaultIntervalSeconds = 3_600;
/** Runs that one cause may open, one after the other. */
const mostRunsInARow = 8;
const plentyOfCalls = 1_000_000;
const quiet: Disturbance = { troubles: [], meanwhile: [], failedJobs: [], noJobsLeft: false };
const noneExcused: Comparing['excused'] = () => false;
let connections = 0;

/** One scenario against the running service, in an org and a connection of its own. */
export class SeedRun {
  readonly #schema: string;
  readonly #pool: SqlPool;
  readonly #runs: Runs;
  readonly #people: People;
  readonly #warehouse: WarehouseWatch;
  readonly #schedule: ScheduleWatch;
  #isPaused = false;

  private constructor(
    private readonly ingest: IngestHarness,
    private readonly simulator: Simulator,
    private readonly model: ModelOrg,
    private readonly auth: AuthDouble,
    private readonly connectionId: ConnectionId,
    private readonly scenario: Scenario,
  ) {
    this.#schema = warehouseSchemaOf(connectionId);
    this.#pool = ingest.get(SqlPool);
    this.#runs = new Runs(ingest, connectionId);
    this.#people = new People(ingest, simulator, auth, connectionId);
    this.#warehouse = new WarehouseWatch(this.#pool, this.#schema, connectionId, model);
    this.#schedule = new ScheduleWatch(defaultIntervalSeconds, this.#allObjects);
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

  get #allObjects(): string[] {
    return this.scenario.objects.map(({ name }) => name);
  }

  async #connect(): Promise<void> {
    const id = this.connectionId;
    await recordAuthorized(this.#pool, { id, workspaceId: homeWorkspace, orgId: this.simulator.orgId, userId: String(this.simulator.users[0]?.userId) });
    await keepSelection(this.#pool, id, Selection.parse({ objects: this.#allObjects.map((name) => ({ name })) }));
    await recordTokenReady(this.#pool, { id, orgId: this.simulator.orgId, epoch: 1 });
  }

  async #forget(): Promise<void> {
    await dropWarehouse(this.#pool, this.#schema);
    await this.#pool.query('delete from connection where id = $1', [this.connectionId]);
  }

  async #play(): Promise<void> {
    for (const [index, step] of this.scenario.steps.entries()) await this.#step(step, `though run ${index} said it was complete`);
    await this.#undo();
    const when = 'after the dust settled, before any comparison of all Ids was due';
    this.model.settle();
    await this.#pass(30 * minuteMs);
    await this.#untilComplete(when);
    await this.#requireAllEqual(when, (id) => this.#isLate(id));
    await this.#sweep();
    if (this.scenario.isScheduled) await this.#followSchedule();
  }

  async #step(step: Step, when: string): Promise<void> {
    switch (step.do) {
      case 'run': return this.#byHand(step, when);
      case 'pass': return this.#disturbed(step, when, async () => this.#pass(step.ms));
      case 'schedule': return this.#reschedule(step);
      case 'pause': case 'resume': return this.#disturbed('troubles' in step ? step : quiet, when, async () => this.#pause(step.do === 'pause'));
      case 'select': return this.#disturbed(step, when, async () => this.#select(step.objects));
      case 'decide': return this.#disturbed(step, when, async () => this.#people.decide(step.decision));
      case 'calls left': return this.#leaveCalls(step.calls);
      case 'forbid': case 'allow': return this.model.permit(step.on, step.do === 'allow');
      default: this.model.apply(step);
    }
  }

  async #byHand(step: RunStep, when: string): Promise<void> {
    if (step.sweep) await this.#makeSweepDue();
    await this.#disturbed(step, when, async () => undefined, true);
    await this.#pass(secondMs);
  }

  /** Lets something open runs while things go wrong and change; a run or an object that is said to be complete must be, unless the source moved meanwhile. */
  async #disturbed(disturbance: Disturbance, when: string, open: () => Promise<void>, byHand = false): Promise<void> {
    const { simulator, model, connectionId } = this;
    const disturbing = new Disturbing({ simulator, model, pool: this.#pool, connectionId, wake: () => this.#runs.wake() }, disturbance);
    try {
      await this.#requireToken();
      await open();
      // Only now: what was read in the second before much time passed need not know what was committed since.
      const startedMs = this.#serverSecondMs();
      if (byHand) await this.#judge(await this.#runByHand(), startedMs, when, disturbing);
      await this.#drain(startedMs, when, disturbing);
    } finally {
      await disturbing.end();
    }
  }

  /** Runs that are open or due, one after the other until none is. */
  async #drain(startedMs: number, when: string, disturbing?: Disturbing): Promise<void> {
    if (!this.scenario.isScheduled) return;
    for (let count = 0; ; count += 1) {
      const run = await this.#runs.next();
      if (run === undefined) return;
      await this.#judge(run, startedMs, when, disturbing);
      await this.#requireToken();
      if (count === mostRunsInARow) throw new ModelBroken(`${mostRunsInARow} runs followed each other`);
    }
  }

  async #runByHand(): Promise<EndedRun | undefined> {
    const run = await this.#runs.byHand();
    if ((run === undefined) !== this.#isPaused) throw new ModelBroken(this.#isPaused ? 'a run was made although the connection is paused' : 'no run was made, as if the connection were paused');
    return run;
  }

  /** @param startedMs Salesforce's clock before anything was read */
  async #judge(run: EndedRun | undefined, startedMs: number, when: string, disturbing?: Disturbing): Promise<void> {
    if (run === undefined) return;
    if (this.scenario.isScheduled) this.#schedule.judge(run);
    if (disturbing?.moved === true) return;
    const states = await this.#warehouse.states();
    for (const { object: name, status, code } of run.objects) {
      const asOfMs = states.get(name)?.as_of?.getTime() ?? 0;
      if (status !== 'complete' || code !== null || asOfMs < startedMs) continue;
      const object = this.model.object(name);
      const unseen = new Set(this.model.objects.flatMap(({ rows }) => rows).filter((row) => Date.parse(String(row['SystemModstamp'])) >= asOfMs + secondMs).map(({ Id }) => String(Id)));
      const isInBin = (id: string): boolean => run.onlyDue && this.model.row(id)?.['IsDeleted'] === true;
      await this.#warehouse.requireEqual(object, { when, excused: (id, purged) => purged || this.#isLate(id) || unseen.has(id), isFormulaExcused: isInBin, formulasSinceMs: startedMs });
      object.noteSeen();
    }
  }

  #isLate(id: string): boolean {
    return this.model.objects.some(({ late }) => late.has(id));
  }

  /** Time passes here and at Salesforce, and what the schedule wants is done. */
  async #pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= keptAliveMs) {
      this.simulator.clock.advance(Math.min(left, keptAliveMs));
      if (left > keptAliveMs) await this.auth.keepAlive();
    }
    if (!this.scenario.isScheduled) return;
    this.#schedule.pass(ms);
    await letTimePass(this.#pool, { connectionId: this.connectionId, schema: this.#schema }, ms);
  }

  async #reschedule(step: Extract<Act, { do: 'schedule' }>): Promise<void> {
    if (await this.#people.schedule(step)) this.#schedule.schedule(step.intervalSeconds, step.objects);
    await this.#drain(this.#serverSecondMs(), 'after the schedule was changed');
  }

  async #pause(paused: boolean): Promise<void> {
    await this.#people.pause(paused);
    this.#isPaused = paused;
  }

  async #select(objects: readonly string[]): Promise<void> {
    if (await this.#people.select(objects)) this.#schedule.select(objects);
  }

  async #leaveCalls(calls: number | null): Promise<void> {
    if (calls === null) this.simulator.settings.dailyApiRequests = plentyOfCalls;
    else allowCalls(this.simulator, calls);
  }

  /** What people and administrators did is undone, so that everything is read again. */
  async #undo(): Promise<void> {
    if (!this.scenario.isScheduled) return;
    const when = 'after everything was allowed again';
    for (const name of this.#allObjects) this.model.permit(name, true);
    await this.#leaveCalls(null);
    if (this.#isPaused) await this.#step({ do: 'resume', ...quiet }, when);
    // A run learns that there are calls again, by which a schedule is judged.
    await this.#step({ do: 'run', ...quiet, sweep: false }, when);
    await this.#step({ do: 'schedule', intervalSeconds: null, newFields: 'copy', objects: [] }, when);
    await this.#step({ do: 'select', objects: this.#allObjects, ...quiet }, when);
    await this.#step({ do: 'decide', decision: 'copy', ...quiet }, when);
  }

  /** Runs undisturbed until one is complete. */
  async #untilComplete(when: string): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      await this.#requireToken();
      await this.#drain(this.#serverSecondMs(), when);
      const startedMs = this.#serverSecondMs();
      const run = await this.#runByHand();
      if (run !== undefined && this.scenario.isScheduled) this.#schedule.judge(run);
      const states = await this.#warehouse.states();
      await this.#pass(minuteMs);
      await this.#drain(startedMs, when);
      const isFresh = this.#allObjects.every((name) => (states.get(name)?.as_of?.getTime() ?? 0) >= startedMs && states.get(name)?.reread === false);
      const follows = (await Promise.all(this.model.objects.map((object) => this.#warehouse.followsFormulas(object, startedMs)))).every(Boolean);
      if (run?.status === 'complete' && isFresh && follows) return;
      if (attempt === patience) throw new ModelBroken(`${when}, ${patience} undisturbed runs did not become complete: ${run?.status} ${JSON.stringify(run?.reasons)}`);
    }
  }

  /** The weekly comparison repairs what only it can find; then nothing at all may differ, and reading again changes nothing. */
  async #sweep(): Promise<void> {
    await this.#makeSweepDue();
    await this.#pass(20 * minuteMs);
    const when = 'after all Ids were compared';
    await this.#untilComplete(when);
    await this.#requireAllEqual(when);
    const before = await this.#warehouse.states();
    await this.#pass(60 * minuteMs);
    await this.#untilComplete(when);
    const after = await this.#warehouse.states();
    for (const [name, state] of after) {
      if (state.version !== before.get(name)?.version) throw new ModelBroken(`${when}, a run without any change made version ${state.version} of ${before.get(name)?.version} of ${name}`);
      await this.#warehouse.requireCounts(name, state);
    }
    await this.#followFormulas();
  }

  /** By now no row is read again by itself: only the formula of its parents tells that it shows another value. */
  async #followFormulas(): Promise<void> {
    this.model.changeParents();
    await this.#pass(minuteMs);
    const when = 'after parents of settled rows changed';
    await this.#untilComplete(when);
    await this.#requireAllEqual(when);
  }

  /** Without anybody's doing, the schedule alone brings what changed. */
  async #followSchedule(): Promise<void> {
    const when = 'after the schedule went on alone';
    for (const { name } of this.scenario.objects) for (const deed of [{ do: 'commit later', ms: 0 }, { do: 'insert', count: 2, values: 1 }, { do: 'update', row: 0.4, count: 3, values: 2 }, { do: 'delete', row: 0.7, count: 1 }] as const) this.model.apply({ ...deed, on: name });
    for (let round = 0; round < 2; round += 1) {
      await this.#pass(defaultIntervalSeconds * secondMs);
      await this.#drain(this.#serverSecondMs(), when);
      this.#schedule.requireNothingLate();
    }
    await this.#requireAllEqual(when, (_id, purged) => purged);
  }

  async #requireAllEqual(when: string, excused = noneExcused): Promise<void> {
    for (const object of this.model.objects) await this.#warehouse.requireEqual(object, { when, excused, formulasSinceMs: 0 });
  }

  async #makeSweepDue(): Promise<void> {
    await this.#pool.query('update delete_watch set sweep_due = true where connection_id = $1', [this.connectionId]);
  }

  /** Salesforce's clock as its answers tell it. */
  #serverSecondMs(): number {
    return Math.floor((this.simulator.clock.now().getTime() + this.scenario.org.headerAheadMs) / secondMs) * secondMs;
  }

  async #requireToken(): Promise<void> {
    if ((await this.ingest.get(Connections).require(this.connectionId)).tokenState !== 'ready') await this.#people.consent();
  }
}
