import { Body, Controller, HttpCode, Param, Post, Put, UseGuards } from '@nestjs/common';
import { AccessPolicyChange, proveJwt, setAccessPolicy, type ConnectionCore, type JwtProof } from '@tributary/api-contracts';
import { RequestClient } from '@tributary/messaging';
import { parsed } from '../parsed.ts';
import type { Session } from '../session/session.entity.ts';
import { CurrentSession, SessionGuard } from '../session/session.guard.ts';
import { ConnectionAccess } from './connection-access.ts';

@Controller('api/connections/:id')
@UseGuards(SessionGuard)
export class PolicyController {
  constructor(
    private readonly requests: RequestClient,
    private readonly access: ConnectionAccess,
  ) {}

  @Put('policy')
  async set(@CurrentSession() session: Session, @Param('id') id: string, @Body() body: unknown): Promise<ConnectionCore> {
    const { policy } = parsed(AccessPolicyChange, body);
    const { personId, connectionId } = await this.access.requireOwn(session, id);
    return this.requests.ask(setAccessPolicy, { personId, connectionId, policy });
  }

  @Post('jwt-proof')
  @HttpCode(200)
  async prove(@CurrentSession() session: Session, @Param('id') id: string): Promise<JwtProof> {
    const { personId, connectionId } = await this.access.requireOwn(session, id);
    return this.requests.ask(proveJwt, { personId, connectionId });
  }
}
