import type { Packing } from './layer.ts'
import type { Pieces } from './pieces.ts'

/**
 * The bytes that are packed in `packed`. Each way to unpack is loaded on demand: zlib alone takes some milliseconds of
 * every run. `path`: for messages. `searchPath`: the folders of programs that may help, as PATH has them. The bytes end
 * with an InputError where they are damaged, after all good ones.
 */
export async function unpacked(
  packing: Packing,
  packed: Pieces,
  path: string,
  searchPath: string,
): Promise<AsyncGenerator<Uint8Array>> {
  switch (packing) {
    case 'gzip': {
      const { gunzip } = await import('./gunzip.ts')
      return gunzip(packed, path)
    }
    case 'zstd': {
      const { unzstd } = await import('./unzstd.ts')
      return unzstd(packed, path, searchPath)
    }
    case 'xz': {
      const { unxz } = await import('./unxz.ts')
      return unxz(packed, path, searchPath)
    }
    case 'bzip2': {
      const { bunzip2 } = await import('./bunzip2.ts')
      return bunzip2(packed, path, searchPath)
    }
  }
}
