import { Logger } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { TestedGateway } from '../spec-support/gateway.harness.ts';
import { reportPath } from './violation-report.ts';
import { reportLimits } from './violation-reports.ts';

let gateway: TestedGateway;
let address = '';
let addresses = 0;
const written: string[] = [];

beforeAll(async () => {
  gateway = await TestedGateway.start({ NODE_ENV: 'production', TRIBUTARY_PUBLIC_URL: 'https://tributary.example', TRIBUTARY_TRUSTED_PROXIES: '1' });
});

afterAll(async () => gateway?.stop());

beforeEach(() => {
  addresses += 1;
  address = `203.0.113.${addresses}`;
  written.length = 0;
  vi.spyOn(Logger.prototype, 'warn').mockImplementation((message: unknown) => void written.push(String(message)));
});

afterEach(() => vi.restoreAllMocks());

const violation = (blockedURL = 'https://evil.example/x.js') => ({ type: 'csp-violation', body: { effectiveDirective: 'script-src-elem', blockedURL, documentURL: 'https://tributary.example/connections' } });

async function report(body: string, { type = 'application/reports+json', headers = {} }: { type?: string; headers?: Record<string, string> } = {}): Promise<number> {
  const { status } = await fetch(gateway.origin + reportPath, { method: 'POST', headers: { 'content-type': type, 'x-forwarded-for': address, ...headers }, body });
  return status;
}

it('are taken without a session and written into the log', async () => {
  expect(await report(JSON.stringify([violation()]))).toBe(204);
  expect(await report(JSON.stringify({ 'csp-report': { 'document-uri': 'https://tributary.example/', 'effective-directive': 'img-src', 'blocked-uri': 'https://evil.example/p.png?s=1' } }), { type: 'application/csp-report', headers: { origin: 'null', 'sec-fetch-site': 'same-origin' } })).toBe(204);
  expect(written).toEqual([
    'the policy of https://tributary.example/connections refused https://evil.example/x.js by script-src-elem',
    'the policy of https://tributary.example/ refused https://evil.example/p.png by img-src',
  ]);
  expect(gateway.asked).toEqual([]);
});

it('are bounded in size and in lines', async () => {
  expect(await report(JSON.stringify([violation('x'.repeat(reportLimits.largestBytes))]))).toBe(400);
  expect(written).toEqual([]);
  expect(await report(JSON.stringify(Array.from({ length: reportLimits.written + 5 }, () => violation())))).toBe(204);
  expect([written.length, written.at(-1)]).toEqual([reportLimits.written + 1, '5 more violations came with them']);
});

it('write nothing when they are none', async () => {
  expect(await report('{"a":1}')).toBe(204);
  expect(await report('no json')).toBe(400);
  expect(await report('{"a":1}', { type: 'text/plain' })).toBe(204);
  expect(written).toEqual([]);
});

it('of one network are heard twenty times a minute, whoever else reports', async () => {
  for (let turn = 0; turn < reportLimits.ofNetwork; turn += 1) expect(await report('[]')).toBe(204);
  expect(await report(JSON.stringify([violation()]))).toBe(429);
  expect(written).toEqual([]);
  address = '203.0.113.250';
  expect(await report('[]')).toBe(204);
});

it('of all together are heard two hundred times a minute', async () => {
  const statuses: number[] = [];
  for (let turn = 0; turn <= reportLimits.ofAll; turn += 1) {
    address = `198.51.100.${turn}`;
    statuses.push(await report('[]'));
  }
  expect(statuses.at(-1)).toBe(429);
});

it('are taken by POST alone; the address shows nothing', async () => {
  const page = await gateway.get(reportPath, { 'x-forwarded-for': address });
  expect(await page.text()).toContain('<title>Tributary</title>');
});
