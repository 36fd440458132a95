import { Body, Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import { connectByJwt, ServiceConnectionRequest, type ServiceConnectionAnswer } from '@tributary/api-contracts';
import { PersonId } from '@tributary/event-contracts';
import { RequestClient } from '@tributary/messaging';
import { parsed } from '../parsed.ts';
import { FreshSignInGuard } from '../session/fresh-sign-in.ts';
import type { Session } from '../session/session.entity.ts';
import { CurrentSession, SessionGuard } from '../session/session.guard.ts';

@Controller('api/service-connections')
@UseGuards(SessionGuard)
export class ServiceConnectionController {
  constructor(private readonly requests: RequestClient) {}

  @Post()
  @HttpCode(200)
  @UseGuards(FreshSignInGuard)
  async connect(@CurrentSession() session: Session, @Body() body: unknown): Promise<ServiceConnectionAnswer> {
    return this.requests.ask(connectByJwt, { personId: PersonId.parse(session.personId), request: parsed(ServiceConnectionRequest, body) });
  }
}
