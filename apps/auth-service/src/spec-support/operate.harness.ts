import { request } from 'node:http';
import { join } from 'node:path';

/** Asks a process for an operation over the operator's socket in its data folder. */
export async function operate(dataFolder: string, operation: string, body: object = {}): Promise<{ status: number; answer: Record<string, unknown> }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; answer: Record<string, unknown> }>();
  const asked = request({ socketPath: join(dataFolder, 'operate.sock'), path: `/${operation}`, method: 'POST' }, (answer) => {
    let text = '';
    answer.on('data', (chunk) => (text += String(chunk))).on('end', () => resolve({ status: answer.statusCode ?? 0, answer: JSON.parse(text) }));
  });
  asked.once('error', reject).end(JSON.stringify(body));
  return promise;
}
