import type { Row, Simulator } from '@tributary/salesforce-simulator';
import { ModelObject } from './model-object.harness.ts';
import { Random } from './random.harness.ts';
import type { Change, Scenario } from './scenario.harness.ts';

/** The org of a scenario. */
export class ModelOrg {
  readonly objects: readonly ModelObject[];
  readonly #forbidden = new Set<string>();

  private constructor(
    private readonly simulator: Simulator,
    private readonly scenario: Scenario,
  ) {
    this.objects = scenario.objects.map((plan) => ModelObject.create(simulator, plan));
  }

  static create(simulator: Simulator, scenario: Scenario): ModelOrg {
    const { seed, org } = scenario;
    Object.assign(simulator.settings, { bulkQueueMs: 0, bulkRunMs: 0, refreshProcessingMs: 0, queryPageRows: org.queryPageRows, replicationLagMs: org.replicationLagMs, dateHeaderSkewMs: org.headerAheadMs,
      // Every other org lists so small pages that several are read at once; of the others one after the other.
      ...(seed % 2 === 0 ? { bulkPageRows: 4 } : {}) });
    const model = new ModelOrg(simulator, scenario);
    model.#showFields();
    for (const [index, object] of model.objects.entries()) object.fill(new Random(seed + index));
    return model;
  }

  /** @throws when a scenario has no such object */
  object(name: string): ModelObject {
    const found = this.objects.find(({ plan }) => plan.name === name);
    if (found === undefined) throw new Error(`no object ${name}`);
    return found;
  }

  /** A row of any object, by its Id. */
  row(id: unknown): Row | undefined {
    const object = this.objects.find(({ plan }) => String(id).startsWith(plan.keyPrefix));
    return object === undefined ? undefined : this.simulator.org.find(object.plan.name, String(id));
  }

  get forbidden(): ReadonlySet<string> {
    return this.#forbidden;
  }

  /** Another rank for some rows to which others point. */
  changeParents(): void {
    const parents = new Set(this.objects.flatMap(({ rows }) => rows.map((row) => row['Parent__c'])));
    for (const object of this.objects) object.changeRanks(parents);
  }

  /** Goes on to the instant at which every change is visible. */
  settle(): void {
    this.simulator.clock.set(new Date(Math.max(...this.objects.map(({ settledAtMs }) => settledAtMs))));
    for (const { plan: { name } } of this.objects) this.simulator.org.count(name);
  }

  apply(change: Change): void {
    const { org, clock } = this.simulator;
    switch (change.do) {
      case 'wait': clock.advance(change.ms); return;
      case 'trim delete log': org.trimDeleteLog(clock.now()); return;
      default: this.object(change.on ?? this.scenario.objects[0].name).apply(change);
    }
    this.#showFields();
  }

  /** Whether the person may read an object. */
  permit(name: string, mayRead: boolean): void {
    if (mayRead) this.#forbidden.delete(name);
    else this.#forbidden.add(name);
    this.simulator.settings.hiddenObjects = [...this.#forbidden].map((object) => ({ object }));
  }

  #showFields(): void {
    this.simulator.settings.hiddenFields = this.objects.flatMap(({ plan, hiddenFields }) => hiddenFields.map((field) => ({ object: plan.name, field })));
  }
}
