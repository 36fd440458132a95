import type { Tone } from '../shared/tone.ts';

export type CallOutcome = 'answered' | 'unchanged' | 'refused' | 'failed' | 'lost';

/** How a call ended, by its HTTP status; 0 when there was no answer. */
export function outcomeOfCall(status: number): CallOutcome {
  if (status === 0) return 'lost';
  if (status === 304) return 'unchanged';
  if (status >= 500) return 'failed';
  return status >= 400 ? 'refused' : 'answered';
}

export const callLooks: Readonly<Record<CallOutcome, { readonly tone: Tone; readonly icon: `i-lucide-${string}` }>> = {
  answered: { tone: 'ok', icon: 'i-lucide-check' },
  unchanged: { tone: 'off', icon: 'i-lucide-equal' },
  refused: { tone: 'warn', icon: 'i-lucide-ban' },
  failed: { tone: 'bad', icon: 'i-lucide-circle-x' },
  lost: { tone: 'bad', icon: 'i-lucide-unplug' },
};
