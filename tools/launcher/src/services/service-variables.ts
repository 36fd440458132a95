import type { ServiceName } from '../secrets/service-keys.ts';
import type { Environment } from '../settings/variables.ts';

/** Everything the services' variables are made of. */
export interface ServiceFacts {
  /** The launcher's own environment. */
  readonly env: Environment;
  readonly dataDir: string;
  readonly portalDir: string;
  readonly publicUrl: string;
  readonly publicPort: number;
  readonly ports: Readonly<Record<ServiceName, number>>;
  readonly databaseUrls: Readonly<Record<ServiceName, string>>;
  /** Of the role that makes and changes the tables of auth-service. */
  readonly authOwnerUrl: string;
  readonly warehouseUrls: Readonly<Partial<Record<ServiceName, string>>>;
  readonly natsUrls: Readonly<Record<ServiceName, string>>;
  readonly masterKey: string;
  /** Where the master key is kept; undefined when only its value is known. */
  readonly masterKeyFile: string | undefined;
  readonly ownKeysFile: (service: ServiceName) => string;
  readonly peerKeysFile: string;
  readonly client: { readonly id: string; readonly secret: string | undefined };
  /** Origins of the simulator, which then stands in for Salesforce. */
  readonly simulator: { readonly loginOrigin: string; readonly origins: readonly string[]; readonly changeEvents: string } | undefined;
}

/** Variables of the machine that programs need, and those of proxies and certificates. */
const ofTheMachine = /^(PATH|HOME|LANG|LC_\w+|TZ|TMPDIR|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR)|(HTTPS?|NO|ALL)_PROXY|(https?|no|all)_proxy|NODE_USE_ENV_PROXY)$/;

/** Settings of the product that any service may know; secrets go to their owner only. */
const ofTheProduct = /^(TRIBUTARY_\w+|SALESFORCE_(LOGIN_URL|EXTRA_ORIGINS|API_VERSION|PUBSUB_ENDPOINT)(_FILE)?|NODE_ENV)$/;
const secretOnes = /^TRIBUTARY_(MASTER_KEY|OIDC_PROVIDERS)/;

/** Seconds between incremental runs with the simulator, whose deals move all the time. */
const simulatorIntervalSeconds = '15';

/** The environment of one service; no service gets the secrets or the addresses of another. */
export function serviceVariables(service: ServiceName, facts: ServiceFacts): Record<string, string> {
  return { ...passedOn(facts.env), ...common(service, facts), ...salesforce(facts), ...own(service, facts) };
}

function passedOn(env: Environment): Record<string, string> {
  const known = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(known.filter(([name]) => (ofTheMachine.test(name) || ofTheProduct.test(name)) && !secretOnes.test(name)));
}

function common(service: ServiceName, facts: ServiceFacts): Record<string, string> {
  const level = facts.env['TRIBUTARY_LOG_LEVEL'];
  return {
    NODE_ENV: facts.env['NODE_ENV'] ?? 'development',
    TRIBUTARY_SERVICE_HOST: '127.0.0.1',
    TRIBUTARY_SERVICE_PORT: String(facts.ports[service]),
    TRIBUTARY_DATA_DIR: facts.dataDir,
    TRIBUTARY_LOG_LEVEL: level === undefined || level === '' ? 'info' : level,
    TRIBUTARY_PUBLIC_URL: facts.publicUrl,
    DATABASE_URL: facts.databaseUrls[service],
    NATS_URL: facts.natsUrls[service],
  };
}

function salesforce({ simulator }: ServiceFacts): Record<string, string> {
  return simulator === undefined ? {} : { SALESFORCE_LOGIN_URL: simulator.loginOrigin, SALESFORCE_EXTRA_ORIGINS: simulator.origins.join(',') };
}

function own(service: ServiceName, facts: ServiceFacts): Record<string, string> {
  const keys = { TRIBUTARY_SERVICE_KEYS_FILE: facts.ownKeysFile(service), TRIBUTARY_PEER_KEYS_FILE: facts.peerKeysFile };
  const warehouse = facts.warehouseUrls[service];
  const warehouseUrl: Record<string, string> = warehouse === undefined ? {} : { WAREHOUSE_URL: warehouse };
  switch (service) {
    case 'auth-service':
      return { ...keys, DATABASE_OWNER_URL: facts.authOwnerUrl, ...masterKey(facts), SALESFORCE_CLIENT_ID: facts.client.id, ...(facts.client.secret === undefined ? {} : { SALESFORCE_CLIENT_SECRET: facts.client.secret }), ...providers(facts.env) };
    case 'ingest-service':
      return { ...keys, ...warehouseUrl, ...interval(facts), ...(facts.simulator === undefined ? {} : { SALESFORCE_PUBSUB_ENDPOINT: facts.simulator.changeEvents }) };
    case 'analytics-service':
      return { ...keys, ...warehouseUrl };
    case 'gateway':
      return { TRIBUTARY_PORT: String(facts.publicPort), AUTH_SERVICE_URL: `http://127.0.0.1:${facts.ports['auth-service']}`, TRIBUTARY_PORTAL_DIR: facts.portalDir };
    default:
      return service satisfies never;
  }
}

/** Ways to sign in besides Salesforce; they hold secrets of the operator. */
/** Of a process everybody with its account can read the environment it was started with: a file is named where there is one. */
function masterKey({ masterKey: value, masterKeyFile }: ServiceFacts): Record<string, string> {
  return masterKeyFile === undefined ? { TRIBUTARY_MASTER_KEY: value } : { TRIBUTARY_MASTER_KEY_FILE: masterKeyFile };
}

function providers(env: Environment): Record<string, string> {
  return Object.fromEntries(['TRIBUTARY_OIDC_PROVIDERS', 'TRIBUTARY_OIDC_PROVIDERS_FILE'].flatMap((name) => (env[name] === undefined || env[name] === '' ? [] : [[name, env[name]]])));
}

function interval({ env, simulator }: ServiceFacts): Record<string, string> {
  const chosen = env['TRIBUTARY_SYNC_INTERVAL_SECONDS'];
  if (chosen !== undefined && chosen !== '') return { TRIBUTARY_SYNC_INTERVAL_SECONDS: chosen };
  return simulator === undefined ? {} : { TRIBUTARY_SYNC_INTERVAL_SECONDS: simulatorIntervalSeconds };
}
