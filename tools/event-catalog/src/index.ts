export { catalogFiles, repository } from './catalog-files.ts';
