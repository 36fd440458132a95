import { Controller, Get, Res, UseGuards } from '@nestjs/common';
import type { Response } from 'express';
import type { Session } from '../session/session.entity.ts';
import { CurrentSession, SessionGuard } from '../session/session.guard.ts';
import { LiveStreams } from './live-streams.ts';

@Controller('api/live')
@UseGuards(SessionGuard)
export class LiveController {
  constructor(private readonly streams: LiveStreams) {}

  @Get()
  async listen(@CurrentSession() session: Session, @Res() response: Response): Promise<void> {
    await this.streams.serve(session, response);
  }
}
