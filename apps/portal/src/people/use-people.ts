import { useQuery, useQueryCache } from '@pinia/colada';
import type { InvitationMade, InvitationRequest, Member, MemberChange } from '@tributary/api-contracts';
import { computed, shallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { useSession } from '../session/use-session.ts';
import { keys } from '../shared/keys.ts';
import { toApiProblem } from '../shared/problem.ts';
import { useAction } from '../shared/use-action.ts';
import { ownerNames } from './member-rules.ts';
import { peopleApi } from './people-api.ts';

/** The members of the workspace. */
export function useMembers() {
  const { data, error, refetch } = useQuery({ key: [...keys.members], query: ({ signal }) => peopleApi.members(signal) });
  return {
    members: computed(() => data.value?.members),
    owners: computed(() => ownerNames(data.value?.members ?? []).join(', ')),
    problem: computed(() => (error.value === null || data.value !== undefined ? undefined : toApiProblem(error.value))),
    refetch: () => void refetch(),
  };
}

/** What owners do with members, invitations and the name of the workspace. */
export function usePeopleActions() {
  const { t } = useI18n();
  const cache = useQueryCache();
  const { busy, outcome, act } = useAction<string>();
  const made = shallowRef<InvitationMade>();
  const reread = (key: readonly string[]): void => void cache.invalidateQueries({ key: [...key] }).catch(() => undefined);

  async function change(member: Member, part: MemberChange): Promise<boolean> {
    const changed = await act(member.id, () => peopleApi.changeMember(member.id, part), ({ name, role, disabled }) => {
      if (part.disabled === undefined) return t('people.members.changed', { name, role: t(`people.roles.${role}`) });
      return t(disabled ? 'people.members.disabledDone' : 'people.members.enabledDone', { name });
    });
    reread(keys.members);
    return changed !== undefined;
  }

  async function invite(request: InvitationRequest): Promise<boolean> {
    made.value = await act('invite', () => peopleApi.invite(request));
    if (made.value !== undefined) reread(keys.invitations);
    return made.value !== undefined;
  }

  async function withdraw(id: string): Promise<void> {
    await act(id, async () => {
      await peopleApi.withdraw(id);
      return true;
    }, () => t('people.invitations.withdrawn'));
    reread(keys.invitations);
  }

  async function rename(name: string): Promise<boolean> {
    const renamed = await act('rename', () => peopleApi.renameWorkspace(name), (workspace) => t('people.workspace.renamed', { name: workspace.name }));
    reread(keys.session);
    return renamed !== undefined;
  }
  return { busy, outcome, made, change, invite, withdraw, rename };
}

/** Open invitations and those accepted lately; for owners. */
export function useInvitations() {
  const { permissions } = useSession();
  const { data, error, refetch } = useQuery({ key: [...keys.invitations], query: ({ signal }) => peopleApi.invitations(signal), enabled: () => permissions.value.manageMembers });
  return {
    invitations: computed(() => data.value?.invitations),
    problem: computed(() => (error.value === null || data.value !== undefined ? undefined : toApiProblem(error.value))),
    refetch: () => void refetch(),
  };
}
