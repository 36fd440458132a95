import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import {
  changeMember, invite, listInvitations, listMembers, previewInvitation, shareConnection, withdrawInvitation,
  type ConnectionCore, type Invitation, type InvitationMade, type InvitationPreview, type InvitationRequest, type Member,
} from '@tributary/api-contracts';
import { OnRequest } from '@tributary/messaging';
import { ReadConnections } from '../connection/read-connections.ts';
import { Invitations } from './invitations.ts';
import { Members, type MemberChangeRequest } from './members.ts';
import { PreviewInvitation } from './preview-invitation.ts';
import { ShareConnection, type Sharing } from './share-connection.ts';

@Controller()
export class PeopleController {
  constructor(
    private readonly members: Members,
    private readonly invitations: Invitations,
    private readonly previewInvitation: PreviewInvitation,
    private readonly shareConnection: ShareConnection,
    private readonly connections: ReadConnections,
  ) {}

  @OnRequest(listMembers)
  async list(@Payload() { personId }: { readonly personId: string }): Promise<{ members: Member[] }> {
    return { members: await this.members.list(personId) };
  }

  @OnRequest(changeMember)
  async change(@Payload() request: MemberChangeRequest): Promise<Member> {
    return this.members.change(request);
  }

  @OnRequest(listInvitations)
  async listInvitations(@Payload() { personId }: { readonly personId: string }): Promise<{ invitations: Invitation[] }> {
    return { invitations: await this.invitations.list(personId) };
  }

  @OnRequest(invite)
  async invite(@Payload() { personId, request }: { readonly personId: string; readonly request: InvitationRequest }): Promise<InvitationMade> {
    return this.invitations.make(personId, request);
  }

  @OnRequest(withdrawInvitation)
  async withdraw(@Payload() { personId, invitationId }: { readonly personId: string; readonly invitationId: string }): Promise<{ withdrawn: boolean }> {
    await this.invitations.withdraw(personId, invitationId);
    return { withdrawn: true };
  }

  @OnRequest(previewInvitation)
  async preview(@Payload() { tokenHash }: { readonly tokenHash: string }): Promise<InvitationPreview> {
    return this.previewInvitation.execute(tokenHash);
  }

  @OnRequest(shareConnection)
  async share(@Payload() sharing: Sharing): Promise<ConnectionCore> {
    await this.shareConnection.execute(sharing);
    return this.connections.one(sharing.personId, sharing.connectionId);
  }
}
