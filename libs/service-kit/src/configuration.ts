import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** A variable is missing or wrong. The message names variables, never their values. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/**
 * Reads variables by a zod shape. Each may be given as `NAME` or as `NAME_FILE` (path of a file with the value).
 * @throws ConfigurationError naming every wrong variable at once
 */
export function readConfiguration<Shape extends z.ZodRawShape>(shape: Shape, env: NodeJS.ProcessEnv): z.infer<z.ZodObject<Shape>> {
  const values: Record<string, string> = {};
  for (const name of Object.keys(shape)) {
    const value = variable(name, env);
    if (value !== undefined && value !== '') values[name] = value;
  }
  const parsed = z.object(shape).safeParse(values);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new ConfigurationError(`The configuration is wrong. ${problems.join('; ')}.`);
}

function variable(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const file = env[`${name}_FILE`];
  if (file === undefined || file === '') return env[name];
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new ConfigurationError(`The configuration is wrong. ${name}_FILE: the file cannot be read.`, { cause });
  }
}
