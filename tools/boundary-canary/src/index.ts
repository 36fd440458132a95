export { boundaryPolicies, boundarySettings } from './boundary-policies.ts';
export { confinedRule } from './confined-rule.ts';
export { confinements, type Confinement } from './confinements.ts';
export { bannedPackages, mayImport, mayImportNode } from './may-import.ts';
export { pureFileRule } from './pure-file-rule.ts';
export { doorFile, projectOf, readProjects, workspaceRoot, type Project, type ProjectType, type Runtime } from './workspace.ts';
