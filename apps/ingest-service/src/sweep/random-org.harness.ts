import type { Simulator } from '@tributary/salesforce-simulator';

/** Numbers in `[0, 1)`, the same for the same seed. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const texts = ['plain', 'quote " and, comma', 'line\nbreak\r\nand\ttab', '\\N', 'NULL', 'emoji 😀 and مرحبا', ' spaces ', "it's"];

/** One object of an org that changes at random; everything follows from its seed. */
export class RandomObject {
  readonly #random: () => number;
  #fields = 0;

  private constructor(
    private readonly simulator: Simulator,
    readonly name: string,
    seed: number,
  ) {
    this.#random = randomOf(seed);
  }

  static create(simulator: Simulator, seed: number): RandomObject {
    const object = new RandomObject(simulator, `Seed${seed}__c`, seed);
    simulator.org.addObject({
      name: object.name, replicateable: object.#chance(0.7), bulkRefused: object.#chance(0.2),
      fields: [{ name: 'Text__c', type: 'string' }, { name: 'Amount__c', type: 'currency' }, { name: 'Flag__c', type: 'boolean' }, { name: 'Day__c', type: 'date' }, { name: 'MasterRecordId', type: 'reference' }],
    });
    for (let row = object.#below(12); row >= 0; row -= 1) object.#insert();
    return object;
  }

  /** Some changes within the same transaction second. */
  change(): void {
    for (let left = 1 + this.#below(6); left > 0; left -= 1) this.#one();
  }

  #one(): void {
    const { org } = this.simulator;
    const rows = org.rows(this.name);
    const row = rows[this.#below(rows.length)];
    const id = String(row?.['Id'] ?? '');
    const dice = this.#random();
    if (row === undefined || dice < 0.3) return this.#insert();
    if (dice < 0.6) return org.update(this.name, id, this.#values());
    if (dice < 0.72) return org.delete(this.name, id);
    if (dice < 0.8) return row['IsDeleted'] === true ? org.undelete(this.name, id) : undefined;
    if (dice < 0.9) return org.purge(this.name, id);
    if (dice < 0.96) return this.#merge(id, rows.map((other) => String(other['Id'])).find((other) => other !== id));
    return this.#changeFields();
  }

  #merge(loser: string, winner: string | undefined): void {
    if (winner === undefined) return;
    this.simulator.org.update(this.name, loser, { MasterRecordId: winner });
    this.simulator.org.delete(this.name, loser);
  }

  #changeFields(): void {
    if (this.#fields > 0 && this.#chance(0.4)) this.simulator.org.removeField(this.name, `More${this.#fields--}__c`);
    else this.simulator.org.addField(this.name, { name: `More${++this.#fields}__c`, type: 'string' });
  }

  #insert(): void {
    this.simulator.org.insert(this.name, { Name: `Row ${this.#below(1_000)}`, ...this.#values() });
  }

  #values(): Record<string, string | number | boolean | null> {
    return {
      Text__c: this.#chance(0.1) ? null : (texts[this.#below(texts.length)] ?? null), Amount__c: this.#chance(0.1) ? null : Math.round(this.#random() * 1e6) / 100, Flag__c: this.#chance(0.5),
      Day__c: this.#chance(0.2) ? null : `20${String(10 + this.#below(20))}-0${1 + this.#below(9)}-1${this.#below(10)}`, ...(this.#fields > 0 ? { [`More${this.#fields}__c`]: `m${this.#below(100)}` } : {}),
    };
  }

  #below(count: number): number {
    return Math.floor(this.#random() * count);
  }

  #chance(share: number): boolean {
    return this.#random() < share;
  }
}
