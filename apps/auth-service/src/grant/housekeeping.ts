import { Injectable } from '@nestjs/common';
import { LoginTransactions } from '../consent/login-transactions.ts';
import { LeaseLedger } from '../lease/lease-ledger.ts';
import { ClearStrays } from './clear-strays.ts';
import { RefreshLease } from './refresh-lease.ts';
import { Tickets } from '../sign-in/tickets.ts';

/** Deletes what has run out. */
@Injectable()
export class Housekeeping {
  constructor(
    private readonly transactions: LoginTransactions,
    private readonly tickets: Tickets,
    private readonly ledger: LeaseLedger,
    private readonly lease: RefreshLease,
    private readonly strays: ClearStrays,
  ) {}

  async execute(): Promise<void> {
    await this.transactions.forgetExpired();
    await this.tickets.forgetExpired();
    await this.ledger.forgetOld();
    await this.lease.forgetOld();
    await this.strays.execute();
  }
}
