/** Types a field of a scenario may have. */
export const fieldTypes = ['string', 'textarea', 'currency', 'double', 'int', 'boolean', 'date', 'datetime', 'time', 'picklist', 'multipicklist', 'email', 'reference'] as const;
export type ScenarioType = (typeof fieldTypes)[number];

/** Something that happens at Salesforce. Shares pick rows and values: what they pick follows from the rows there are, so that a step may be left out without breaking the others. */
export type Deed =
  | { readonly do: 'insert'; readonly count: number; readonly values: number }
  | { readonly do: 'update'; readonly row: number; readonly count: number; readonly values: number }
  | { readonly do: 'delete' | 'undelete' | 'purge'; readonly row: number; readonly count: number }
  | { readonly do: 'merge'; readonly winner: number; readonly loser: number; readonly values: number }
  /** Later changes become visible so much after their stamp. */
  | { readonly do: 'commit later'; readonly ms: number }
  | { readonly do: 'wait'; readonly ms: number }
  /** `values`: existing rows get values without a new stamp; null leaves them empty. */
  | { readonly do: 'add field'; readonly type: ScenarioType; readonly values: number | null }
  | { readonly do: 'remove field' | 'bring field back' | 'hide field' | 'show field'; readonly field: number }
  /** To a new name, or to one that a removed or renamed field had, when there is one. */
  | { readonly do: 'rename field'; readonly field: number; readonly toOld: boolean }
  | { readonly do: 'grow picklist'; readonly field: number }
  /** Another type, with the values converted without a new stamp. */
  | { readonly do: 'retype field'; readonly field: number; readonly type: ScenarioType; readonly values: number }
  | { readonly do: 'hide cursor' | 'show cursor' | 'trim delete log' };

/** @property on name of the object; the first one when absent */
export type Change = Deed & { readonly on?: string };

/** What goes wrong between Salesforce and a run. */
export interface Trouble {
  readonly at: Place;
  /** The n-th such call of the run, and how many from there on. */
  readonly nth: number;
  readonly times: number;
  readonly what: Mishap;
}

export const places = ['any', 'objects', 'describe', 'query', 'next page', 'job made', 'job state', 'result page', 'deletions'] as const;
export type Place = (typeof places)[number];
export const mishaps = ['500', '401', '404', 'reset', 'answer lost', 'cut', 'rows left out', 'half a body', 'query timeout', 'cursor lost', 'nothing'] as const;
export type Mishap = (typeof mishaps)[number];

/** What goes on while a run reads. */
export interface Disturbance {
  readonly troubles: readonly Trouble[];
  /** Changes while the run reads, after the n-th call of a kind was answered. */
  readonly meanwhile: readonly { readonly at: Place; readonly nth: number; readonly changes: readonly Change[] }[];
  /** Exports that Salesforce fails, in order. */
  readonly failedJobs: readonly ('timeout' | 'unexpected' | 'silent')[];
  readonly noJobsLeft: boolean;
  /** Its worker is thought dead at the n-th call of a kind, and the run is another's, while the first one still works. */
  readonly takenOver?: readonly { readonly at: Place; readonly nth: number }[];
}

/** A run by hand. */
export interface RunStep extends Disturbance {
  readonly do: 'run';
  /** The weekly comparison of all Ids is due. */
  readonly sweep: boolean;
}

/** How one object departs from the connection's own schedule; nulls do not. */
export interface ObjectPace {
  readonly name: string;
  readonly intervalSeconds: number | null;
  readonly priority: 'first' | 'normal' | 'last';
  readonly paused: boolean;
}

/** What people do at Tributary, and time. */
export type Act =
  /** Time passes here and at Salesforce, and the schedule does what is due by then. */
  | ({ readonly do: 'pass'; readonly ms: number } & Disturbance)
  | { readonly do: 'schedule'; readonly intervalSeconds: number | null; readonly newFields: 'copy' | 'ask' | 'ignore'; readonly objects: readonly ObjectPace[] }
  | { readonly do: 'pause' }
  | ({ readonly do: 'resume' } & Disturbance)
  | ({ readonly do: 'select'; readonly objects: readonly string[] } & Disturbance)
  | ({ readonly do: 'decide'; readonly decision: 'copy' | 'ignore' } & Disturbance)
  /** Calls that the org leaves to Tributary; null for plenty. */
  | { readonly do: 'calls left'; readonly calls: number | null }
  /** The person may not read an object any more, or again. */
  | { readonly do: 'forbid' | 'allow'; readonly on: string };

export type Step = Change | RunStep | Act;

/** An object of an org as it is at first. */
export interface ScenarioObject {
  readonly name: string;
  readonly keyPrefix: string;
  /** Object to whose rows its own point, of which a formula shows a field; it may be the object itself. */
  readonly parent: string;
  /** Whether another formula shows what that formula shows of the parent. */
  readonly showsGrandparent: boolean;
  readonly replicateable: boolean;
  readonly bulkRefused: boolean;
  /** Rows are only ever hard-deleted. */
  readonly binless: boolean;
  /** Audit fields that are hidden from the beginning, so that changes are found otherwise. */
  readonly hidden: readonly string[];
  readonly fields: readonly ScenarioType[];
  readonly rows: number;
  /** Whether the first rows share one stamp. */
  readonly oneStamp: boolean;
}

/** One org and all that happens to it: everything follows from the seed. */
export interface Scenario {
  readonly seed: number;
  readonly org: {
    readonly now: string;
    /** What the `Date` header is ahead of the org's clock. */
    readonly headerAheadMs: number;
    readonly queryPageRows: number;
    readonly replicationLagMs: number;
  };
  /** Parents before those that point to them. */
  readonly objects: readonly [ScenarioObject, ...ScenarioObject[]];
  /** Whether time passes for the schedule as well; else it rests, and all runs are made by hand. */
  readonly isScheduled: boolean;
  readonly steps: readonly Step[];
}

/** Purged rows of an object: with more, the guard against lost permissions would rightly ask a person. */
export const mostPurged = 8;
/** Changes that show up later than this are no promise of the increment. */
export const promisedMs = 24 * 60_000;
