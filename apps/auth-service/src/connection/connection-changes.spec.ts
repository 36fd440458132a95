import { randomUUID } from 'node:crypto';
import { EntityManager } from '@mikro-orm/postgresql';
import type { ConnectionState } from '@tributary/api-contracts';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AuthHarness } from '../spec-support/auth.harness.ts';
import { designedSteps } from '../spec-support/designed-steps.harness.ts';
import type { ConnectedPerson } from '../spec-support/connected.harness.ts';
import { ConnectionChanges } from './connection-changes.ts';
import { triggers, type Trigger } from './connection-machine.ts';

const runs = Number(process.env['TRIBUTARY_TEST_RUNS'] ?? '8');
const attentive: ReadonlySet<ConnectionState> = new Set(['refresh_uncertain', 'degraded', 'held', 'needs_admin', 'needs_reconsent']);

/** What a connection is thought to be: the design's state, and what its steps must have left behind. */
interface Model {
  state: ConnectionState;
  steps: number;
  /** Why the last step was made. */
  cause: string | null;
  /** Attention raised, and raised attention that has ended. */
  raised: number;
  resolved: number;
  attention: boolean;
}

function aModel(): Model {
  return { state: 'pending_consent', steps: 0, cause: null, raised: 0, resolved: 0, attention: false };
}

/** The stored connection and its way of taking a trigger. */
interface Real {
  readonly id: string;
}

let harness: AuthHarness;
let person: ConnectedPerson;

beforeAll(async () => {
  harness = await AuthHarness.start();
  person = await harness.connect();
});

afterAll(() => harness?.stop());

/** A connection in a state of its own, that nothing else looks after: it has no grant. */
async function aConnection(): Promise<Real> {
  const id = randomUUID();
  const facts = { id, state: 'pending_consent', user_id: `005${id.replaceAll('-', '').slice(0, 15)}`, changed_at: new Date().toISOString() };
  await harness.auth.pool.query('insert into connection select (jsonb_populate_record(null::connection, to_jsonb(c) || $2::jsonb)).* from connection c where c.id = $1', [person.connectionId, JSON.stringify(facts)]);
  return { id };
}

async function take({ id }: Real, trigger: Trigger): Promise<string> {
  const changes = harness.auth.app.get(ConnectionChanges);
  return harness.auth.app.get(EntityManager).fork().transactional(async (em) => {
    const connection = await changes.hold(em, id);
    await changes.apply(em, connection, trigger, { attention: { cause: 'as-unavailable', who: 'nobody', text: 'Tested.' } });
    return 'taken';
  }).catch((error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : String(error)));
}

async function left({ id }: Real): Promise<object> {
  const { rows: [row] } = await harness.auth.pool.query(`select state, attention_cause is not null as attention,
    (select count(*)::int from audit_entry where connection_id = c.id and kind = 'step') as steps,
    (select cause from audit_entry where connection_id = c.id and kind = 'step' order by sequence desc limit 1) as cause,
    (select count(*)::int from outbox where aggregate = c.id::text and payload->>'type' = 'auth.connection.attention' and payload->'data'->>'resolved' = 'false') as raised,
    (select count(*)::int from outbox where aggregate = c.id::text and payload->>'type' = 'auth.connection.attention' and payload->'data'->>'resolved' = 'true') as resolved
    from connection c where id = $1`, [id]);
  return row;
}

class Take implements fc.AsyncCommand<Model, Real> {
  constructor(readonly trigger: Trigger) {}

  /** Illegal ones are given too: they have to be refused. */
  check(): boolean {
    return true;
  }

  async run(model: Model, real: Real): Promise<void> {
    const next = designedSteps.get(`${model.state} ${this.trigger}`);
    expect(await take(real, this.trigger)).toBe(next === undefined ? 'TRANSITION_ILLEGAL' : 'taken');
    if (next !== undefined) follow(model, next, this.trigger);
    expect(await left(real)).toEqual(model);
  }

  toString(): string {
    return this.trigger;
  }
}

function follow(model: Model, next: ConnectionState, trigger: Trigger): void {
  const calls = attentive.has(next) && !model.attention;
  if (next !== model.state) Object.assign(model, { steps: model.steps + 1, cause: calls ? 'as-unavailable' : trigger });
  model.state = next;
  if (calls) {
    model.attention = true;
    model.raised += 1;
  }
  // A refresh under way repairs nothing yet.
  if (!attentive.has(next) && next !== 'refreshing' && model.attention) {
    model.attention = false;
    model.resolved += 1;
  }
}

/** Mostly triggers that lead on, so that runs come far; some of any kind. */
const commands = fc.commands([
  fc.constantFrom<Trigger>('consented', 'tokens-stored', 'refresh-started', 'refreshed', 'recovered').map((trigger) => new Take(trigger)),
  fc.constantFrom(...triggers).map((trigger) => new Take(trigger)),
], { maxCommands: 30, size: 'max' });

it('moves a stored connection as the design says, whatever comes: each step and each attention is told once, and what is illegal changes nothing', async () => {
  await fc.assert(fc.asyncProperty(commands, async (run) => {
    await fc.asyncModelRun(async () => ({ model: aModel(), real: await aConnection() }), run);
  }), { numRuns: runs });
});
