import type { SeedSize } from './seed/sizes.ts';

export interface SimulatorOptions {
  /** Same seed, same org; default 1. */
  readonly seed?: number;
  /** About 30,000 records, about 700, or only users, stages and periods. */
  readonly size?: SeedSize;
  /** All on 127.0.0.1; 0 or absent takes free ports. */
  readonly ports?: { readonly login: number; readonly test: number; readonly org: number };
  /** Where the clock stands from the start; absent: it runs with the machine's. */
  readonly now?: Date;
  readonly client?: { readonly id: string; readonly secret: string; readonly redirectUris: readonly string[] };
  /** Refresh token rotation; default true. */
  readonly rotation?: boolean;
  /** Deals move while it runs; default false. */
  readonly moving?: boolean;
  /** How often something moves, in milliseconds; default 4,000. */
  readonly movingEveryMs?: number;
  /** Speaks the Pub/Sub API on a port of its own, any free one by default; default false. */
  readonly changeEvents?: boolean | { readonly port: number };
  /** When given: grants, tokens and data changes survive a restart. */
  readonly stateFile?: string;
}

/** The app that is registered when no other is named. */
export const defaultClient = {
  id: '3MVG9SimulatorTributary00000000000000000000000000000000000000000000000000000000000000',
  secret: '51A0D0C0FFEE5EC2E7A11C0DE0F51A0D0C0FFEE5EC2E7A11C0DE0F51A0D0C0FF',
  redirectUris: ['http://localhost:3000/connect/salesforce/callback', 'http://127.0.0.1:3000/connect/salesforce/callback'],
} as const;
