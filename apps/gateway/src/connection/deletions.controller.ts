import { Body, Controller, Get, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { confirmDeletions, DeletionConfirmation, listDeletions, type DeletionList } from '@tributary/api-contracts';
import { RequestClient } from '@tributary/messaging';
import { parsed } from '../parsed.ts';
import type { Session } from '../session/session.entity.ts';
import { CurrentSession, SessionGuard } from '../session/session.guard.ts';
import { ConnectionAccess } from './connection-access.ts';

@Controller('api/connections/:id')
@UseGuards(SessionGuard)
export class DeletionsController {
  constructor(
    private readonly requests: RequestClient,
    private readonly access: ConnectionAccess,
  ) {}

  @Get('deletions')
  async list(@CurrentSession() session: Session, @Param('id') id: string): Promise<DeletionList> {
    const { workspaceId, connectionId } = await this.access.require(session, id);
    return this.requests.ask(listDeletions, { workspaceId, connectionId });
  }

  @Post('held-deletions')
  @HttpCode(200)
  async confirm(@CurrentSession() session: Session, @Param('id') id: string, @Body() body: unknown): Promise<DeletionList> {
    const { workspaceId, connectionId, personId } = await this.access.requireOwn(session, id);
    return this.requests.ask(confirmDeletions, { workspaceId, connectionId, personId, ...parsed(DeletionConfirmation, body) });
  }
}
