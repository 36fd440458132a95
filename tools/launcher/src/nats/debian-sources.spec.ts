import { describe, expect, it } from 'vitest';
import { distributionOf, natsSources } from './debian-sources.ts';
import { isAtLeast } from './nats-version.ts';

const printed = `'http://mirror.test/debian-security/dists/bookworm-security/InRelease' x 0
'http://mirror.test/debian/dists/bookworm/InRelease' x 0
'http://mirror.test/debian/dists/bookworm/main/binary-amd64/Packages.xz' x 0`;

describe('where the nats-server package is sought', () => {
  it('is the own mirror of Debian: trixie first, then the own suite', () => {
    expect(natsSources(printed, { id: 'debian', codename: 'bookworm' }, '/keys.gpg')).toEqual([
      { suite: 'trixie', line: 'deb [signed-by=/keys.gpg] http://mirror.test/debian trixie main\n' },
      { suite: 'bookworm', line: 'deb [signed-by=/keys.gpg] http://mirror.test/debian bookworm main\n' },
    ]);
  });

  it('is the universe of Ubuntu, in its own suite', () => {
    expect(natsSources("'http://mirror.test/ubuntu/dists/noble/InRelease' x 0", { id: 'ubuntu', codename: 'noble' }, undefined)).toEqual([
      { suite: 'noble', line: 'deb http://mirror.test/ubuntu noble universe\n' },
    ]);
  });

  it('is nowhere on a machine without such a mirror', () => {
    expect(natsSources('', { id: 'debian', codename: 'bookworm' }, undefined)).toEqual([]);
  });

  it('follows from the release file of the machine', () => {
    expect(distributionOf('PRETTY_NAME="Debian"\nVERSION_CODENAME=bookworm\nID=debian\n')).toEqual({ id: 'debian', codename: 'bookworm' });
  });

  it('compares versions by number', () => {
    expect(isAtLeast('2.10.27', '2.9.0')).toBe(true);
    expect(isAtLeast('2.9.10', '2.10.0')).toBe(false);
    expect(isAtLeast('2.10.0', '2.10.0')).toBe(true);
  });
});
