import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.ts';
import { ConnectionId } from '../ids.ts';

/** API calls left at Salesforce fell under the reserve kept for the customer's other tools. */
export const budgetLow = defineEvent('ingest.budget.low', 1, 'API calls left at Salesforce are under the reserve kept for other tools.', z.strictObject({
  connectionId: ConnectionId,
  used: z.int().nonnegative(),
  limit: z.int().positive(),
}));
export type BudgetLow = EventOf<typeof budgetLow>;
