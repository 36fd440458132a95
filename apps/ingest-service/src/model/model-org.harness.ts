import type { FieldInput, FieldValue, Row, Simulator } from '@tributary/salesforce-simulator';
import { Random } from './random.harness.ts';
import { mostPurged, promisedMs, type Change, type Scenario, type ScenarioType } from './scenario.harness.ts';
import { converted, valueOf } from './values.harness.ts';

export const objectName = 'Model__c';
/** A field that follows its parent's rank, of which no stamp tells. */
export const formulaName = 'Parent_Rank__c';

/** Rows point to each other: a change of one changes what others show. */
const related: readonly FieldInput[] = [
  { name: 'Rank__c', type: 'string' }, { name: 'Parent__c', type: 'reference', referenceTo: [objectName], relationshipName: 'Parent__r' },
  { name: formulaName, type: 'string', formula: { text: 'Parent__r.Rank__c', compute: (row, { lookup }) => (typeof row['Parent__c'] === 'string' ? (lookup(row['Parent__c'])?.['Rank__c'] ?? null) : null) } },
];

interface ModelField {
  readonly name: string;
  type: ScenarioType;
  /** Types since a run last saw all fields. With one of them again it would look as if nothing had happened to its values. */
  readonly had: Set<ScenarioType>;
  /** False once it was removed. */
  present: boolean;
  hidden: boolean;
}

/** The one object of a scenario's org, and what may be known of it when. */
export class ModelOrg {
  readonly #fields: ModelField[] = [];
  /** A row that an open transaction changes waits for it: until when, by Id. */
  readonly #locked = new Map<string, number>();
  readonly #hiddenAudit: Set<string>;
  #delayMs = 0;
  #purged = 0;
  /** Rows that only a comparison of all Ids has to find. */
  readonly late = new Set<string>();

  private constructor(
    private readonly simulator: Simulator,
    hidden: readonly string[],
  ) {
    this.#hiddenAudit = new Set(hidden);
  }

