import { html, redirect, type Reply } from '../http/reply.ts';
import type { HttpRequest } from '../http/request.ts';
import type { Route } from '../http/router.ts';
import type { Row } from '../org/value.ts';
import { consentPage } from '../pages/consent-page.ts';
import { errorPage } from '../pages/error-page.ts';
import { loginPage } from '../pages/login-page.ts';
import { checkAuthorizeRequest, errorLocation, withQuery, type AuthorizeRequest } from './authorize-request.ts';
import { randomText } from './random-token.ts';
import { isActiveUser, signInUsers, userNamed, type World } from './world.ts';

const consentPath = '/setup/secur/RemoteAccessAuthorizationPage.apexp';
const errorPath = '/setup/secur/RemoteAccessErrorPage.apexp';
const cookie = 'simulator_sid';
const transactionLifeMs = 30 * 60_000;

interface Transaction {
  readonly id: string;
  readonly request: AuthorizeRequest;
  readonly startedAt: number;
}

/** Sign-in and consent: pages, redirects and the code in the end. */
export class Authorization {
  readonly #world: World;
  readonly #transactions = new Map<string, Transaction>();
  readonly #sessions = new Map<string, string>();

  constructor(world: World) {
    this.#world = world;
  }

  routes(): Route[] {
    return [
      { method: 'GET', path: /^\/services\/oauth2\/authorize$/, handle: (request) => this.#start(request) },
      { method: 'GET', path: /^\/login$/, handle: (request) => this.#showLogin(request) },
      { method: 'POST', path: /^\/login$/, handle: (request) => this.#logIn(request) },
      { method: 'GET', path: /^\/setup\/secur\/RemoteAccessAuthorizationPage\.apexp$/, handle: (request) => this.#showConsent(request) },
      { method: 'POST', path: /^\/setup\/secur\/RemoteAccessAuthorizationPage\.apexp$/, handle: (request) => this.#decide(request) },
      { method: 'GET', path: /^\/setup\/secur\/RemoteAccessErrorPage\.apexp$/, handle: ({ query }) => html(200, errorPage(query.get('error') ?? 'OAUTH_APPROVAL_ERROR_GENERIC', query.get('error_description') ?? '')) },
    ];
  }

  #start(request: HttpRequest): Reply {
    const checked = checkAuthorizeRequest(this.#world, request);
    if (checked.kind === 'page') return html(400, errorPage(checked.error, checked.description));
    if (checked.kind === 'redirect') return redirect(checked.location);
    const transaction: Transaction = { id: randomText(24), request: checked.request, startedAt: Date.now() };
    this.#transactions.set(transaction.id, transaction);
    for (const [id, { startedAt }] of this.#transactions) if (Date.now() - startedAt > transactionLifeMs) this.#transactions.delete(id);
    const user = this.#signedIn(request);
    const { prompt, immediate } = checked.request;
    if (immediate && (user === undefined || this.#asksConsent(transaction, user))) return redirect(errorLocation(checked.request, 'immediate_unsuccessful', 'immediate unsuccessful'));
    if (user === undefined || prompt.includes('login') || prompt.includes('select_account')) return redirect(`/login?txn=${transaction.id}`);
    return redirect(`${consentPath}?txn=${transaction.id}`);
  }

  #showLogin(request: HttpRequest): Reply {
    const transaction = this.#transaction(request.query.get('txn'));
    return transaction === undefined ? expired() : this.#loginPage(transaction, 200);
  }

  #logIn(request: HttpRequest): Reply {
    const form = request.form();
    const transaction = this.#transaction(form.get('txn'));
    if (transaction === undefined) return expired();
    const user = userNamed(this.#world, form.get('chosen') ?? form.get('username') ?? '');
    if (user === undefined) return this.#loginPage(transaction, 200, "We can't find a user with this username.");
    if (!isActiveUser(this.#world, user)) return this.#loginPage(transaction, 200, 'Please check your username and password. This user is inactive or frozen.');
    const session = randomText(32);
    this.#sessions.set(session, String(user['Id']));
    return redirect(`${consentPath}?txn=${transaction.id}`, { 'set-cookie': `${cookie}=${session}; Path=/; HttpOnly; SameSite=Lax` });
  }

  #showConsent(request: HttpRequest): Reply {
    const transaction = this.#transaction(request.query.get('txn'));
    if (transaction === undefined) return expired();
    const user = this.#signedIn(request);
    if (user === undefined) return redirect(`/login?txn=${transaction.id}`);
    const refusal = this.#refusal(user);
    if (refusal !== undefined) return redirect(withQuery(this.#world.origin('org') + errorPath, refusal));
    if (!this.#asksConsent(transaction, user)) return this.#issueCode(transaction, user);
    return html(200, consentPage({ transaction: transaction.id, app: this.#world.app.name, scopes: transaction.request.scope.split(' '), user: { name: String(user['Name']), username: String(user['Username']) }, returnTo: new URL(transaction.request.redirectUri).origin }));
  }

  #decide(request: HttpRequest): Reply {
    const form = request.form();
    const transaction = this.#transaction(form.get('txn'));
    if (transaction === undefined) return expired();
    const user = this.#signedIn(request);
    if (user === undefined) return redirect(`/login?txn=${transaction.id}`);
    if (form.get('decision') === 'allow') return this.#issueCode(transaction, user);
    this.#transactions.delete(transaction.id);
    return redirect(errorLocation(transaction.request, 'access_denied', 'end-user denied authorization'));
  }

  #issueCode(transaction: Transaction, user: Row): Reply {
    this.#transactions.delete(transaction.id);
    const { redirectUri, scope, challenge, nonce, host, state } = transaction.request;
    const { code } = this.#world.tokens.addCode({ userId: String(user['Id']), clientId: this.#world.app.clientId, redirectUri, scope, challenge, nonce, host });
    return redirect(withQuery(redirectUri, { code, ...(state === undefined ? {} : { state }) }));
  }

  #asksConsent({ request }: Transaction, user: Row): boolean {
    const { settings, tokens, app } = this.#world;
    if (!settings.consentNeeded) return false;
    if (request.prompt.includes('consent')) return true;
    const wanted = request.scope.split(' ');
    return !tokens.grantsOf(String(user['Id']), app.clientId).some(({ scope }) => wanted.every((one) => scope.split(' ').includes(one)));
  }

  #refusal(user: Row): { error: string; error_description: string } | undefined {
    const { settings } = this.#world;
    if (!settings.appInstalled) return { error: 'invalid_client', error_description: 'app must be installed into org' };
    const approved = settings.permittedUsers === 'all' || settings.preauthorisedUsers.includes(String(user['Username']));
    return settings.appBlocked || !approved ? { error: 'OAUTH_APP_BLOCKED', error_description: 'this app is blocked by admin' } : undefined;
  }

  #loginPage({ id, request }: Transaction, status: number, problem?: string): Reply {
    const users = signInUsers(this.#world).map((row) => ({ username: String(row['Username']), name: String(row['Name']), title: String(row['Title'] ?? ''), active: isActiveUser(this.#world, row) }));
    return html(status, loginPage({ transaction: id, app: this.#world.app.name, host: request.host, users, hint: request.loginHint, problem }));
  }

  #transaction(id: string | null): Transaction | undefined {
    return id === null ? undefined : this.#transactions.get(id);
  }

  #signedIn(request: HttpRequest): Row | undefined {
    const userId = this.#sessions.get(request.cookie(cookie) ?? '');
    const user = userId === undefined ? undefined : this.#world.org.find('User', userId);
    return user !== undefined && isActiveUser(this.#world, user) ? user : undefined;
  }
}

function expired(): Reply {
  return html(400, errorPage('OAUTH_APPROVAL_ERROR_GENERIC', 'This sign-in has ended or took too long. Go back to the app and start again.'));
}
