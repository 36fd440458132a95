import ui from '@nuxt/ui/vite';
import vue from '@vitejs/plugin-vue';
import { projectTests } from '../../vitest.shared.ts';

export default projectTests({
  more: {
    plugins: [vue(), ui({ dts: false, autoImport: false, components: false, colorMode: false })],
    // What needs a document says so in its first line.
    test: { environment: 'node' },
  },
});
