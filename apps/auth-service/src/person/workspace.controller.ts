import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { readWorkspace, renameWorkspace, type Workspace } from '@tributary/api-contracts';
import { OnRequest } from '@tributary/messaging';
import { WorkspaceNames } from './workspace-names.ts';

@Controller()
export class WorkspaceController {
  constructor(private readonly names: WorkspaceNames) {}

  @OnRequest(readWorkspace)
  async read(@Payload() { personId }: { readonly personId: string }): Promise<Workspace> {
    return this.names.read(personId);
  }

  @OnRequest(renameWorkspace)
  async rename(@Payload() { personId, name }: { readonly personId: string; readonly name: string }): Promise<Workspace> {
    return this.names.rename(personId, name);
  }
}
