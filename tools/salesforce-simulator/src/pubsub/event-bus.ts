import { randomBytes, randomUUID } from 'node:crypto';
import type { OrgChange } from '../org/org.ts';
import type { ObjectTable } from '../org/table.ts';
import type { World } from '../oauth/world.ts';
import { bitmapOf } from './bitmap.ts';
import { changedFieldsOf, eventBodyOf } from './event-body.ts';
import { changeEventName, eventSchemaOf, type ChangeType, type EventSchema } from './event-schema.ts';

/** An event as it lies in the bus. */
export interface BusEvent {
  readonly sequence: number;
  readonly replayId: Buffer;
  readonly object: string;
  readonly atMs: number;
  readonly schemaId: string;
  readonly payload: Buffer;
}

/** What becomes of the next changes instead of an ordinary event, as when Salesforce cannot make one. */
export type NextEvents = 'gap' | 'overflow' | 'nothing';

export const allChanges = '/data/ChangeEvents';
const overflowId = '000000000000000AAA';

/** Change events of the org for three days by its clock. */
export class EventBus {
  readonly #world: World;
  #events: BusEvent[] = [];
  #sequence = 0;
  /** Differs from start to start: ids of another bus are strange to this one. */
  #mark: Buffer = randomBytes(4);
  readonly #schemas = new Map<string, EventSchema>();
  readonly #present = new Map<string, { readonly version: string; readonly schema: EventSchema }>();
  readonly #listeners = new Set<() => void>();
  #next: { readonly what: NextEvents; left: number } | undefined;

  constructor(world: World) {
    this.#world = world;
    world.org.onRecordChange((change) => this.#add(change));
  }

  onEvent(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The next changes become something else than events that tell them. */
  disturbNext(what: NextEvents, changes = 1): void {
    this.#next = { what, left: changes };
  }

  /** Publishes an event without data: of records, or of a whole object after too many changes in one transaction. */
  publishGap(object: string, changeType: ChangeType, recordIds: readonly string[]): void {
    const table = this.#world.org.require(object);
    this.#publish(table, { changeType, recordIds: [...recordIds], byId: this.#world.org.systemUserId, changed: new Set(), nulled: new Set(), body: {} });
  }

  /** Replay ids handed out so far mean nothing any more, as after the org moved. */
  forgetReplayIds(): void {
    this.#mark = randomBytes(4);
    this.#events = [];
  }

  schema(id: string): EventSchema | undefined {
    for (const object of this.#world.settings.changeEventObjects) {
      const table = this.#world.org.table(object);
      if (table !== undefined) this.schemaOf(table);
    }
    return this.#schemas.get(id);
  }

  schemaOf(table: ObjectTable): EventSchema {
    const version = table.fields.map(({ name, type }) => `${name} ${type}`).join();
    const present = this.#present.get(table.definition.name);
    if (present?.version === version) return present.schema;
    const schema = eventSchemaOf(table);
    this.#present.set(table.definition.name, { version, schema });
    this.#schemas.set(schema.id, schema);
    return schema;
  }

  /** The object a topic tells of; undefined for all objects. @returns `unknown` for no topic of this org */
  topicObject(topic: string): { readonly object: string | undefined } | 'unknown' {
    const { changeEventObjects } = this.#world.settings;
    if (topic === allChanges) return changeEventObjects.length === 0 ? 'unknown' : { object: undefined };
    const object = changeEventObjects.find((name) => `/data/${changeEventName(name)}` === topic);
    return object === undefined ? 'unknown' : { object };
  }

  /** Sequence after which a subscriber goes on; undefined when the id is strange or older than what is kept. */
  positionOf(replayId: Buffer): number | undefined {
    if (replayId.length !== 12 || !replayId.subarray(0, 4).equals(this.#mark)) return undefined;
    const sequence = Number(replayId.readBigInt64BE(4) >> 3n);
    this.#forgetOld();
    const oldest = this.#events[0]?.sequence ?? this.#sequence + 1;
    return sequence > this.#sequence || sequence < oldest - 1 ? undefined : sequence;
  }

  get latest(): number {
    return this.#sequence;
  }

  get earliest(): number {
    this.#forgetOld();
    return (this.#events[0]?.sequence ?? this.#sequence + 1) - 1;
  }

  replayIdOf(sequence: number): Buffer {
    const id = Buffer.alloc(12);
    this.#mark.copy(id);
    // Not contiguous, as at Salesforce: nobody may compute the next one.
    id.writeBigInt64BE((BigInt(sequence) << 3n) | 5n, 4);
    return id;
  }

  /** Events after a position in order, at most so many. */
  after(sequence: number, object: string | undefined, limit: number): BusEvent[] {
    return this.#events.filter((event) => event.sequence > sequence && (object === undefined || event.object === object)).slice(0, limit);
  }

  #add({ table, id, kind, before, after, byId }: OrgChange): void {
    if (!this.#world.settings.changeEventObjects.includes(table.definition.name)) return;
    const disturbed = this.#disturbed();
    if (disturbed === 'nothing') return;
    if (disturbed === 'overflow') return this.publishGap(table.definition.name, 'GAP_OVERFLOW', [overflowId]);
    if (disturbed === 'gap') return this.publishGap(table.definition.name, `GAP_${kind}`, [id]);
    const tells = after !== undefined && kind !== 'DELETE';
    const { changed, nulled } = tells ? changedFieldsOf(kind === 'UPDATE' ? before : undefined, after) : { changed: new Set<string>(), nulled: new Set<string>() };
    const body = tells ? eventBodyOf(table.fields, after, changed) : {};
    this.#publish(table, { changeType: kind, recordIds: [id], byId, changed: kind === 'UPDATE' ? changed : new Set(), nulled, body });
  }

  #disturbed(): NextEvents | undefined {
    if (this.#next === undefined || this.#next.left <= 0) return undefined;
    this.#next.left -= 1;
    return this.#next.what;
  }

  #publish(table: ObjectTable, about: { changeType: ChangeType; recordIds: string[]; byId: string; changed: Set<string>; nulled: Set<string>; body: Record<string, unknown> }): void {
    const schema = this.schemaOf(table);
    const atMs = this.#world.clock.now().getTime();
    this.#sequence += 1;
    const payload = schema.type.toBuffer({
      ...Object.fromEntries(schema.fields.slice(1).map((name) => [name, about.body[name] ?? null])),
      ChangeEventHeader: {
        entityName: table.definition.name, recordIds: about.recordIds, changeType: about.changeType, changeOrigin: 'com/salesforce/api/rest/66.0;client=Simulator', transactionKey: randomUUID(), sequenceNumber: 1,
        commitTimestamp: BigInt(atMs), commitNumber: BigInt(atMs) * 1_000_000n + BigInt(this.#sequence), commitUser: about.byId,
        nulledFields: bitmapOf(about.nulled, schema.fields), diffFields: [], changedFields: bitmapOf(about.changed, schema.fields),
      },
    });
    this.#events.push({ sequence: this.#sequence, replayId: this.replayIdOf(this.#sequence), object: table.definition.name, atMs, schemaId: schema.id, payload });
    this.#forgetOld();
    for (const listener of this.#listeners) listener();
  }

  #forgetOld(): void {
    const oldestMs = this.#world.clock.now().getTime() - this.#world.settings.changeEventRetentionMs;
    const kept = this.#events.findIndex(({ atMs }) => atMs >= oldestMs);
    if (kept > 0) this.#events = this.#events.slice(kept);
    else if (kept < 0) this.#events = [];
  }
}
