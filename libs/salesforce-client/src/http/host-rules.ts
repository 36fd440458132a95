import { InvalidInput } from '@tributary/failures';

export interface HostRuleOptions {
  /** Exact origins besides Salesforce's own that may act as Salesforce, such as a simulator. */
  readonly extraOrigins: readonly string[];
}

// A My Domain name is plain ASCII: a punycode label would only look like one.
const label = '(?!xn--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const partition = '(?:(?:sandbox|develop|scratch|demo|patch|free|trailblaze)\\.)?';
const myDomain = new RegExp(`^${label}\\.${partition}my\\.salesforce\\.com$`);
const instance = /^(?:na|eu|ap|cs|um|usa|gs)\d{1,4}(?:-[a-z0-9]+)?\.salesforce\.com$/;
const siteHost = new RegExp(`^${label}\\.${partition}my\\.site\\.com$`);
const sitePath = /^(?:\/[a-z0-9][\w-]*)?\/?$/i;
const loginHosts = new Set(['login.salesforce.com', 'test.salesforce.com']);

/** Which origins may be Salesforce. */
export class HostRules {
  readonly #extra: ReadonlySet<string>;

  /** @throws InvalidInput `EXTRA_ORIGIN_INVALID` for anything but an http or https origin */
  constructor({ extraOrigins }: HostRuleOptions) {
    this.#extra = new Set(extraOrigins.map(requireOrigin));
  }

  /** Whether an origin was named by the operator. */
  isExtra(origin: string): boolean {
    return this.#extra.has(origin);
  }

  /**
   * The login origin a person means: production, sandbox or a My Domain, also pasted as a Lightning address or a bare host.
   * @throws InvalidInput `HOST_NOT_ALLOWED`
   */
  loginOrigin(input: string): string {
    const url = parse(input);
    if (url !== undefined && this.#extra.has(url.origin)) return url.origin;
    const host = url && secure(url) ? myDomainOf(url.hostname) : undefined;
    if (host !== undefined && (loginHosts.has(host) || myDomain.test(host))) return `https://${host}`;
    throw refused();
  }

  /**
   * The origin of an org's data API, from a token response.
   * @throws InvalidInput `HOST_NOT_ALLOWED`
   */
  instanceOrigin(input: string): string {
    const url = parse(input);
    if (url !== undefined && this.#extra.has(url.origin)) return url.origin;
    if (url !== undefined && secure(url) && (myDomain.test(url.hostname) || instance.test(url.hostname) || loginHosts.has(url.hostname))) return url.origin;
    throw refused();
  }

  /**
   * The address of an Experience Cloud site as an assertion names it, with its path and without a last slash. It is an audience only:
   * no rule lets such a host be called.
   * @throws InvalidInput `SITE_NOT_ALLOWED`
   */
  siteAudience(input: string): string {
    const url = parse(input);
    // Compared as typed: dot segments and an empty query leave no trace in what the parser gives back.
    if (url !== undefined && !/[?#]|\/\./.test(input) && sitePath.test(url.pathname) && (this.#extra.has(url.origin) || (secure(url) && siteHost.test(url.hostname)))) {
      return `${url.origin}${url.pathname.replace(/\/$/, '')}`;
    }
    throw new InvalidInput('SITE_NOT_ALLOWED', 'The address given is not that of an Experience Cloud site.', { action: 'Use the site as its users open it, such as https://acme.my.site.com/customers.' });
  }
}

/** Schemes without a host all share the origin `null`: one of them would open the door to every other. */
function requireOrigin(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') throw new InvalidInput('EXTRA_ORIGIN_INVALID', 'An extra origin is not an http or https origin.');
  return url.origin;
}

/** What a browser would make of it; a bare host counts as https. */
function parse(input: string): URL | undefined {
  const text = input.trim();
  // Only printable ASCII: what a browser folds into ASCII (full-width letters, other full stops) is not typed by people who mean well.
  if (text.length === 0 || text.length > 255 || /[^\x21-\x7e]|[\\@%]/.test(text)) return undefined;
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`);
  if (url === null || url.username !== '' || url.password !== '' || url.hostname.endsWith('.')) return undefined;
  return url;
}

function secure(url: URL): boolean {
  return url.protocol === 'https:' && url.port === '';
}

/** `acme.lightning.force.com` and `acme--uat.sandbox.lightning.force.com` are the same org's pages; OAuth lives on My Domain. */
function myDomainOf(hostname: string): string {
  return hostname.replace(/\.lightning\.force\.com$/, '.my.salesforce.com');
}

function refused(): InvalidInput {
  return new InvalidInput('HOST_NOT_ALLOWED', 'The address given is not a Salesforce address.', {
    action: 'Use login.salesforce.com, test.salesforce.com or your My Domain such as acme.my.salesforce.com.',
  });
}
