import { createHash } from 'node:crypto';
import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { InvitationPreviewRequest, previewInvitation, type InvitationPreview } from '@tributary/api-contracts';
import { Failure } from '@tributary/failures';
import { RequestClient } from '@tributary/messaging';
import type { Request } from 'express';
import { parsed } from '../parsed.ts';
import { RateLimits } from '../security/rate-limits.ts';

@Controller('api/invitation-preview')
export class InvitationPreviewController {
  constructor(
    private readonly requests: RequestClient,
    private readonly limits: RateLimits,
  ) {}

  /** For whoever holds the link, signed in or not. Only the hash of its token goes over the bus; those who try tokens are slowed down. */
  @Post()
  @HttpCode(200)
  async preview(@Body() body: unknown, @Req() request: Request): Promise<InvitationPreview> {
    const { invitation } = parsed(InvitationPreviewRequest, body);
    await this.limits.requireCallback(request.ip ?? '');
    return this.requests.ask(previewInvitation, { tokenHash: createHash('sha256').update(invitation).digest('base64url') }).catch(async (error: unknown) => {
      if (error instanceof Failure && error.code === 'INVITATION_NOT_FOUND') await this.limits.countFailedCallback(request.ip ?? '');
      throw error;
    });
  }
}
