import type { SimulatorClock } from './control/clock.ts';
import type { Faults } from './control/faults.ts';
import type { ApprovalOptions } from './control/person.ts';
import type { RequestLog } from './control/request-log.ts';
import type { Settings } from './control/settings.ts';
import type { OrgControl } from './org/org-control.ts';
import type { ChangeEventsControl } from './pubsub/change-events-control.ts';

export interface SimulatorUser {
  readonly username: string;
  readonly name: string;
  readonly userId: string;
}

/** A running simulator and everything a test may do with it. */
export interface Simulator {
  readonly loginOrigin: string;
  readonly testOrigin: string;
  /** `instance_url` of token answers. */
  readonly orgOrigin: string;
  readonly origins: readonly string[];
  readonly orgId: string;
  readonly client: { readonly id: string; readonly secret: string };
  /** Who can sign in; the first is the default. */
  readonly users: readonly SimulatorUser[];
  readonly clock: SimulatorClock;
  readonly settings: Settings;
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly org: OrgControl;
  /** Undefined unless it was started with change events. */
  readonly changeEvents: ChangeEventsControl | undefined;
  readonly app: {
    /** Registers a PEM certificate or public key for assertions. */
    addPublicKey(pem: string): void;
    /** Replaces what is registered: none, one, or several. */
    setCertificates(pems: readonly string[]): void;
    certificates(): readonly string[];
    setRedirectUris(uris: readonly string[]): void;
    /** Changes the secret; as at Salesforce, that ends every grant and session of the app. */
    rotateSecret(secret: string): void;
  };
  /** Every code, access, refresh and id token ever issued, and the app's secrets. */
  tokens(): readonly string[];
  /** Ends all grants and sessions, of everybody or of one user, as an admin can. */
  revoke(username?: string): void;
  /** Plays the person: follows the pages and gives the callback address that Salesforce redirects to. */
  approve(authorizeUrl: string, options?: ApprovalOptions): Promise<string>;
  /** Moves some deals at once, as `moving` does in time. */
  move(times?: number): void;
  /** Lets deals move by themselves every so many milliseconds; null makes them stand still. */
  setMoving(everyMs: number | null): void;
  stop(): Promise<void>;
}
