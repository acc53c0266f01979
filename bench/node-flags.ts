import manifest from '../package.json' with { type: 'json' }

/**
 * The flags of Node that the platform runs with, from `npm run part`: they bound how far the heap grows between two
 * collections (ARCHITECTURE.md, "The non-obvious").
 */
export function platformFlags(): readonly string[] {
  return manifest.scripts.part.split(' ').filter((word) => word.startsWith('--'))
}
