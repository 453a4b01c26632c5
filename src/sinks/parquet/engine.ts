// DuckDB: an optional package, which only Parquet loads. The one file that knows it by name.
import type * as duckdb from '@duckdb/node-api'
import { InputError, sentenceOf } from '../../errors.ts'
import { loadOptional } from '../../packages/optional.ts'
import { COPY_SETTINGS, copyToParquet } from '../../platforms/duckdb.ts'

/** Makes Parquet files. */
export interface ParquetEngine {
  /** The folder of temporary files: the NDJSON of a whole run lies there until the end. */
  readonly folder: string
  /** Makes one of the NDJSON in a file, and gives the number of its rows. Throws InputError. */
  make(ndjson: string, parquet: string): ParquetWork
}

/** A file that is being made. */
export interface ParquetWork {
  readonly rows: Promise<number>
  /** `rows` rejects then. */
  stop(): void
}

/**
 * Loads DuckDB (1.5) from where the package in the folder `home` would find it. Throws InputError where it is not
 * installed.
 */
export function loadParquetEngine(home: URL, folder: string): ParquetEngine {
  const module = loadOptional<typeof duckdb>(
    home,
    (bring) => bring('@duckdb/node-api'),
    '--to parquet needs DuckDB, which is not installed',
    '@duckdb/node-api@1',
  )
  return { folder, make: (ndjson, parquet) => work(module, ndjson, parquet) }
}

/** No extension is fetched from the network, and nothing is written beside the result. */
const SETTINGS = {
  ...COPY_SETTINGS,
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
  temp_directory: '',
}

function work({ DuckDBInstance }: typeof duckdb, ndjson: string, parquet: string): ParquetWork {
  let connection: duckdb.DuckDBConnection | undefined
  let isStopped = false
  const run = async (): Promise<number> => {
    const instance = await DuckDBInstance.create(':memory:', SETTINGS)
    try {
      connection = await instance.connect()
      if (isStopped) throw new Error('stopped')
      const { rowsChanged } = await connection.run(copyToParquet(ndjson, parquet))
      return rowsChanged
    } catch (error) {
      throw new InputError(`--to parquet: DuckDB could not make the file: ${sentenceOf(error).split('\n', 1)[0]}`)
    } finally {
      connection?.closeSync()
      connection = undefined
      instance.closeSync()
    }
  }
  return {
    rows: run(),
    stop() {
      isStopped = true
      connection?.interrupt()
    },
  }
}
