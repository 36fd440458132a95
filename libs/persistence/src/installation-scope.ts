/** Connection parameter of a service's pools: what runs outside `WorkspaceScope` belongs to no person. */
export const installationScope = '-c tributary.scope=installation';
