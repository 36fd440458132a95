import { Body, Controller, Delete, Get, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { InvitationRequest, invite, listInvitations, withdrawInvitation, type InvitationList, type InvitationMade } from '@tributary/api-contracts';
import { PersonId } from '@tributary/event-contracts';
import { NotFound } from '@tributary/failures';
import { RequestClient } from '@tributary/messaging';
import { z } from 'zod';
import { parsed } from '../parsed.ts';
import { FreshSignInGuard } from '../session/fresh-sign-in.ts';
import type { Session } from '../session/session.entity.ts';
import { CurrentSession, SessionGuard } from '../session/session.guard.ts';

@Controller('api/invitations')
@UseGuards(SessionGuard)
export class InvitationsController {
  constructor(private readonly requests: RequestClient) {}

  @Get()
  async list(@CurrentSession() session: Session): Promise<InvitationList> {
    return this.requests.ask(listInvitations, { personId: PersonId.parse(session.personId) });
  }

  @Post()
  @UseGuards(FreshSignInGuard)
  async make(@CurrentSession() session: Session, @Body() body: unknown): Promise<InvitationMade> {
    return this.requests.ask(invite, { personId: PersonId.parse(session.personId), request: parsed(InvitationRequest, body) });
  }

  @Delete(':id')
  @HttpCode(204)
  async withdraw(@CurrentSession() session: Session, @Param('id') id: string): Promise<void> {
    const invitationId = z.uuid().safeParse(id);
    if (!invitationId.success) throw new NotFound('INVITATION_NOT_FOUND', 'There is no such open invitation.');
    await this.requests.ask(withdrawInvitation, { personId: PersonId.parse(session.personId), invitationId: invitationId.data });
  }
}
