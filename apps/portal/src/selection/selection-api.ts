import { Catalogue, SelectionEstimate, type Selection } from '@tributary/api-contracts';
import { call, path, search } from '../shared/http.ts';

/** Calls about what is copied of an org. */
export const selectionApi = {
  fields: (id: string, object: string, signal?: AbortSignal) => call(path`/api/connections/${id}/objects` + search({ object }), { answer: Catalogue, signal }),
  save: (id: string, selection: Selection) => call(path`/api/connections/${id}/selection`, { method: 'PUT', body: selection, answer: Catalogue }),
  estimate: (id: string, selection: Selection, signal?: AbortSignal) => call(path`/api/connections/${id}/selection-estimate`, { method: 'POST', body: selection, answer: SelectionEstimate, signal }),
};
