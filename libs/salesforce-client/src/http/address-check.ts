import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type IPVersion, type LookupFunction } from 'node:net';

const insideIpv4 = networks('ipv4', [['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.0.0.0', 24], ['192.168.0.0', 16], ['198.18.0.0', 15], ['224.0.0.0', 3]]);

/**
 * Own and reserved networks, and every notation that carries an IPv4 address (mapped, NAT64, Teredo, 6to4). A list of its own:
 * with the mapped network in it, a list takes every IPv4 address for a member.
 */
const insideIpv6 = networks('ipv6', [['::', 96], ['::ffff:0:0', 96], ['64:ff9b::', 96], ['64:ff9b:1::', 48], ['100::', 64], ['2001::', 32], ['2002::', 16], ['fc00::', 7], ['fe80::', 10], ['fec0::', 10], ['ff00::', 8]]);

/** Whether an address belongs to this machine or its network rather than to the internet. */
export function isInsideAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return true;
  return family === 6 ? insideIpv6.check(address, 'ipv6') : insideIpv4.check(address, 'ipv4');
}

/** Resolves a host for dialing and refuses inside addresses, so that a name cannot be pointed at our own network. */
export const publicLookup: LookupFunction = (hostname, options, done) => {
  systemLookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    if (error) return done(error, '', 0);
    const refused = addresses.some(({ address }) => isInsideAddress(address));
    const first = addresses[0];
    if (refused || first === undefined) return done(Object.assign(new Error(`${hostname} points inside this network`), { code: 'EINSIDE' }), '', 0);
    if (options.all) return done(null, addresses);
    done(null, first.address, first.family);
  });
};

function networks(family: IPVersion, subnets: readonly (readonly [network: string, prefix: number])[]): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of subnets) list.addSubnet(network, prefix, family);
  return list;
}
