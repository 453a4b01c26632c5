import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root, tracenorm } from '../cli/program.ts'

async function programs(...words: readonly string[]): Promise<readonly [number | null, string, string]> {
  const { status, stdout, stderr } = await tracenorm(['programs', ...words])
  return [status, stdout.toString('utf8'), stderr]
}

describe('tracenorm programs', () => {
  it('list names each with a line of what it prints', async () => {
    const [status, text] = await programs('list')
    expect(status).toBe(0)
    expect(text).toMatch(
      /^drops {2,}Dropped packets, a line each\..*\ndrops-stacks {2}Dropped packets, .*call chain.*\n$/,
    )
  })

  it('list --json gives the same', async () => {
    const [, text] = await programs('list', '--json')
    const list: readonly unknown[] = JSON.parse(text)
    expect(list).toMatchObject([{ name: 'drops' }, { name: 'drops-stacks' }])
    expect(list[0]).toHaveProperty('about', expect.stringMatching(/^Dropped packets/))
  })

  it('show prints a program byte for byte, for `> drops.bt`', async () => {
    for (const name of ['drops', 'drops-stacks']) {
      const file = readFileSync(join(root, `adapters/bpftrace/programs/${name}.bt`), 'utf8')
      expect(await programs('show', name)).toEqual([0, file, ''])
    }
  })

  it('show says which names are near, with status 2', async () => {
    expect(await programs('show', 'drop')).toEqual([2, '', 'tracenorm: no program "drop"; near: drops\n'])
    expect(await programs('show', 'x')).toEqual([2, '', 'tracenorm: no program "x"; there are drops, drops-stacks\n'])
  })

  it('are in the package', () => {
    const [{ files }]: readonly [{ readonly files: readonly { readonly path: string }[] }] = JSON.parse(
      execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
        cwd: root,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    )
    const paths = files.map(({ path }) => path)
    expect(paths).toContain('adapters/bpftrace/programs/drops.bt')
    expect(paths).toContain('adapters/bpftrace/programs/drops-stacks.bt')
  })
})
