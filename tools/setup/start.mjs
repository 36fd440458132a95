// `npm start`: installs when needed, then starts everything.
import { prepare } from './src/prepare.mjs';
import { becomeNode } from './src/run-node.mjs';

await prepare();
becomeNode('tools/launcher/src/main.ts');
