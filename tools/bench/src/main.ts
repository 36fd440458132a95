import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { benchLeases } from './leases.ts';
import { aPlace, type Place } from './place.ts';
import { benchRevocations, benchRevokeEverything, connectMany } from './revocations.ts';

// Half of the connections are ended by their people, the other half by the operator's one command: a thousand each. docs/bench.md says what is measured.
const { BENCH_CONNECTIONS: connections = '2000', BENCH_REPLICAS: replicas = '2' } = process.env;

/** Megabytes of memory a process holds. */
async function residentMegabytes(pid: number): Promise<number> {
  const [, kilobytes = '0'] = /VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kilobytes) / 1_024);
}

async function showMemory({ processes }: Place, when: string): Promise<void> {
  console.log(`memory of auth-service ${when}: ${(await Promise.all(processes.map(residentMegabytes))).join(' + ')} MB`);
}

console.log(`${cpus().length} cores, Node ${process.version}`);
const place = await aPlace(Number(replicas));
try {
  await showMemory(place, 'at start');
  const connected = await connectMany(place, Number(connections));
  await benchLeases(place, connected);
  await showMemory(place, 'after the leases');
  const half = Math.ceil(connected.length / 2);
  await benchRevocations(place, connected.slice(0, half));
  await benchRevokeEverything(place);
  await showMemory(place, 'at the end');
} finally {
  await place.stop();
}
