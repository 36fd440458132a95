import { serviceBuild } from '../../vite.shared.ts';

export default serviceBuild({ main: 'src/main.ts', 'duckdb-child': 'src/engine/duckdb-child.ts' });
