import { serviceBuild } from '../../vite.shared.ts';

export default serviceBuild();
