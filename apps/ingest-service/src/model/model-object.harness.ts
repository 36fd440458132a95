import type { FieldInput, FieldValue, Row, Simulator } from '@tributary/salesforce-simulator';
import { Random } from './random.harness.ts';
import { mostPurged, promisedMs, type Deed, type ScenarioObject, type ScenarioType } from './scenario.harness.ts';
import { converted, picklistValues, valueOf } from './values.harness.ts';

/** A field that follows its parent's rank, of which no stamp tells; and one that follows what it shows of the parent. */
const [formulaName, secondFormulaName] = ['Parent_Rank__c', 'Grandparent_Rank__c'] as const;

/** Rows point to each other: a change of one changes what others show. */
function relatedOf({ parent, showsGrandparent }: ScenarioObject): FieldInput[] {
  const compute: NonNullable<FieldInput['formula']>['compute'] = (row, { lookup }) => rankOf(parentOf(row, lookup));
  return [
    { name: 'Rank__c', type: 'string' }, { name: 'Parent__c', type: 'reference', referenceTo: [parent], relationshipName: 'Parent__r' },
    { name: formulaName, type: 'string', formula: { text: 'Parent__r.Rank__c', compute } },
    ...(showsGrandparent ? [{ name: secondFormulaName, type: 'string', formula: { text: `Parent__r.${formulaName}`, compute: (row, { lookup }) => rankOf(parentOf(parentOf(row, lookup), lookup)) } } as const satisfies FieldInput] : []),
  ];
}

function parentOf(row: Row | undefined, lookup: (id: string) => Row | undefined): Row | undefined {
  const id = row?.['Parent__c'];
  return typeof id === 'string' ? lookup(id) : undefined;
}

function rankOf(row: Row | undefined): FieldValue {
  return row?.['Rank__c'] ?? null;
}

interface ModelField {
  name: string;
  type: ScenarioType;
  /** Types since a run last saw all fields. With one of them again it would look as if nothing had happened to its values. */
  readonly had: Set<ScenarioType>;
  /** False once it was removed. */
  present: boolean;
  hidden: boolean;
  /** Values it offers, where it is a list. */
  offered: number;
}

/** One object of a scenario's org, and what may be known of it when. */
export class ModelObject {
  readonly #fields: ModelField[] = [];
  /** Names that fields had and have no more. */
  readonly #oldNames: string[] = [];
  /** A row that an open transaction changes waits for it: until when, by Id. */
  readonly #locked = new Map<string, number>();
  readonly #hiddenAudit: Set<string>;
  readonly #related: readonly FieldInput[];
  #delayMs = 0;
  #purged = 0;
  /** Rows that only a comparison of all Ids has to find. */
  readonly late = new Set<string>();

  private constructor(
    private readonly simulator: Simulator,
    readonly plan: ScenarioObject,
  ) {
    this.#hiddenAudit = new Set(plan.hidden);
    this.#related = relatedOf(plan);
  }

