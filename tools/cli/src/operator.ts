import { request } from 'node:http';
import { join } from 'node:path';
import { z } from 'zod';
import { CommandFailure } from './command-failure.ts';

const Problem = z.object({ code: z.string(), detail: z.string(), action: z.string().nullish() });
const longestMs = 30 * 60_000;

/**
 * Asks the operator's socket of auth-service, which only the account that runs Tributary can open.
 * @throws CommandFailure
 */
export async function operate<T>(dataDir: string, operation: string, body: Readonly<Record<string, string>>, schema: z.ZodType<T>): Promise<T> {
  const { status, text } = await post(join(dataDir, 'operate.sock'), operation, JSON.stringify(body));
  const answer: unknown = JSON.parse(text);
  if (status === 200) return schema.parse(answer);
  const { code, detail, action } = Problem.parse(answer);
  throw new CommandFailure([detail, action].filter(Boolean).join(' '), 'failed', code);
}

async function post(socketPath: string, operation: string, body: string): Promise<{ status: number; text: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>();
  const asked = request({ socketPath, path: `/${operation}`, method: 'POST', headers: { 'content-type': 'application/json' }, timeout: longestMs }, (answer) => {
    let text = '';
    answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk)).on('end', () => resolve({ status: answer.statusCode ?? 500, text })).on('error', reject);
  });
  asked.once('timeout', () => asked.destroy(new Error('timeout')));
  asked.once('error', (error: NodeJS.ErrnoException) => reject(new CommandFailure(
    error.code === 'EACCES' ? `The operator socket ${socketPath} belongs to another account: use the one that runs Tributary.` : `auth-service does not answer on ${socketPath}: is Tributary running on this machine?`, 'unreachable', 'OPERATOR_SOCKET_UNREACHABLE')));
  asked.end(body);
  return promise;
}
