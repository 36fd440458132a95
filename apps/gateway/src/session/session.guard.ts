import { createParamDecorator, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Unauthenticated } from '@tributary/failures';
import type { Request } from 'express';
import { RateLimits } from '../security/rate-limits.ts';
import { sessionIdOf } from './session-cookie.ts';
import type { Session } from './session.entity.ts';
import { Sessions } from './sessions.ts';

const sessions = new WeakMap<Request, Session>();

/** Lets a request pass only with a living session, and not too many of them. @throws Unauthenticated `NOT_SIGNED_IN`; RateLimited `TOO_MANY_REQUESTS` */
@Injectable()
export class SessionGuard implements CanActivate {
  constructor(
    private readonly sessions: Sessions,
    private readonly limits: RateLimits,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    const session = await this.sessions.find(sessionIdOf(request));
    if (session === undefined) throw notSignedIn();
    await this.limits.countCall(session);
    sessions.set(request, session);
    return true;
  }
}

/** The session of a request that has passed the guard. @throws Unauthenticated `NOT_SIGNED_IN` */
export function sessionOf(request: Request): Session {
  const session = sessions.get(request);
  if (session === undefined) throw notSignedIn();
  return session;
}

/** The session of a guarded route. */
export const CurrentSession = createParamDecorator((_: unknown, context: ExecutionContext): Session => sessionOf(context.switchToHttp().getRequest<Request>()));

function notSignedIn(): Unauthenticated {
  return new Unauthenticated('NOT_SIGNED_IN', 'Nobody is signed in, or the session has ended.', { action: 'Sign in.' });
}
