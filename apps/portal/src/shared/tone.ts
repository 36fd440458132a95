/** Weight of a state: all is well, something works, look here, somebody must act, nothing goes on. */
export type Tone = 'ok' | 'busy' | 'warn' | 'bad' | 'off';

export interface StateLook {
  readonly tone: Tone;
  readonly icon: `i-lucide-${string}`;
}
