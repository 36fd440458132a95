import { Body, Controller, Get, Inject, Param, Put, Res, UseGuards } from '@nestjs/common';
import { changeMember, listMembers, MemberChange, type Member, type MemberList } from '@tributary/api-contracts';
import { PersonId } from '@tributary/event-contracts';
import { NotFound } from '@tributary/failures';
import { RequestClient } from '@tributary/messaging';
import type { Response } from 'express';
import { CONFIG, type GatewayConfig } from '../config.ts';
import { parsed } from '../parsed.ts';
import { FreshSignInGuard } from '../session/fresh-sign-in.ts';
import { sessionCookie } from '../session/session-cookie.ts';
import type { Session } from '../session/session.entity.ts';
import { CurrentSession, SessionGuard } from '../session/session.guard.ts';
import { Sessions } from '../session/sessions.ts';

@Controller('api/members')
@UseGuards(SessionGuard)
export class MembersController {
  constructor(
    private readonly requests: RequestClient,
    private readonly sessions: Sessions,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  @Get()
  async list(@CurrentSession() session: Session): Promise<MemberList> {
    return this.requests.ask(listMembers, { personId: PersonId.parse(session.personId) });
  }

  /** With other rights a person needs another session: their own goes on under a new secret, those of others end. */
  @Put(':personId')
  @UseGuards(FreshSignInGuard)
  async change(@CurrentSession() session: Session, @Param('personId') id: string, @Body() body: unknown, @Res({ passthrough: true }) response: Response): Promise<Member> {
    const memberId = PersonId.safeParse(id);
    if (!memberId.success) throw new NotFound('MEMBER_NOT_FOUND', 'There is no such member.');
    const member = await this.requests.ask(changeMember, { personId: PersonId.parse(session.personId), memberId: memberId.data, change: parsed(MemberChange, body) });
    await this.sessions.endAllOf(member.id, session.workspaceId);
    if (member.isSelf && !member.disabled) response.append('Set-Cookie', sessionCookie(this.config, await this.sessions.rotate(session, member.role)));
    return member;
  }
}
