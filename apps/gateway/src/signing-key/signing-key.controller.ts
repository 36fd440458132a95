import { Body, Controller, Get, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { listSigningKeys, makeSigningKey, offerSigningKey, readCertificate, SigningKeyRequest, type SigningCertificate, type SigningKey, type SigningKeyList } from '@tributary/api-contracts';
import { PersonId } from '@tributary/event-contracts';
import { NotFound } from '@tributary/failures';
import { RequestClient } from '@tributary/messaging';
import { z } from 'zod';
import { parsed } from '../parsed.ts';
import { FreshSignInGuard } from '../session/fresh-sign-in.ts';
import type { Session } from '../session/session.entity.ts';
import { CurrentSession, SessionGuard } from '../session/session.guard.ts';

@Controller('api/signing-keys')
@UseGuards(SessionGuard)
export class SigningKeyController {
  constructor(private readonly requests: RequestClient) {}

  @Get()
  async list(@CurrentSession() session: Session): Promise<SigningKeyList> {
    return this.requests.ask(listSigningKeys, { personId: PersonId.parse(session.personId) });
  }

  @Post()
  @UseGuards(FreshSignInGuard)
  async make(@CurrentSession() session: Session, @Body() body: unknown): Promise<SigningKey> {
    return this.requests.ask(makeSigningKey, { personId: PersonId.parse(session.personId), request: parsed(SigningKeyRequest, body) });
  }

  @Get(':id/certificate')
  async certificate(@CurrentSession() session: Session, @Param('id') id: string): Promise<SigningCertificate> {
    return this.requests.ask(readCertificate, { personId: PersonId.parse(session.personId), keyId: keyIdOf(id) });
  }

  @Post(':id/offer')
  @HttpCode(200)
  async offer(@CurrentSession() session: Session, @Param('id') id: string): Promise<SigningKey> {
    return this.requests.ask(offerSigningKey, { personId: PersonId.parse(session.personId), keyId: keyIdOf(id) });
  }
}

function keyIdOf(id: string): string {
  const keyId = z.uuid().safeParse(id);
  if (!keyId.success) throw new NotFound('SIGNING_KEY_NOT_FOUND', 'There is no such signing key.');
  return keyId.data;
}
