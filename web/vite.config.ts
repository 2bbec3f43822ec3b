import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { precompress } from './tools/precompress.ts';

// The server embeds dist/ under a strict Content-Security-Policy: nothing is inlined, neither small
// assets as data: URLs nor styles.
export default defineConfig({
  plugins: [svelte(), precompress()],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    cssCodeSplit: true,
    reportCompressedSize: false,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: { '/api': process.env.COUNTERSIGN_URL ?? 'http://127.0.0.1:8470' },
  },
  test: {
    include: ['tests/**/*.test.ts'],
    environment: 'node',
  },
});
