import { Body, Controller, Put, UseGuards } from '@nestjs/common';
import { renameWorkspace, WorkspaceChange, type Workspace } from '@tributary/api-contracts';
import { PersonId } from '@tributary/event-contracts';
import { RequestClient } from '@tributary/messaging';
import { parsed } from '../parsed.ts';
import type { Session } from './session.entity.ts';
import { CurrentSession, SessionGuard } from './session.guard.ts';

@Controller('api/workspace')
@UseGuards(SessionGuard)
export class WorkspaceController {
  constructor(private readonly requests: RequestClient) {}

  @Put()
  async rename(@CurrentSession() session: Session, @Body() body: unknown): Promise<Workspace> {
    return this.requests.ask(renameWorkspace, { personId: PersonId.parse(session.personId), name: parsed(WorkspaceChange, body).name });
  }
}
