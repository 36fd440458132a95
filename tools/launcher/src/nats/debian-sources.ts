/** One line of a package source list. */
export interface DebianSource {
  readonly suite: string;
  readonly line: string;
}

/** What is known of the machine's distribution. */
export interface Distribution {
  /** `debian`, `ubuntu`, … */
  readonly id: string;
  /** `bookworm`, `noble`, … */
  readonly codename: string;
}

/** The suite whose server is new enough, wherever it can be reached from. */
const preferredSuite = 'trixie';

/** Reads the text of `/etc/os-release`. */
export function distributionOf(osRelease: string): Distribution {
  const value = (name: string): string => new RegExp(`^${name}="?([^"\\n]*)"?$`, 'm').exec(osRelease)?.[1] ?? '';
  return { id: value('ID'), codename: value('VERSION_CODENAME') };
}

/**
 * Where to look for the nats-server package, best first, on the mirror this machine already uses.
 * @param printedUris what `apt-get update --print-uris` prints for the machine's own sources
 * @param keyring     path of the distribution's keyring, when it has one
 */
export function natsSources(printedUris: string, { id, codename }: Distribution, keyring: string | undefined): DebianSource[] {
  const mirror = mirrorOf(printedUris, codename);
  if (mirror === undefined) return [];
  const option = keyring === undefined ? '' : `[signed-by=${keyring}] `;
  const component = id === 'ubuntu' ? 'universe' : 'main';
  const suites = id === 'debian' && codename !== preferredSuite ? [preferredSuite, codename] : [codename];
  return suites.map((suite) => ({ suite, line: `deb ${option}${mirror} ${suite} ${component}\n` }));
}

function mirrorOf(printedUris: string, codename: string): string | undefined {
  const releases = [...printedUris.matchAll(/'([^']+)\/dists\/([^/']+)\/(?:InRelease|Release)'/g)];
  return releases.find(([, , suite]) => suite === codename || suite === 'stable')?.[1];
}