  /** Makes the object, without rows. */
  static create(simulator: Simulator, plan: ScenarioObject): ModelObject {
    const model = new ModelObject(simulator, plan);
    for (const [index, type] of plan.fields.entries()) model.#fields.push({ name: `Base${index}__c`, type, had: new Set([type]), present: true, hidden: false, offered: picklistValues.length });
    const { name, keyPrefix, replicateable, bulkRefused, binless } = plan;
    simulator.org.addObject({ name, keyPrefix, replicateable, bulkRefused, binless, fields: [...model.#fields.map(inputOf), ...model.#related, { name: 'MasterRecordId', type: 'reference' }] });
    return model;
  }

  /** The rows it has at first. */
  fill(random: Random): void {
    for (let row = 0; row < this.plan.rows; row += 1) {
      if (!this.plan.oneStamp) this.simulator.clock.advance(random.below(3_000));
      this.#insert(random);
    }
  }

  /** Fields that can be read now, audit fields included. */
  get visibleFields(): string[] {
    const audit = ['Id', ...(this.plan.binless ? [] : ['IsDeleted']), 'CreatedDate', 'CreatedById', 'LastModifiedDate', 'LastModifiedById', 'SystemModstamp', 'MasterRecordId', ...this.#related.map(({ name }) => name)];
    return [...audit.filter((name) => !this.#hiddenAudit.has(name)), ...this.#fields.filter(({ present, hidden }) => present && !hidden).map(({ name }) => name)];
  }

  get hiddenFields(): string[] {
    return [...this.#hiddenAudit, ...this.#fields.filter((field) => field.hidden && !this.#isNameTaken(field)).map(({ name }) => name)];
  }

  /** Whether a removed field's name is another's by now. */
  #isNameTaken({ name, present }: ModelField): boolean {
    return !present && this.#fields.some((other) => other.present && other.name === name);
  }

  get rows(): readonly Row[] {
    return this.simulator.org.rows(this.plan.name);
  }

  /** Its formulas, and through how many parents each goes. */
  get formulas(): readonly { readonly name: string; readonly hops: number }[] {
    return [{ name: formulaName, hops: 1 }, { name: secondFormulaName, hops: 2 }].slice(0, this.plan.showsGrandparent ? 2 : 1);
  }

  /** What a formula of a row shows now. */
  shown(id: string, formula: string): FieldValue {
    return this.simulator.org.read(this.plan.name, id, formula);
  }

  /** A run has seen the fields as they are. */
  noteSeen(): void {
    for (const { type, had } of this.#fields) {
      had.clear();
      had.add(type);
    }
  }

  /** Another rank for some of its rows. @param which those to which others point */
  changeRanks(which: ReadonlySet<unknown>): void {
    for (const id of this.#free(isLive).filter((each) => which.has(each)).slice(0, 4)) this.simulator.org.update(this.plan.name, id, { Rank__c: `Changed ${id}` });
  }

  /** When every change of it is visible; a purge has no stamp before. */
  get settledAtMs(): number {
    return Math.max(this.#nowMs, ...this.#locked.values());
  }

  apply(deed: Deed): void {
    const { org, settings } = this.simulator;
    const { name } = this.plan;
    settings.commitDelayMs = this.#delayMs;
    try {
      switch (deed.do) {
        case 'insert': return this.#times(deed.count, new Random(deed.values), (random) => this.#insert(random));
        case 'update': return this.#each(deed, (row) => isLive(row) && this.#canShow(row), (id, index) => org.update(name, id, this.#values(new Random(deed.values + index), 0.6)));
        case 'delete': return this.plan.binless ? this.#purge(deed) : this.#each(deed, isLive, (id) => org.delete(name, id));
        case 'undelete': return this.#each(deed, (row) => !isLive(row), (id) => org.undelete(name, id));
        case 'purge': return this.#purge(deed);
        case 'merge': return this.plan.binless ? undefined : this.#merge(deed.winner, deed.loser, new Random(deed.values));
        case 'commit later': this.#delayMs = deed.ms; return;
        default: this.#changeFields(deed);
      }
    } finally {
      settings.commitDelayMs = 0;
    }
  }

  #purge({ row, count }: { readonly row: number; readonly count: number }): void {
    const allowed = Math.min(count, mostPurged - this.#purged);
    this.#purged += allowed;
    this.#each({ row, count: allowed }, () => true, (id) => this.simulator.org.purge(this.plan.name, id));
  }

  #changeFields(deed: Deed): void {
    const { org } = this.simulator;
    const { name: object } = this.plan;
    switch (deed.do) {
      case 'add field': {
        const field: ModelField = { name: `Add${this.#fields.length}__c`, type: deed.type, had: new Set([deed.type]), present: true, hidden: false, offered: picklistValues.length };
        this.#fields.push(field);
        org.addField(object, inputOf(field));
        if (deed.values !== null) this.#rewrite(field, deed.values, (_value, random) => valueOf(field.type, random));
        return;
      }
      case 'remove field': return this.#withField(deed.field, ({ present }) => present, (field) => {
        field.present = false;
        org.removeField(object, field.name);
      });
      case 'bring field back': return this.#withField(deed.field, (field) => !field.present && !this.#isNameTaken(field), (field) => {
        field.present = true;
        org.addField(object, inputOf(field));
      });
      case 'hide field': case 'show field': return this.#withField(deed.field, ({ hidden }) => hidden === (deed.do === 'show field'), (field) => {
        field.hidden = !field.hidden;
      });
      case 'rename field': return this.#withField(deed.field, ({ present }) => present, (field) => this.#rename(field, deed.toOld));
      case 'grow picklist': return this.#withField(deed.field, ({ present, type }) => present && type === 'picklist', (field) => {
        field.offered += 1;
        org.setPicklist(object, field.name, offeredBy(field));
      });
      case 'retype field': return this.#withField(deed.field, ({ present, had }) => present && !had.has(deed.type) && this.settledAtMs === this.#nowMs, (field) => {
        const before = field.type;
        field.type = deed.type;
        field.had.add(deed.type);
        org.addField(object, inputOf(field));
        this.#rewrite(field, deed.values, (value, random) => converted(value, before, deed.type, random));
      });
      case 'hide cursor': this.#hiddenAudit.add('SystemModstamp'); return;
      case 'show cursor': this.#hiddenAudit.delete('SystemModstamp'); return;
      default:
    }
  }

  /** An open transaction would write to the old name. */
  #rename(field: ModelField, toOld: boolean): void {
    if (this.settledAtMs !== this.#nowMs) return;
    const taken = new Set(this.#fields.filter(({ present }) => present).map(({ name }) => name));
    const old = toOld ? [...this.#oldNames, ...this.#fields.map(({ name }) => name)].find((name) => !taken.has(name)) : undefined;
    const name = old ?? `Named${this.#oldNames.length}__c`;
    this.simulator.org.renameField(this.plan.name, field.name, name);
    this.#oldNames.push(field.name);
    field.name = name;
  }

  #withField(share: number, fits: (field: ModelField) => boolean, change: (field: ModelField) => void): void {
    const fields = this.#fields.filter(fits);
    const field = fields[Math.floor(share * fields.length)];
    if (field !== undefined) change(field);
  }

  /** New values of a field in all rows, which moves no stamp. */
  #rewrite({ name }: ModelField, values: number, value: (before: FieldValue, random: Random) => FieldValue): void {
    const { org, settings } = this.simulator;
    const random = new Random(values);
    settings.commitDelayMs = 0;
    for (const row of this.rows) {
      const { SystemModstamp = null, LastModifiedDate = null, LastModifiedById = null } = row;
      org.update(this.plan.name, String(row['Id']), { [name]: value(row[name] ?? null, random), SystemModstamp, LastModifiedDate, LastModifiedById });
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
    org.update(this.plan.name, loser, { MasterRecordId: winner });
    org.delete(this.plan.name, loser);
    settings.commitDelayMs = this.#delayMs;
    if (random.chance(0.7)) this.#touch(winner, () => org.update(this.plan.name, winner, this.#values(random, 0.4)));
  }

  #insert(random: Random): void {
    const id = this.simulator.org.insert(this.plan.name, this.#values(random, 0.9));
    this.#note(id);
  }

  #values(random: Random, share: number): Record<string, FieldValue> {
    const fields = this.#fields.filter(({ present }) => present && random.chance(share));
    return { ...Object.fromEntries(fields.map(({ name, type }) => [name, valueOf(type, random)])), ...this.#relations(random, share) };
  }

  #relations(random: Random, share: number): Record<string, FieldValue> {
    const parents = this.simulator.org.rows(this.plan.parent);
    const parent = random.chance(0.2) ? null : (parents[random.below(Math.max(1, parents.length))]?.['Id'] ?? null);
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

function inputOf({ name, type }: Pick<ModelField, 'name' | 'type'>): FieldInput {
  return { name, type };
}

function offeredBy({ offered }: ModelField): string[] {
  return [...picklistValues, ...Array.from({ length: offered - picklistValues.length }, (_, index) => `Grown ${index}`)];
}
