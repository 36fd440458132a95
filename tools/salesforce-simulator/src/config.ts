import { z } from 'zod';
import { defaultClient } from './options.ts';

const port = (fallback: number): z.ZodType<number> => z.coerce.number().int().min(0).max(65_535).default(fallback);
const flag = z.enum(['true', 'false', '1', '0', '']).transform((value) => value === 'true' || value === '1');

const Environment = z.object({
  SIMULATOR_LOGIN_PORT: port(3_100),
  SIMULATOR_TEST_PORT: port(3_101),
  SIMULATOR_ORG_PORT: port(3_102),
  SIMULATOR_CHANGE_EVENTS_PORT: port(3_103),
  SIMULATOR_STATE_FILE: z.string().min(1).optional(),
  SIMULATOR_MOVING: flag.default(true),
  SIMULATOR_REDIRECT_URIS: z.string().default(defaultClient.redirectUris.join(',')).transform((list) => list.split(',').map((uri) => uri.trim()).filter((uri) => uri !== '')),
  SIMULATOR_SEED: z.coerce.number().int().default(1),
  SIMULATOR_SIZE: z.enum(['believable', 'small', 'empty']).default('believable'),
});
export type StandaloneConfig = z.infer<typeof Environment>;

/** Reads the standalone simulator's variables. @throws Error that names the first wrong one */
export function readConfig(environment: Readonly<Record<string, string | undefined>> = process.env): StandaloneConfig {
  const parsed = Environment.safeParse(environment);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Error(`${String(issue?.path[0])} is not usable: ${issue?.message ?? ''}`);
}
