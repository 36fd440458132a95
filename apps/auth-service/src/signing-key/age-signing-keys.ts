import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { ConnectionId, signingKeyExpiring } from '@tributary/event-contracts';
import { Outbox } from '@tributary/persistence';
import { CLOCK, type Clock } from '@tributary/service-kit';
import { generateKeyPair } from './generate-key-pair.ts';
import { daysLeft, due, ladderStep, successorDays } from './key-life.ts';
import { KeyVault } from './key-vault.ts';
import { Reliers } from './reliers.ts';
import { SigningKeyTable, type SigningKeyRow } from './signing-key.entity.ts';
import { SigningKeys } from './signing-keys.ts';

/** What time does to keys: they expire, retire and are destroyed; a successor is made early; and whoever relies on one is told in time. */
@Injectable()
export class AgeSigningKeys {
  readonly #log = new Logger('signing-key');

  constructor(
    private readonly em: EntityManager,
    private readonly keys: SigningKeys,
    private readonly vault: KeyVault,
    private readonly reliers: Reliers,
    private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /** One round; of several processes one does it. */
  async execute(): Promise<void> {
    await this.em.fork().transactional(async (em) => {
      const [turn] = await em.execute<{ mine: boolean }[]>("select pg_try_advisory_xact_lock(hashtextextended('signing-keys', 0)) as mine", [], 'all');
      if (turn?.mine !== true) return;
      for (const key of await em.find(SigningKeyTable, { state: { $ne: 'destroyed' } })) await this.#age(em, key);
      const current = await em.findOne(SigningKeyTable, { state: 'current' });
      if (current === null) return;
      const successorReady = await this.#succeed(em, current);
      await this.#warn(em, current, successorReady);
    });
  }

  async #age(em: EntityManager, key: SigningKeyRow): Promise<void> {
    const next = due(key, this.now());
    if (next === undefined) return;
    const { state: before } = key;
    key.state = next;
    await em.flush();
    if (next !== 'retired') await this.vault.shred(em, key.id);
    this.#log.log(`signing key ${key.id} was ${before} and is ${next}`);
    if (next === 'expired' && before === 'created') return;
    await this.reliers.tell(em, { kind: `signing-key-${next}`, text: agedTexts[next], cause: key.fingerprint });
  }

  /** @returns whether another certificate is there to be uploaded */
  async #succeed(em: EntityManager, current: SigningKeyRow): Promise<boolean> {
    const waiting = await em.count(SigningKeyTable, { state: { $in: ['created', 'offered'] } });
    if (waiting > 0 || daysLeft(current, this.now()) > successorDays) return waiting > 0;
    await this.keys.add(em, await generateKeyPair(current.bits >= 4_096 ? 4_096 : 2_048, this.now()), { by: null, in: current.madeIn ?? null });
    await this.reliers.tell(em, { kind: 'signing-key-made', text: 'The certificate ends soon: its successor was made and waits to be uploaded to Salesforce.' });
    return true;
  }

  async #warn(em: EntityManager, current: SigningKeyRow, successorReady: boolean): Promise<void> {
    const days = daysLeft(current, this.now());
    const step = ladderStep(days);
    if (step === undefined) return;
    for (const { id } of await this.reliers.all(em)) {
      const fresh = await em.execute<unknown[]>('insert into signing_key_notice (key_id, connection_id, days, told_at) values (?, ?, ?, ?) on conflict do nothing returning days', [current.id, id, step, this.now()], 'all');
      if (fresh.length === 0) continue;
      await this.outbox.add(em, signingKeyExpiring.create({ connectionId: ConnectionId.parse(id), keyId: current.id, fingerprint: current.fingerprint, notAfter: current.notAfter.toISOString(), daysLeft: days, successorReady }, { now: this.now() }));
    }
  }
}

const agedTexts = {
  expired: 'A certificate has expired; nothing is signed with it any more.',
  retired: 'A signing key that was replaced has not been needed for seven days and retired.',
  destroyed: 'The private half of a retired signing key was destroyed; its certificate is kept.',
} as const;
