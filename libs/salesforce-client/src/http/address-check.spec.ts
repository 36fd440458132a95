import { lookup } from 'node:dns/promises';
import { expect, it } from 'vitest';
import { isInsideAddress, publicLookup } from './address-check.ts';

const inside = [
  '0.0.0.0', '0.1.2.3', '10.0.0.1', '10.255.255.255', '100.64.0.1', '100.127.255.255', '127.0.0.1', '127.255.255.254', '169.254.169.254', '172.16.0.1', '172.31.255.255',
  '192.0.0.1', '192.168.1.1', '198.18.0.1', '198.19.255.255', '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255',
  '::', '::1', '::7f00:1', '::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:10.0.0.1', '::ffff:8.8.8.8', '64:ff9b::7f00:1', '64:ff9b:1::1', '100::1', '2001::1', '2002:7f00:1::',
  'fc00::1', 'fd12:3456::1', 'fe80::1', 'fe80::1%eth0', 'febf::1', 'fec0::1', 'ff02::1',
  '', 'localhost', '127.1', '0x7f.0.0.1', '2130706433', '8.8.8.8.8',
];
const outside = ['1.1.1.1', '8.8.8.8', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '126.255.255.255', '128.0.0.1', '169.253.255.255', '172.15.255.255', '172.32.0.0', '192.167.255.255', '198.17.255.255', '198.20.0.0', '223.255.255.255', '2606:4700::1111', '2a00:1450::1', '2001:4860:4860::8888'];

it.each(inside)('counts %j as inside', (address) => {
  expect(isInsideAddress(address)).toBe(true);
});

it.each(outside)('counts %j as outside', (address) => {
  expect(isInsideAddress(address)).toBe(false);
});

it.each([true, false])('refuses a name that points inside this network, for a socket that asks for all addresses: %s', async (all) => {
  await lookup('localhost');
  const { promise, resolve } = Promise.withResolvers<NodeJS.ErrnoException | null>();
  publicLookup('localhost', { all }, (error) => resolve(error));
  expect(await promise).toMatchObject({ code: 'EINSIDE', message: expect.stringContaining('localhost') });
});

it('hands on that a name is unknown', async () => {
  const { promise, resolve } = Promise.withResolvers<NodeJS.ErrnoException | null>();
  publicLookup('does-not-exist.invalid', {}, (error) => resolve(error));
  expect((await promise)?.code).toMatch(/ENOTFOUND|EAI_AGAIN/);
});
