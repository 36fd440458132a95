import { ApiVersion, pubSubEndpoint, type PubSubEndpoint } from '@tributary/salesforce-client';
import { commonVariables, readConfiguration } from '@tributary/service-kit';
import { hostname } from 'node:os';
import { PeerKeys, ServiceKeys } from '@tributary/token-lease';
import { z } from 'zod';
import { usualBounds, type RowBounds } from './describe/row-bounds.ts';

const origins = z.string().default('').transform((list) => list.split(',').map((origin) => origin.trim()).filter((origin) => origin !== ''))
  .refine((list) => list.every((origin) => URL.canParse(origin)), 'must be origins separated by commas');

const ingestVariables = {
  ...commonVariables,
  WAREHOUSE_URL: z.string().regex(/^postgres(ql)?:\/\//, 'must be a postgresql:// address').optional(),
  TRIBUTARY_SERVICE_KEYS: z.string('must be the JSON of this service\'s private keys'),
  TRIBUTARY_PEER_KEYS: z.string('must be the JSON of the services\' public keys'),
  TRIBUTARY_SYNC_INTERVAL_SECONDS: z.coerce.number('must be whole seconds').int('must be whole seconds').min(1, 'must be at least 1').max(7 * 86_400).default(300),
  /** Rows of one page of an export; larger pages need fewer calls, smaller ones lose less when a connection breaks. */
  TRIBUTARY_BULK_PAGE_ROWS: z.coerce.number('must be a whole number').int('must be a whole number').min(100, 'must be at least 100').max(250_000).default(50_000),
  /** So many pages of an export are read at once, where Salesforce lists them; an org gives five in all. */
  TRIBUTARY_BULK_PAGES_AT_ONCE: z.coerce.number('must be a whole number').int('must be a whole number').min(1, 'must be at least 1').max(5, 'must be at most 5').default(3),
  /** From so many rows on the newest ones of a first load are read and stored before the others. */
  TRIBUTARY_NEWEST_FIRST_ROWS: z.coerce.number('must be a whole number').int('must be a whole number').min(2_000, 'must be at least 2000').default(200_000),
  /** Windows of more rows are read in ranges of Ids of about so many, each an export of its own. */
  TRIBUTARY_BULK_PART_ROWS: z.coerce.number('must be a whole number').int('must be a whole number').min(1_000, 'must be at least 1000').default(1_000_000),
  /** Up to so many rows a window is read by REST, above by an export. */
  TRIBUTARY_REST_ROWS: z.coerce.number('must be a whole number').int('must be a whole number').min(0, 'must be at least 0').max(2_000, 'must be at most 2000').default(2_000),
  /** After this long an export that does not end counts as stuck. */
  TRIBUTARY_BULK_WAIT_SECONDS: z.coerce.number('must be whole seconds').int('must be whole seconds').min(1, 'must be at least 1').max(7 * 86_400).default(86_400),
  /** Where change events come from; Salesforce's own address unless a simulator tells of its. */
  SALESFORCE_PUBSUB_ENDPOINT: z.string().regex(/^[^\s:/]+:\d{1,5}$/, 'must look like host:port').optional(),
  SALESFORCE_EXTRA_ORIGINS: origins,
  SALESFORCE_API_VERSION: ApiVersion.optional(),
} as const;

export interface IngestConfig {
  readonly host: string;
  readonly port: number;
  readonly logLevel: string;
  /** Database of the warehouse and of this service's own tables: rows and bookmark are one transaction. */
  readonly databaseUrl: string;
  readonly natsUrl: string;
  /** Name that stays the same over restarts, so that a restarted process takes its own work back at once; undefined when nothing is fixed. */
  readonly processName: string | undefined;
  readonly keys: ServiceKeys;
  /** Public keys of auth-service. */
  readonly authKeys: PeerKeys['auth-service'];
  readonly syncIntervalSeconds: number;
  readonly bulkPageRows: number;
  readonly bulkPagesAtOnce: number;
  readonly newestFirstRows: number;
  readonly bulkPartRows: number;
  readonly bulkWaitSeconds: number;
  readonly restRows: number;
  /** From how many columns on they are stored in groups; no matter of the operator's. */
  readonly rowBounds: RowBounds;
  /** Undefined when a simulator stands in for Salesforce and tells of no change events. */
  readonly pubSubEndpoint: PubSubEndpoint | undefined;
  readonly extraOrigins: readonly string[];
  /** Such as `66.0`; undefined picks the newest both sides know. */
  readonly apiVersion: string | undefined;
}

/** Injection token of the `IngestConfig`. */
export const CONFIG = Symbol('INGEST_CONFIG');

/** @throws ConfigurationError naming every wrong variable */
export function readConfig(env: NodeJS.ProcessEnv): IngestConfig {
  const variables = readConfiguration(ingestVariables, env);
  const { TRIBUTARY_SERVICE_PORT: port } = variables;
  if (variables.NODE_ENV === 'production') readConfiguration({ SALESFORCE_EXTRA_ORIGINS: z.undefined('must be empty in production') }, env);
  return {
    host: variables.TRIBUTARY_SERVICE_HOST,
    port,
    logLevel: variables.TRIBUTARY_LOG_LEVEL,
    databaseUrl: variables.WAREHOUSE_URL ?? variables.DATABASE_URL,
    natsUrl: variables.NATS_URL,
    processName: port === 0 ? undefined : `${hostname()}:${port}`,
    ...readKeys(env),
    syncIntervalSeconds: variables.TRIBUTARY_SYNC_INTERVAL_SECONDS,
    bulkPageRows: variables.TRIBUTARY_BULK_PAGE_ROWS,
    bulkPagesAtOnce: variables.TRIBUTARY_BULK_PAGES_AT_ONCE,
    newestFirstRows: variables.TRIBUTARY_NEWEST_FIRST_ROWS,
    bulkPartRows: variables.TRIBUTARY_BULK_PART_ROWS,
    bulkWaitSeconds: variables.TRIBUTARY_BULK_WAIT_SECONDS,
    restRows: variables.TRIBUTARY_REST_ROWS,
    rowBounds: usualBounds,
    pubSubEndpoint: readEndpoint(env, variables.SALESFORCE_EXTRA_ORIGINS),
    extraOrigins: variables.SALESFORCE_EXTRA_ORIGINS,
    apiVersion: variables.SALESFORCE_API_VERSION,
  };
}

/** Salesforce's own, or a simulator's when every origin is on this machine. */
function readEndpoint(env: NodeJS.ProcessEnv, extraOrigins: readonly string[]): PubSubEndpoint | undefined {
  const endpoint = z.string().optional().transform((address, context) => {
    try {
      return pubSubEndpoint(address, extraOrigins);
    } catch {
      context.addIssue({ code: 'custom', message: 'must be an address of Salesforce, or of a simulator on this machine when every origin of SALESFORCE_EXTRA_ORIGINS is on it' });
      return z.NEVER;
    }
  });
  return readConfiguration({ SALESFORCE_PUBSUB_ENDPOINT: endpoint }, env).SALESFORCE_PUBSUB_ENDPOINT;
}

function readKeys(env: NodeJS.ProcessEnv): Pick<IngestConfig, 'keys' | 'authKeys'> {
  const { TRIBUTARY_SERVICE_KEYS: keys, TRIBUTARY_PEER_KEYS: peers } = readConfiguration({
    TRIBUTARY_SERVICE_KEYS: json(ServiceKeys, 'must be the JSON of a private Ed25519 and a private X25519 key'),
    TRIBUTARY_PEER_KEYS: json(PeerKeys, 'must be the JSON of the public keys by service, auth-service among them'),
  }, env);
  return { keys, authKeys: peers['auth-service'] };
}

/** A variable whose text is JSON of a shape; what is wrong never shows the value. */
function json<T>(schema: z.ZodType<T>, message: string): z.ZodType<T, string> {
  return z.string(message).transform((text, context): T => {
    const parsed = schema.safeParse(parseJson(text));
    if (parsed.success) return parsed.data;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
