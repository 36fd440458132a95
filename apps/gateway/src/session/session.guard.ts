import { createParamDecorator, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Unauthenticated } from '@tributary/failures';
import type { Request } from 'express';
import { sessionIdOf } from './session-cookie.ts';
import type { Session } from './session.entity.ts';
import { Sessions } from './sessions.ts';

const sessionOf = new WeakMap<Request, Session>();

/** Lets a request pass only with a living session. @throws Unauthenticated `NOT_SIGNED_IN` */
@Injectable()
export class SessionGuard implements CanActivate {
  constructor(private readonly sessions: Sessions) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    const session = await this.sessions.find(sessionIdOf(request));
    if (session === undefined) throw notSignedIn();
    sessionOf.set(request, session);
    return true;
  }
}

/** The session of a guarded route. */
export const CurrentSession = createParamDecorator((_: unknown, context: ExecutionContext): Session => {
  const session = sessionOf.get(context.switchToHttp().getRequest<Request>());
  if (session === undefined) throw notSignedIn();
  return session;
});

function notSignedIn(): Unauthenticated {
  return new Unauthenticated('NOT_SIGNED_IN', 'Nobody is signed in, or the session has ended.', { action: 'Sign in with Salesforce.' });
}
