import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { readWorkspace, SignInTicket, type Session as SessionAnswer } from '@tributary/api-contracts';
import { PersonId } from '@tributary/event-contracts';
import { RequestClient } from '@tributary/messaging';
import type { Request, Response } from 'express';
import { CONFIG, type GatewayConfig } from '../config.ts';
import { parsed } from '../parsed.ts';
import { RateLimits } from '../security/rate-limits.ts';
import { noSessionCookie, sessionCookie, sessionIdOf } from './session-cookie.ts';
import type { Session } from './session.entity.ts';
import { SignInProviders } from './sign-in-providers.ts';
import { freshUntil, sessionEnd, Sessions } from './sessions.ts';

@Controller('api/session')
export class SessionController {
  constructor(
    @Inject(CONFIG) private readonly config: GatewayConfig,
    private readonly sessions: Sessions,
    private readonly providers: SignInProviders,
    private readonly limits: RateLimits,
    private readonly requests: RequestClient,
  ) {}

  @Get()
  async whoAmI(@Req() request: Request): Promise<SessionAnswer> {
    const session = await this.sessions.find(sessionIdOf(request));
    const host = { loginUrl: this.config.loginUrl, simulated: !/\.salesforce\.com$/.test(new URL(this.config.loginUrl).hostname), providers: await this.providers.list() };
    if (session === undefined) return { signedIn: false, ...host };
    return {
      signedIn: true,
      person: { id: session.personId, name: session.name, email: session.email ?? null },
      workspace: { id: session.workspaceId, name: await this.#workspaceName(session) },
      role: session.role,
      freshUntil: freshUntil(session).toISOString(),
      expiresAt: sessionEnd(session).toISOString(),
      ...host,
    };
  }

  /** A workspace may be renamed while people are signed in; what it was called at the sign-in stands while auth-service is away. */
  async #workspaceName({ personId, workspaceName }: Session): Promise<string> {
    return this.requests.ask(readWorkspace, { personId: PersonId.parse(personId) }).then(({ name }) => name, () => workspaceName);
  }

  /** For programs on this machine: the ticket comes from the operator's socket, is single use and ends within a minute. */
  @Post()
  @HttpCode(204)
  async signIn(@Body() body: unknown, @Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<void> {
    const { ticket } = parsed(SignInTicket, body);
    await this.limits.requireCallback(request.ip ?? '');
    const id = await this.sessions.open(ticket, undefined, 'Command line').catch(async (error: unknown) => {
      await this.limits.countFailedCallback(request.ip ?? '');
      throw error;
    });
    response.append('Set-Cookie', sessionCookie(this.config, id));
  }

  @Delete()
  @HttpCode(204)
  async signOut(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<void> {
    await this.sessions.end(sessionIdOf(request));
    response.setHeader('Clear-Site-Data', '"cache", "storage"');
    response.append('Set-Cookie', noSessionCookie(this.config));
  }
}
