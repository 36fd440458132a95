import { Injectable } from '@nestjs/common';
import { CallLog, madeCall } from '@tributary/persistence';
import type { ObservedCall } from '@tributary/salesforce-client';
import { whenNamed } from './call-origin.ts';
import { purposeOf } from './call-purpose.ts';

/** Observes every call of the client and keeps it with its connection. */
@Injectable()
export class RecordCalls {
  constructor(private readonly log: CallLog) {}

  readonly execute = ({ method, path, grant, status, ms }: ObservedCall): void => {
    const call = madeCall({ connectionId: '', method, path, purpose: purposeOf(path, grant), status, ms });
    whenNamed((connectionId) => this.log.note({ ...call, connectionId }));
  };
}
