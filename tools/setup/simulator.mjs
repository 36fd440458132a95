// `npm run simulator`: installs when needed, then runs the Salesforce simulator alone.
import { prepare } from './src/prepare.mjs';
import { becomeNode } from './src/run-node.mjs';

await prepare();
becomeNode('tools/salesforce-simulator/src/main.ts', process.argv.slice(2));
