import ui from '@nuxt/ui/vite';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

const gateway = process.env['TRIBUTARY_PUBLIC_URL'] ?? 'http://localhost:3000';

/** Components of Nuxt UI behind the parts of `shared/parts`; styles are made for these alone. */
const components = ['Button', 'DropdownMenu', 'Icon', 'Input', 'Modal', 'Popover', 'Select', 'Slideover', 'CommandPalette'];

export default defineConfig({
  plugins: [
    vue(),
    ui({
      dts: false,
      autoImport: false,
      components: false,
      colorMode: false,
      experimental: { componentDetection: components },
      icon: { clientBundle: { scan: { globInclude: ['src/**/*.{vue,ts}'], globExclude: ['node_modules', 'dist'] } } },
      ui: {
        colors: { primary: 'tide', neutral: 'slate', success: 'leaf', warning: 'amber', error: 'ember', info: 'tide', secondary: 'tide' },
        button: {
          slots: { base: 'cursor-pointer font-medium' },
          // Three quarters of the colour would leave too little contrast under the pointer.
          compoundVariants: [
            { color: 'primary', variant: 'solid', class: 'hover:bg-primary/90 active:bg-primary/90' },
            { color: 'error', variant: 'solid', class: 'hover:bg-error/90 active:bg-error/90' },
          ],
        },
      },
    }),
  ],
  // The gateway puts the nonce of each page in its place; links to chunks that are loaded later get it as well.
  html: { cspNonce: '__NONCE__' },
  // Parts of the libraries that the portal has no use for.
  define: {
    __VUE_I18N_FULL_INSTALL__: 'false', __VUE_I18N_LEGACY_API__: 'false', __INTLIFY_PROD_DEVTOOLS__: 'false', __INTLIFY_DROP_MESSAGE_COMPILER__: 'false',
    __VUE_PROD_DEVTOOLS__: 'false', __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
  },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    // Contracts are pure declarations: what the portal does not use of them stays out.
    rolldownOptions: { treeshake: { moduleSideEffects: [{ test: /[\\/]libs[\\/](api|event)-contracts[\\/]/, sideEffects: false }] } },
  },
  server: { host: '127.0.0.1', proxy: { '/api': gateway, '/connect/salesforce': gateway } },
  logLevel: 'warn',
});
