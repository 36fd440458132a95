import { DeletionList, type DeletionConfirmation } from '@tributary/api-contracts';
import { call, path } from '../shared/http.ts';

/** Calls about records that were deleted at Salesforce. */
export const deletionsApi = {
  list: (id: string, signal?: AbortSignal) => call(path`/api/connections/${id}/deletions`, { answer: DeletionList, signal }),
  confirm: (id: string, confirmation: DeletionConfirmation) => call(path`/api/connections/${id}/held-deletions`, { method: 'POST', body: confirmation, answer: DeletionList }),
};
