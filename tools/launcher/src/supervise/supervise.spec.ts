import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Crew } from '../launch/crew.ts';
import { childPart, type ChildOptions } from './child-part.ts';
import { Guard } from './guard.ts';
import { LogFile } from './log-file.ts';
import { isRunning, processIdentity, type ProcessIdentity } from './process-identity.ts';

let folder: string;
let guard: Guard;
let crew: Crew;
let started: { name: string; identity: ProcessIdentity }[];
let news: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tributary-supervise-'));
  guard = new Guard();
  started = [];
  news = [];
  crew = new Crew({
    onStart: (name, pid) => started.push({ name, identity: processIdentity(pid) ?? { pid, startedAt: '' } }),
    onNews: (line) => news.push(line),
  });
});
afterEach(async () => {
  await crew.kill();
  guard.release();
  await rm(folder, { recursive: true, force: true });
});

/** A Node program as a part; it is ready when it has written the file of its name. */
function aPart(name: string, program: string, more: Partial<ChildOptions> = {}) {
  const ready = join(folder, name);
  return childPart({
    name, program: process.execPath, parameters: ['-e', program.replace('READY', `require('node:fs').writeFileSync(${JSON.stringify(ready)}, '')`)],
    cwd: folder, env: {}, log: new LogFile(join(folder, `${name}.log`)), guard, isReady: async () => existsSync(ready), ...more,
  });
}

async function until(what: string, probe: () => boolean): Promise<void> {
  for (let waited = 0; !probe(); waited += 25) {
    if (waited > 15_000) throw new Error(`${what} did not happen`);
    await sleep(25);
  }
}

describe('a supervised process', () => {
  it('is started again when it is killed, and ends for good when it is stopped', async () => {
    await crew.start(aPart('one', 'READY; setInterval(() => {}, 1000)'));
    const first = started[0]?.identity ?? { pid: 0, startedAt: '' };
    process.kill(first.pid, 'SIGKILL');
    await until('a second start', () => started.length === 2);
    await until('news', () => news.length === 2);
    expect(news).toEqual(['one ended (signal SIGKILL) and is started again.', 'one works again.']);
    await crew.stop();
    expect(started.map(({ identity }) => isRunning(identity))).toEqual([false, false]);
    expect(started).toHaveLength(2);
  });

  it('says why it cannot start in its own words', async () => {
    const part = aPart('two', `console.log(JSON.stringify({ level: 'fatal', msg: 'The configuration is wrong. NATS_URL: must be an address.' })); process.exit(1)`);
    await expect(crew.start(part)).rejects.toThrow('two does not start: The configuration is wrong. NATS_URL: must be an address.');
  });

  it('is ended by force when it does not listen, the last row first', async () => {
    await crew.start(aPart('database', `process.on('SIGTERM', () => { console.log('database ' + Date.now()); process.exit(0) }); READY; setInterval(() => {}, 1000)`));
    await crew.start(aPart('service', `process.on('SIGTERM', () => setTimeout(() => { console.log('service ' + Date.now()); process.exit(0) }, 300)); READY; setInterval(() => {}, 1000)`));
    await crew.stop();
    const [database, service] = ['database', 'service'].map((name) => Number(new LogFile(join(folder, `${name}.log`)).linesSince(0)[0]?.split(' ')[1]));
    expect(service).toBeLessThanOrEqual(database ?? 0);
  });

  it('writes files that only its user can read', async () => {
    await crew.start(aPart('private', `require('node:fs').writeFileSync('data', 'x'); console.log(require('node:fs').statSync('data').mode & 0o777); READY; setInterval(() => {}, 1000)`));
    expect(new LogFile(join(folder, 'private.log')).linesSince(0)).toEqual([String(0o600)]);
  });
});

describe('the guard', () => {
  it('ends the guarded processes when their owner is killed', async () => {
    const owner = join(folder, 'owner.ts');
    writeFileSync(owner, `
      import { spawn } from 'node:child_process';
      import { Guard } from ${JSON.stringify(join(import.meta.dirname, 'guard.ts'))};
      import { processIdentity } from ${JSON.stringify(join(import.meta.dirname, 'process-identity.ts'))};
      const child = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
      new Guard().add(processIdentity(child.pid), 'TERM');
      process.send(processIdentity(child.pid));
      setInterval(() => undefined, 1000);
    `);
    const process = spawn(globalThis.process.execPath, [owner], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const [guarded] = (await once(process, 'message')) as [ProcessIdentity];
    expect(isRunning(guarded)).toBe(true);
    process.kill('SIGKILL');
    await until('the end of the guarded process', () => !isRunning(guarded));
  });
});

describe('a log', () => {
  it('keeps its size bounded and one older file', () => {
    const log = new LogFile(join(folder, 'big.log'));
    writeFileSync(log.path, 'x'.repeat(9 * 1024 * 1024));
    log.bound();
    expect(log.sizeBytes()).toBe(0);
    expect(existsSync(`${log.path}.1`)).toBe(true);
  });
});