  static create(simulator: Simulator, { seed, org }: Scenario): ModelOrg {
    const model = new ModelOrg(simulator, org.hidden);
    const { settings, clock } = simulator;
    Object.assign(settings, { bulkQueueMs: 0, bulkRunMs: 0, refreshProcessingMs: 0, queryPageRows: org.queryPageRows, replicationLagMs: org.replicationLagMs, dateHeaderSkewMs: org.headerAheadMs,
      // Every other org lists so small pages that several are read at once; of the others one after the other.
      ...(seed % 2 === 0 ? { bulkPageRows: 4 } : {}) });
    for (const [index, type] of org.fields.entries()) model.#fields.push({ name: `Base${index}__c`, type, had: new Set([type]), present: true, hidden: false });
    simulator.org.addObject({
      name: objectName, keyPrefix: 'a0M', replicateable: org.replicateable, bulkRefused: org.bulkRefused, fields: [...model.#fields.map(inputOf), ...related, { name: 'MasterRecordId', type: 'reference' }],
    });
    model.#showFields();
    const random = new Random(seed);
    for (let row = 0; row < org.rows; row += 1) {
      if (!org.oneStamp) clock.advance(random.below(3_000));
      model.#insert(random);
    }
    return model;
  }

  /** Fields that can be read now, audit fields included. */
  get visibleFields(): string[] {
    const audit = ['Id', 'IsDeleted', 'CreatedDate', 'CreatedById', 'LastModifiedDate', 'LastModifiedById', 'SystemModstamp', 'MasterRecordId', ...related.map(({ name }) => name)];
    return [...audit.filter((name) => !this.#hiddenAudit.has(name)), ...this.#fields.filter(({ present, hidden }) => present && !hidden).map(({ name }) => name)];
  }

  get rows(): readonly Row[] {
    return this.simulator.org.rows(objectName);
  }

  /** What the formula of a row shows now. */
  shown(id: string): FieldValue {
    return this.simulator.org.read(objectName, id, formulaName);
  }

  /** A run has seen the fields as they are. */
  noteSeen(): void {
    for (const { type, had } of this.#fields) {
      had.clear();
      had.add(type);
    }
  }

  /** Another rank for some rows to which others point. */
  changeParents(): void {
    const parents = new Set(this.rows.map((row) => row['Parent__c']));
    for (const id of this.#free(isLive).filter((each) => parents.has(each)).slice(0, 4)) this.simulator.org.update(objectName, id, { Rank__c: `Changed ${id}` });
  }

  /** Goes on to the instant at which every change is visible; a purge has no stamp before. */
  settle(): void {
    this.simulator.clock.set(new Date(this.#settledAtMs));
    this.simulator.org.count(objectName);
  }

  get #settledAtMs(): number {
    return Math.max(this.#nowMs, ...this.#locked.values());
  }

  apply(change: Change): void {
    const { org, clock, settings } = this.simulator;
    settings.commitDelayMs = this.#delayMs;
    try {
      switch (change.do) {
        case 'insert': return this.#times(change.count, new Random(change.values), (random) => this.#insert(random));
        case 'update': return this.#each(change, (row) => isLive(row) && this.#canShow(row), (id, index) => org.update(objectName, id, this.#values(new Random(change.values + index), 0.6)));
        case 'delete': return this.#each(change, isLive, (id) => org.delete(objectName, id));
        case 'undelete': return this.#each(change, (row) => !isLive(row), (id) => org.undelete(objectName, id));
        case 'purge': return this.#purge(change);
        case 'merge': return this.#merge(change.winner, change.loser, new Random(change.values));
        case 'commit later': this.#delayMs = change.ms; return;
        case 'wait': clock.advance(change.ms); return;
        case 'trim delete log': org.trimDeleteLog(clock.now()); return;
        default: this.#changeFields(change);
      }
    } finally {
      settings.commitDelayMs = 0;
    }
  }

  #purge({ row, count }: { readonly row: number; readonly count: number }): void {
    const allowed = Math.min(count, mostPurged - this.#purged);
    this.#purged += allowed;
    this.#each({ row, count: allowed }, () => true, (id) => this.simulator.org.purge(objectName, id));
  }

  #changeFields(change: Change): void {
    const { org } = this.simulator;
    switch (change.do) {
      case 'add field': {
        const field: ModelField = { name: `Add${this.#fields.length}__c`, type: change.type, had: new Set([change.type]), present: true, hidden: false };
        this.#fields.push(field);
        org.addField(objectName, inputOf(field));
        if (change.values !== null) this.#rewrite(field, change.values, (_value, random) => valueOf(field.type, random));
        return;
      }
      case 'remove field': return this.#withField(change.field, ({ present }) => present, (field) => {
        field.present = false;
        org.removeField(objectName, field.name);
      });
      case 'bring field back': return this.#withField(change.field, ({ present }) => !present, (field) => {
        field.present = true;
        org.addField(objectName, inputOf(field));
      });
      case 'hide field': case 'show field': return this.#withField(change.field, ({ hidden }) => hidden === (change.do === 'show field'), (field) => {
        field.hidden = !field.hidden;
        this.#showFields();
      });
      case 'retype field': return this.#withField(change.field, ({ present, had }) => present && !had.has(change.type) && this.#settledAtMs === this.#nowMs, (field) => {
        const before = field.type;
        field.type = change.type;
        field.had.add(change.type);
        org.addField(objectName, inputOf(field));
        this.#rewrite(field, change.values, (value, random) => converted(value, before, change.type, random));
      });
      case 'hide cursor': this.#hiddenAudit.add('SystemModstamp'); return this.#showFields();
      case 'show cursor': this.#hiddenAudit.delete('SystemModstamp'); return this.#showFields();
      default:
    }
  }

  #withField(share: number, fits: (field: ModelField) => boolean, change: (field: ModelField) => void): void {
    const fields = this.#fields.filter(fits);
    const field = fields[Math.floor(share * fields.length)];
    if (field !== undefined) change(field);
  }

  #showFields(): void {
    const names = [...this.#hiddenAudit, ...this.#fields.filter(({ hidden }) => hidden).map(({ name }) => name)];
    this.simulator.settings.hiddenFields = names.map((field) => ({ object: objectName, field }));
  }

  /** New values of a field in all rows, which moves no stamp. */
  #rewrite({ name }: ModelField, values: number, value: (before: FieldValue, random: Random) => FieldValue): void {
    const { org, settings } = this.simulator;
    const random = new Random(values);
    settings.commitDelayMs = 0;
    for (const row of this.rows) {
      const { SystemModstamp = null, LastModifiedDate = null, LastModifiedById = null } = row;
      org.update(objectName, String(row['Id']), { [name]: value(row[name] ?? null, random), SystemModstamp, LastModifiedDate, LastModifiedById });
    }
  }

  /** Merges as Salesforce does: the loser names the winner and goes to the recycle bin at once, the winner may take values. */
  #merge(winnerShare: number, loserShare: number, random: Random): void {
    const { org, settings } = this.simulator;
    const free = this.#free((row) => isLive(row) && this.#canShow(row));
    const winner = free[Math.floor(winnerShare * free.length)];
    const loser = free.filter((id) => id !== winner)[Math.floor(loserShare * (free.length - 1))];
    if (winner === undefined || loser === undefined) return;
    settings.commitDelayMs = 0;
    org.update(objectName, loser, { MasterRecordId: winner });
    org.delete(objectName, loser);
    settings.commitDelayMs = this.#delayMs;
    if (random.chance(0.7)) this.#touch(winner, () => org.update(objectName, winner, this.#values(random, 0.4)));
  }

  #insert(random: Random): void {
    const id = this.simulator.org.insert(objectName, this.#values(random, 0.9));
    this.#note(id);
  }

  #values(random: Random, share: number): Record<string, FieldValue> {
    const fields = this.#fields.filter(({ present }) => present && random.chance(share));
    return { ...Object.fromEntries(fields.map(({ name, type }) => [name, valueOf(type, random)])), ...this.#relations(random, share) };
  }

  #relations(random: Random, share: number): Record<string, FieldValue> {
    const parent = random.chance(0.2) ? null : (this.rows[random.below(Math.max(1, this.rows.length))]?.['Id'] ?? null);
    const rank = `Rank ${random.below(40)}`;
    return { ...(random.chance(share / 2) ? { Parent__c: parent } : {}), ...(random.chance(share) ? { Rank__c: rank } : {}) };
  }

  #times(count: number, random: Random, change: (random: Random) => void): void {
    for (let left = count; left > 0; left -= 1) change(random);
  }

  /** Up to `count` rows beside each other that fit and that no open transaction holds. */
  #each({ row, count }: { readonly row: number; readonly count: number }, fits: (row: Row) => boolean, change: (id: string, index: number) => void): void {
    const free = this.#free(fits);
    const from = Math.floor(row * free.length);
    for (const [index, id] of [...free.slice(from), ...free.slice(0, from)].slice(0, count).entries()) this.#touch(id, () => change(id, index));
  }

  /** A change that appears later than promised, with the stamp of the change before it, could be found by no reading of stamps: its transaction would have waited for that one's. */
  #canShow(row: Row): boolean {
    return this.#delayMs <= promisedMs || Date.parse(String(row['SystemModstamp'])) + 1_000 <= this.#nowMs;
  }

  #touch(id: string, change: () => void): void {
    change();
    this.#note(id);
  }

  #note(id: string): void {
    if (this.#delayMs > 0) this.#locked.set(id, this.#nowMs + this.#delayMs);
    if (this.#delayMs > promisedMs) this.late.add(id);
  }

  #free(fits: (row: Row) => boolean): string[] {
    return this.rows.filter((row) => fits(row) && (this.#locked.get(String(row['Id'])) ?? 0) <= this.#nowMs).map((row) => String(row['Id']));
  }

  get #nowMs(): number {
    return this.simulator.clock.now().getTime();
  }
}

function isLive(row: Row): boolean {
  return row['IsDeleted'] !== true;
}

function inputOf({ name, type }: ModelField): FieldInput {
  return { name, type };
}
