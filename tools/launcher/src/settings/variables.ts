import { readFileSync } from 'node:fs';
import { StartProblem } from '../terminal/start-problem.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Value of a variable, given as `NAME` or as the path `NAME_FILE`; undefined when absent or empty.
 * @throws StartProblem naming the variable when its file cannot be read
 */
export function variable(env: Environment, name: string): string | undefined {
  const file = env[`${name}_FILE`];
  if (file === undefined || file === '') return env[name] === '' ? undefined : env[name];
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new StartProblem(`The configuration is wrong. ${name}_FILE: the file cannot be read.`, { cause });
  }
}

/** @throws StartProblem naming the variable, never its value */
export function portVariable(env: Environment, name: string, otherwise: number): number {
  const text = variable(env, name);
  if (text === undefined) return otherwise;
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw wrong(name, 'must be a port number');
}

/** @throws StartProblem naming the variable when it is no address of one of the protocols */
export function addressVariable(env: Environment, name: string, protocols: readonly string[]): string | undefined {
  const text = variable(env, name);
  if (text === undefined) return undefined;
  const addresses = name === 'NATS_URL' ? text.split(',') : [text];
  const fits = addresses.every((address) => URL.canParse(address.trim()) && protocols.includes(new URL(address.trim()).protocol));
  if (fits) return text;
  throw wrong(name, `must be a ${protocols.map((protocol) => `${protocol}//`).join(' or ')} address`);
}

export function wrong(name: string, why: string): StartProblem {
  return new StartProblem(`The configuration is wrong. ${name}: ${why}.`);
}
