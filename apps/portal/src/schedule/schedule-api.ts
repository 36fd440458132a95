import { ChangeEvents, SyncForecast, SyncSettingsView, type NewFieldDecisions, type SyncSettings } from '@tributary/api-contracts';
import { call, path } from '../shared/http.ts';

/** Calls about when an org is read and what that may cost. */
export const scheduleApi = {
  settings: (id: string, signal?: AbortSignal) => call(path`/api/connections/${id}/sync-settings`, { answer: SyncSettingsView, signal }),
  save: (id: string, settings: SyncSettings) => call(path`/api/connections/${id}/sync-settings`, { method: 'PUT', body: settings, answer: SyncSettingsView }),
  forecast: (id: string, settings: SyncSettings, signal?: AbortSignal) => call(path`/api/connections/${id}/sync-forecast`, { method: 'POST', body: settings, answer: SyncForecast, signal }),
  switchChangeEvents: (id: string, on: boolean) => call(path`/api/connections/${id}/change-events`, { method: 'PUT', body: { on }, answer: ChangeEvents }),
  decide: (id: string, decisions: NewFieldDecisions) => call(path`/api/connections/${id}/new-fields`, { method: 'PUT', body: decisions, answer: SyncSettingsView }),
};
