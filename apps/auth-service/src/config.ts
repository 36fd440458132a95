import { Secret } from '@tributary/failures';
import { ApiVersion, HostRules } from '@tributary/salesforce-client';
import { commonVariables, ConfigurationError, readConfiguration } from '@tributary/service-kit';
import { z } from 'zod';
import { readServiceKeys, type ServiceKeys } from './lease/service-keys.ts';
import { parseOidcProviders, type OidcProvider } from './sign-in/oidc-providers.ts';
import { KeyRing } from './vault/key-ring.ts';
import { developmentMasterKey } from './vault/local-identity.ts';

const authVariables = {
  ...commonVariables,
  TRIBUTARY_PUBLIC_URL: z.url({ protocol: /^https?$/, error: 'must be an http(s) address without a path' }).default('http://localhost:3000'),
  DATABASE_OWNER_URL: commonVariables.DATABASE_URL.optional(),
  TRIBUTARY_MASTER_KEY: z.string().optional(),
  TRIBUTARY_SERVICE_KEYS: z.string('must be the private keys of this service'),
  TRIBUTARY_PEER_KEYS: z.string('must be the public keys of the services'),
  SALESFORCE_CLIENT_ID: z.string('must be the consumer key of the app').min(1),
  SALESFORCE_CLIENT_SECRET: z.string().optional(),
  SALESFORCE_LOGIN_URL: z.url({ protocol: /^https?$/, error: 'must be an http(s) origin' }).default('https://login.salesforce.com'),
  SALESFORCE_EXTRA_ORIGINS: z.string().default(''),
  TRIBUTARY_OIDC_PROVIDERS: z.string().optional(),
  TRIBUTARY_OIDC_OWN_WORKSPACES: z.enum(['yes', 'no'], 'must be yes or no').default('no'),
  TRIBUTARY_EGRESS_ADDRESSES: z.string().regex(/^[0-9a-fA-F.:/, ]*$/, 'must be IP addresses or ranges separated by commas').default(''),
  SALESFORCE_API_VERSION: ApiVersion.optional(),
} as const;

export interface AuthConfig {
  readonly production: boolean;
  readonly host: string;
  readonly port: number;
  readonly logLevel: string;
  readonly dataFolder: string;
  readonly databaseUrl: string;
  /** Address of the role that owns the tables; undefined when that is the role of `databaseUrl`. */
  readonly databaseOwnerUrl: Secret<string> | undefined;
  readonly natsUrl: string;
  /** Origin people use, without trailing slash. */
  readonly publicOrigin: string;
  readonly redirectUri: string;
  readonly hostRules: HostRules;
  /** Login origin used when a start names none. */
  readonly loginOrigin: string;
  readonly clientId: string;
  readonly clientSecret: Secret<string> | undefined;
  /** `66.0`; undefined lets the client choose. */
  readonly apiVersion: string | undefined;
  /** Ways to sign in besides Salesforce, and whether somebody without an invitation gets a workspace of their own. */
  readonly oidc: { readonly providers: readonly OidcProvider[]; readonly ownWorkspaces: boolean };
  /** Addresses from which calls to Salesforce come, for people who have to allow them; empty when not listed. */
  readonly egressAddresses: readonly string[];
  readonly keyRing: KeyRing;
  readonly serviceKeys: ServiceKeys;
}

/** Injection token of the `AuthConfig`. */
export const CONFIG = Symbol('AUTH_CONFIG');

/** @throws ConfigurationError naming every wrong variable, never a value */
export async function readConfig(env: NodeJS.ProcessEnv): Promise<AuthConfig> {
  const variables = readConfiguration(authVariables, env);
  const production = variables.NODE_ENV === 'production';
  const publicOrigin = new URL(variables.TRIBUTARY_PUBLIC_URL).origin;
  const hostRules = hostRulesOf(variables.SALESFORCE_EXTRA_ORIGINS, production);
  return {
    production,
    host: variables.TRIBUTARY_SERVICE_HOST,
    port: variables.TRIBUTARY_SERVICE_PORT,
    logLevel: variables.TRIBUTARY_LOG_LEVEL,
    dataFolder: variables.TRIBUTARY_DATA_DIR,
    databaseUrl: variables.DATABASE_URL,
    databaseOwnerUrl: variables.DATABASE_OWNER_URL === undefined ? undefined : Secret.of(variables.DATABASE_OWNER_URL),
    natsUrl: variables.NATS_URL,
    publicOrigin,
    redirectUri: `${publicOrigin}/connect/salesforce/callback`,
    hostRules,
    loginOrigin: loginOriginOf(hostRules, variables.SALESFORCE_LOGIN_URL),
    clientId: variables.SALESFORCE_CLIENT_ID,
    clientSecret: variables.SALESFORCE_CLIENT_SECRET === undefined ? undefined : Secret.of(variables.SALESFORCE_CLIENT_SECRET),
    apiVersion: variables.SALESFORCE_API_VERSION,
    oidc: { providers: parseOidcProviders(variables.TRIBUTARY_OIDC_PROVIDERS, (origin) => hostRules.isExtra(origin)), ownWorkspaces: variables.TRIBUTARY_OIDC_OWN_WORKSPACES === 'yes' },
    egressAddresses: variables.TRIBUTARY_EGRESS_ADDRESSES.split(',').map((address) => address.trim()).filter((address) => address !== ''),
    keyRing: KeyRing.parse(Secret.of(masterKeyOf(variables.TRIBUTARY_MASTER_KEY, variables.TRIBUTARY_DATA_DIR, production))),
    serviceKeys: readServiceKeys(Secret.of(variables.TRIBUTARY_SERVICE_KEYS), variables.TRIBUTARY_PEER_KEYS),
  };
}

/** Takes secrets out of the environment once they are read, so that nothing started later inherits them. */
export function forgetSecrets(env: NodeJS.ProcessEnv): void {
  delete env['DATABASE_OWNER_URL'];
  delete env['TRIBUTARY_MASTER_KEY'];
  delete env['SALESFORCE_CLIENT_SECRET'];
  delete env['TRIBUTARY_OIDC_PROVIDERS'];
}

function hostRulesOf(extra: string, production: boolean): HostRules {
  const extraOrigins = extra.split(',').map((origin) => origin.trim()).filter((origin) => origin !== '');
  if (production && extraOrigins.length > 0) throw new ConfigurationError('The configuration is wrong. SALESFORCE_EXTRA_ORIGINS: is for development only and must be empty in production.');
  try {
    return new HostRules({ extraOrigins });
  } catch (cause) {
    throw new ConfigurationError('The configuration is wrong. SALESFORCE_EXTRA_ORIGINS: must be origins separated by commas.', { cause });
  }
}

function loginOriginOf(hostRules: HostRules, loginUrl: string): string {
  try {
    return hostRules.loginOrigin(loginUrl);
  } catch (cause) {
    throw new ConfigurationError('The configuration is wrong. SALESFORCE_LOGIN_URL: is neither a Salesforce login address nor listed in SALESFORCE_EXTRA_ORIGINS.', { cause });
  }
}

function masterKeyOf(given: string | undefined, dataFolder: string, production: boolean): string {
  if (given !== undefined) return given;
  if (production) throw new ConfigurationError('The configuration is wrong. TRIBUTARY_MASTER_KEY: is required in production.');
  return developmentMasterKey(dataFolder);
}
