import type { SimulatorClock } from '../control/clock.ts';
import type { Org } from '../org/org.ts';
import { openStages } from '../org/stages.ts';
import { dateOf, type FieldValue, type Row } from '../org/value.ts';
import { plusDays } from '../soql/date-ranges.ts';
import { nextSteps } from './names.ts';
import { Random } from './random.ts';

/** The life of the org while it runs: deals advance, change, are made, won and lost. */
export class Movement {
  readonly #org: Org;
  readonly #clock: SimulatorClock;
  readonly #random: Random;
  #timer: NodeJS.Timeout | undefined;
  #made = 0;

  constructor(org: Org, clock: SimulatorClock, seed: number) {
    this.#org = org;
    this.#clock = clock;
    this.#random = new Random(seed + 7_919);
  }

  start(everyMs: number): void {
    this.#timer ??= setInterval(() => this.step(), everyMs);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** One thing happens. */
  step(): void {
    const deal = this.#openDeal();
    if (deal === undefined) return;
    const happening = this.#random.weighted([['advance', 5], ['amount', 2], ['push', 1.5], ['win', 1.2], ['lose', 1.3], ['new', 1.5], ['step', 1]] as const);
    if (happening === 'new') return this.#newDeal(deal);
    this.#org.update('Opportunity', String(deal['Id']), { ...this.#change(happening, deal), LastModifiedById: deal['OwnerId'] ?? null });
  }

  #change(happening: 'advance' | 'amount' | 'push' | 'win' | 'lose' | 'step', deal: Row): Record<string, FieldValue> {
    const today = dateOf(this.#clock.now());
    switch (happening) {
      case 'advance': return { StageName: openStages[Math.min(openStages.length - 1, openStages.findIndex(({ name }) => name === deal['StageName']) + 1)]?.name ?? 'Qualification', LastActivityDate: today };
      case 'amount': return { Amount: Math.max(500, Math.round((Number(deal['Amount'] ?? 12_000) * (0.85 + this.#random.next() * 0.4)) / 50) * 50) };
      case 'push': return { CloseDate: plusDays(String(deal['CloseDate']) > today ? String(deal['CloseDate']) : today, this.#random.int(10, 45)) };
      case 'win': return { StageName: 'Closed Won', CloseDate: today, NextStep: null, LastActivityDate: today };
      case 'lose': return { StageName: 'Closed Lost', CloseDate: today, NextStep: null, Loss_Reason__c: this.#random.pick(['Price', 'Competitor', 'No Decision', 'Timing']) };
      case 'step': return { NextStep: this.#random.pick(nextSteps), LastActivityDate: today };
    }
  }

  /** A deal like another one, with the same customer and owner. */
  #newDeal(like: Row): void {
    const today = dateOf(this.#clock.now());
    this.#made += 1;
    this.#org.insert('Opportunity', {
      AccountId: like['AccountId'] ?? null, Name: `${String(like['Name']).split(' - ')[0]} - New ${today} ${this.#made}`.slice(0, 120), StageName: openStages[this.#random.int(0, 1)]?.name ?? 'Prospecting', Amount: Math.round(this.#random.around(24_000, 2) / 50) * 50, Probability: null,
      CloseDate: plusDays(today, this.#random.int(15, 120)), OwnerId: like['OwnerId'] ?? null, CreatedById: like['OwnerId'] ?? null, LastModifiedById: like['OwnerId'] ?? null, Type: 'New Business', LeadSource: like['LeadSource'] ?? null, NextStep: 'Send proposal', LastActivityDate: today,
    });
  }

  #openDeal(): Row | undefined {
    const rows = this.#org.require('Opportunity').rows();
    for (let attempt = 0; attempt < 200 && rows.length > 0; attempt += 1) {
      const row = rows.at(this.#random.int(0, rows.length - 1));
      if (row['IsClosed'] === false && row['IsDeleted'] === false) return row;
    }
    return undefined;
  }
}
