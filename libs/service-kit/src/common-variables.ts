import { z } from 'zod';

/** A TCP port as text. */
export const portVariable = z.coerce.number('must be a port number').int('must be a port number').min(0).max(65_535, 'must be a port number');

/** Variables every service has. */
export const commonVariables = {
  NODE_ENV: z.string().default('development'),
  TRIBUTARY_SERVICE_HOST: z.string().default('127.0.0.1'),
  TRIBUTARY_SERVICE_PORT: portVariable.default(0),
  TRIBUTARY_DATA_DIR: z.string('must be the folder for local data'),
  TRIBUTARY_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace'], 'must be fatal, error, warn, info, debug or trace').default('info'),
  DATABASE_URL: z.string('must be a postgresql:// address').regex(/^postgres(ql)?:\/\//, 'must be a postgresql:// address'),
  NATS_URL: z.string('must be a nats:// address').regex(/^(nats|tls):\/\//, 'must be a nats:// address'),
} as const;
