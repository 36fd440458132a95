import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Forbidden } from '@tributary/failures';
import { CLOCK, type Clock } from '@tributary/service-kit';
import type { Request } from 'express';
import type { Session } from './session.entity.ts';
import { sessionOf } from './session.guard.ts';
import { freshUntil } from './sessions.ts';

/** Asks for a proof of identity of the last ten minutes before what cannot be undone or gives others access. */
@Injectable()
export class FreshSignIn {
  constructor(@Inject(CLOCK) private readonly now: Clock) {}

  /** @throws Forbidden `FRESH_SIGN_IN_NEEDED` */
  require(session: Pick<Session, 'authenticatedAt'>): void {
    if (freshUntil(session) > this.now()) return;
    throw new Forbidden('FRESH_SIGN_IN_NEEDED', 'This needs a sign-in of the last ten minutes.', {
      action: 'Sign in again, and you come back to where you are.', details: { parameter: 'fresh=1', startPath: '/connect/salesforce?fresh=1' },
    });
  }
}

/** Lets a request pass only after a fresh sign-in; stands after `SessionGuard`. */
@Injectable()
export class FreshSignInGuard implements CanActivate {
  constructor(private readonly fresh: FreshSignIn) {}

  canActivate(context: ExecutionContext): boolean {
    this.fresh.require(sessionOf(context.switchToHttp().getRequest<Request>()));
    return true;
  }
}
