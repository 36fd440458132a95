import ui from '@nuxt/ui/vite';
import vue from '@vitejs/plugin-vue';
import { projectTests } from '../../vitest.shared.ts';

export default projectTests({
  more: {
    plugins: [vue(), ui({ dts: false, autoImport: false, components: false, colorMode: false })],
    // Each file has a document of its own.
    test: { environment: 'happy-dom', isolate: true },
  },
});
