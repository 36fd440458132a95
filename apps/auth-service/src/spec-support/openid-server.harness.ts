import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { freePort } from '@tributary/testing';
import Provider, { type Interaction } from 'oidc-provider';

/** An OpenID provider of independent make, on which whoever is named signs in. */
export class OpenIdServer {
  /** Who signs in when the provider asks, and since when; `deny` cancels. */
  next: { accountId: string; signedInAt?: number; deny?: true; amr?: readonly string[]; acr?: string } = { accountId: 'grace' };
  /** How often somebody was asked to sign in. */
  asked = 0;
  /** A browser for each account: one that has a session is asked to leave it before another account may come. */
  readonly #browsers = new Map<string, Map<string, string>>();
  readonly #provider: Provider;
  readonly #server: Server;

  private constructor(
    readonly issuer: string,
    readonly port: number,
    redirectUri: string,
  ) {
    this.#provider = new Provider(issuer, {
      clients: [{ client_id: 'tributary', client_secret: 'a-secret-of-the-operator', redirect_uris: [redirectUri], token_endpoint_auth_method: 'client_secret_post' }],
      // As providers do that tell how somebody signed in: in each id token, asked or not.
      claims: { openid: ['sub', 'amr', 'acr'], email: ['email'], profile: ['name'] },
      cookies: { keys: ['a key for cookies'] },
      interactions: { url: (_context: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
      features: { devInteractions: { enabled: false } },
      pkce: { required: () => true },
      findAccount: (_context: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id, name: `${id} of the provider`, email: `${id}@acme.test` }) }),
    });
    const handle = this.#provider.callback();
    this.#server = createServer((request, response) => {
      if (request.url?.startsWith('/interaction/') === true) void this.#interact(request, response);
      else handle(request, response);
    });
  }

  static async start(redirectUri: string): Promise<OpenIdServer> {
    const port = await freePort();
    const server = new OpenIdServer(`http://localhost:${port}`, port, redirectUri);
    await new Promise<void>((resolve) => server.#server.listen(port, '127.0.0.1', resolve));
    return server;
  }

  /** Plays the browser at the provider. @returns the address it sends the browser back to */
  async approve(authorizationUrl: string, back: string): Promise<string> {
    let address = authorizationUrl;
    const cookies = this.#browsers.get(this.next.accountId) ?? new Map<string, string>();
    this.#browsers.set(this.next.accountId, cookies);
    for (let hop = 0; hop < 10; hop += 1) {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const response = await fetch(address.replace('localhost', '127.0.0.1'), { redirect: 'manual', headers: { cookie, host: `localhost:${this.port}` } });
      for (const set of response.headers.getSetCookie()) keep(cookies, set);
      const location = response.headers.get('location');
      if (location === null) throw new Error(`the provider answered ${response.status}: ${(await response.text()).slice(0, 500)}`);
      address = new URL(location, this.issuer).href;
      if (address.startsWith(back)) return address;
    }
    throw new Error('the provider never came back');
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => void this.#server.close(() => resolve()));
  }

  async #interact(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const interaction = await this.#provider.interactionDetails(request, response);
    if (this.next.deny === true) return this.#provider.interactionFinished(request, response, { error: 'access_denied', error_description: '<script>alert(1)</script>' });
    await this.#provider.interactionFinished(request, response, interaction.prompt.name === 'login' ? this.#login() : { consent: { grantId: await this.#consent(interaction) } });
  }

  #login(): Readonly<Record<string, unknown>> {
    this.asked += 1;
    const { accountId, signedInAt, amr, acr } = this.next;
    return { login: { accountId, ...(signedInAt === undefined ? {} : { ts: signedInAt }), ...(amr === undefined ? {} : { amr }), ...(acr === undefined ? {} : { acr }) } };
  }

  async #consent({ params, session }: Interaction): Promise<string> {
    const grant = new this.#provider.Grant({ clientId: String(params['client_id']), accountId: session?.accountId ?? '' });
    grant.addOIDCScope(String(params['scope']));
    return grant.save();
  }
}

function keep(cookies: Map<string, string>, set: string): void {
  const [, name, value] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
  if (name === undefined || value === undefined) return;
  if (value === '') cookies.delete(name);
  else cookies.set(name, value);
}
