import { Controller, Delete, Get, HttpCode, Param, UseGuards } from '@nestjs/common';
import type { SessionList } from '@tributary/api-contracts';
import { NotFound } from '@tributary/failures';
import { z } from 'zod';
import { OwnSessions } from './own-sessions.ts';
import type { Session } from './session.entity.ts';
import { CurrentSession, SessionGuard } from './session.guard.ts';

@Controller('api/sessions')
@UseGuards(SessionGuard)
export class OwnSessionsController {
  constructor(private readonly sessions: OwnSessions) {}

  @Get()
  async list(@CurrentSession() session: Session): Promise<SessionList> {
    return { sessions: await this.sessions.list(session) };
  }

  @Delete(':id')
  @HttpCode(204)
  async end(@CurrentSession() session: Session, @Param('id') id: string): Promise<void> {
    if (!z.uuid().safeParse(id).success) throw new NotFound('SESSION_NOT_FOUND', 'There is no such session.');
    await this.sessions.end(session, id);
  }
}
