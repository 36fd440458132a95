import { commonVariables, portVariable, readConfiguration } from '@tributary/service-kit';
import { z } from 'zod';

const gatewayVariables = {
  ...commonVariables,
  TRIBUTARY_PORT: portVariable.default(3_000),
  TRIBUTARY_PUBLIC_URL: z.url({ protocol: /^https?$/, error: 'must be an http(s) address without a path' }).default('http://localhost:3000'),
  AUTH_SERVICE_URL: z.url({ protocol: /^http$/, error: 'must be the http:// address of auth-service' }),
  TRIBUTARY_PORTAL_DIR: z.string('must be the folder of the built portal'),
  TRIBUTARY_TRUSTED_PROXIES: z.coerce.number('must be a number of proxies').int('must be a number of proxies').min(0, 'must be a number of proxies').max(10, 'must be a number of proxies').default(0),
  SALESFORCE_LOGIN_URL: z.url({ protocol: /^https?$/, error: 'must be an http(s) origin' }).default('https://login.salesforce.com'),
} as const;

export interface GatewayConfig {
  readonly production: boolean;
  readonly host: string;
  readonly port: number;
  readonly logLevel: string;
  readonly databaseUrl: string;
  readonly natsUrl: string;
  /** Origin people use, without trailing slash. */
  readonly publicOrigin: string;
  readonly authServiceUrl: URL;
  /** Proxies in front whose word on a browser's address is taken. */
  readonly trustedProxies: number;
  readonly portalFolder: string;
  /** Login host offered first. */
  readonly loginUrl: string;
}

/** Injection token of the `GatewayConfig`. */
export const CONFIG = Symbol('GATEWAY_CONFIG');

/** @throws ConfigurationError naming every wrong variable */
export function readConfig(env: NodeJS.ProcessEnv): GatewayConfig {
  const variables = readConfiguration(gatewayVariables, env);
  return {
    production: variables.NODE_ENV === 'production',
    host: variables.TRIBUTARY_SERVICE_HOST,
    port: variables.TRIBUTARY_PORT,
    logLevel: variables.TRIBUTARY_LOG_LEVEL,
    databaseUrl: variables.DATABASE_URL,
    natsUrl: variables.NATS_URL,
    publicOrigin: new URL(variables.TRIBUTARY_PUBLIC_URL).origin,
    authServiceUrl: new URL(variables.AUTH_SERVICE_URL),
    trustedProxies: variables.TRIBUTARY_TRUSTED_PROXIES,
    portalFolder: variables.TRIBUTARY_PORTAL_DIR,
    loginUrl: new URL(variables.SALESFORCE_LOGIN_URL).origin,
  };
}
